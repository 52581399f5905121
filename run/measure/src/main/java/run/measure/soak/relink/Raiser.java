package run.measure.soak.relink;

import java.util.concurrent.atomic.AtomicLong;
import run.measure.soak.Failures;

/** Raises the event again and again and judges each raise. */
final class Raiser implements Runnable {

    private final Visit event;
    private final History history;
    private final Failures failures;
    private final AtomicLong done = new AtomicLong();
    private volatile boolean enough;

    Raiser(Visit event, History history, Failures failures) {
        this.event = event;
        this.history = history;
        this.failures = failures;
    }

    @Override
    public void run() {
        Trace trace = new Trace();
        for (long number = 1; !enough; number++) {
            trace.begin();
            long from = history.settled();
            try {
                long result = event.visit(number, trace);
                String wrong = history.wrong(from, number, trace, result);
                if (wrong != null) {
                    failures.add(wrong);
                }
            } catch (RuntimeException | Error e) {
                failures.add("raise " + number + " is lost: " + e);
            }
            done.setPlain(number);
            if ((number & 1023) == 0) {
                Thread.yield(); // a virtual thread that never waits keeps the others from its carrier
            }
        }
    }

    /** How many raises have ended. */
    long done() {
        return done.getOpaque();
    }

    void stop() {
        enough = true;
    }
}
