package kernel.ext.net.atm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.ext.net.api.AtmReceive;

/** A node without a dispatcher, for a plain Java program: a table. Thread-safe. */
public final class PlainNode implements AtmNode {

    private final Map<Integer, AtmReceive> handlers = new ConcurrentHashMap<>();

    /** An empty one. */
    public PlainNode() {}

    @Override
    public AtmReceive receive() {
        return (packet, circuit, now) -> {
            AtmReceive handler = handlers.get(circuit);
            return handler != null && handler.received(packet, circuit, now);
        };
    }

    @Override
    public Runnable bind(int circuit, String name, AtmReceive handler) {
        handlers.put(circuit, handler);
        return () -> handlers.remove(circuit, handler);
    }
}
