package run.measure.soak.dispatch;

import java.util.concurrent.atomic.AtomicLong;
import run.measure.soak.Failures;

/** Does the same thing again and again until it is told to stop. Runs in one strand. */
abstract class Actor implements Runnable {

    /** After so many failures it stops: they are most likely the same one, and others are to be heard too. */
    private static final int PERSISTENT = 2;

    private final String counted;
    private final Failures failures;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean enough;

    /** @param counted what is counted, one word */
    Actor(String counted, Failures failures) {
        this.counted = counted;
        this.failures = failures;
    }

    /** Does it some times. @return how many */
    abstract long act() throws InterruptedException;

    @Override
    public final void run() {
        try {
            while (!enough) {
                done.setOpaque(done.getPlain() + act());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fail("ended by " + e + " at " + (e.getStackTrace().length > 0 ? e.getStackTrace()[0] : "?"));
        }
    }

    final void fail(String text) {
        if (failed.incrementAndGet() >= PERSISTENT) {
            enough = true;
        }
        failures.add(getClass().getSimpleName() + ": " + text);
    }

    final void expect(boolean right, String otherwise) {
        if (!right) {
            fail(otherwise);
        }
    }

    final String counted() {
        return counted;
    }

    final long done() {
        return done.getOpaque();
    }

    final void stop() {
        enough = true;
    }
}
