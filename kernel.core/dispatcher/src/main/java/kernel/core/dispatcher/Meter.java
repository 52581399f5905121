package kernel.core.dispatcher;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import kernel.core.dispatch.Dispatcher.Count;
import kernel.core.dispatcher.link.Around;

/** Counts and times calls while somebody looks. Thread-safe. */
final class Meter implements Around {

    private final String event;
    private final String handler;
    private final LongAdder[] calls;
    private final LongAdder[] nanos;
    private final LongAccumulator[] longest;
    private final long began = System.nanoTime();

    /** For that many methods. */
    Meter(String event, String handler, int methods) {
        this.event = event;
        this.handler = handler;
        calls = new LongAdder[methods];
        nanos = new LongAdder[methods];
        longest = new LongAccumulator[methods];
        for (int i = 0; i < methods; i++) {
            calls[i] = new LongAdder();
            nanos[i] = new LongAdder();
            longest[i] = new LongAccumulator(Math::max, 0);
        }
    }

    @Override
    public long enter(int method) {
        calls[method].increment();
        return System.nanoTime();
    }

    @Override
    public void leave(int method, long entered) {
        long took = System.nanoTime() - entered;
        nanos[method].add(took);
        longest[method].accumulate(took);
        if (!handler.isEmpty()) {
            Recording.slow(event, handler, entered, took);
        }
    }

    @Override
    public Throwable failed(int method, long entered, Throwable failure) {
        leave(method, entered);
        return failure;
    }

    Count count(int method) {
        return new Count(calls[method].sum(), nanos[method].sum(), longest[method].get(), System.nanoTime() - began);
    }
}
