package kernel.ext.net.atm;

import kernel.ext.net.api.AtmReceive;

/** The node of packets from circuits, to be raised, and the way to bind to it. Thread-safe. */
public interface AtmNode {

    /** The node. */
    AtmReceive receive();

    /** Binds to a circuit; answers what takes the binding away again. */
    Runnable bind(int circuit, String name, AtmReceive handler);
}
