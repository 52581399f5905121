package kernel.ext.net.am;

import kernel.ext.net.api.ActiveMessage;

/** The node of messages, to be raised, and the way to bind to it. Thread-safe. */
public interface AmNode {

    /** The node. */
    ActiveMessage receive();

    /** Binds to a handler's number; answers what takes the binding away again. */
    Runnable bind(int handler, String name, ActiveMessage receive);
}
