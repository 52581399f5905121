package kernel.ext.net.am;

import java.util.concurrent.atomic.AtomicReferenceArray;
import kernel.ext.net.api.ActiveMessage;

/** A node without a dispatcher, for a plain Java program: a table. Thread-safe. */
public final class PlainNode implements AmNode {

    private final AtomicReferenceArray<ActiveMessage> handlers = new AtomicReferenceArray<>(1 << 16);

    /** An empty one. */
    public PlainNode() {}

    @Override
    public ActiveMessage receive() {
        return (message, handler, count, now) -> {
            ActiveMessage receive = handlers.get(handler);
            return receive != null && receive.received(message, handler, count, now);
        };
    }

    @Override
    public Runnable bind(int handler, String name, ActiveMessage receive) {
        handlers.set(handler, receive);
        return () -> handlers.compareAndSet(handler, receive, null);
    }
}
