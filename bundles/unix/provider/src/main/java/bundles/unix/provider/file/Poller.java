package bundles.unix.provider.file;

import java.util.concurrent.TimeUnit;

/** Lets a strand wait until one of several files may have become ready. The monitor guards it. */
public final class Poller implements Runnable {

    private boolean woken;

    /** Something has changed: who waits looks again. Any strand. */
    @Override
    public synchronized void run() {
        woken = true;
        notifyAll();
    }

    /**
     * Waits until something has changed since the last wait.
     *
     * @param nanoseconds how long at most
     * @throws InterruptedException the strand was interrupted
     */
    public synchronized void await(long nanoseconds) throws InterruptedException {
        if (!woken && nanoseconds > 0) {
            // Early returns do no harm: who waits looks, and waits again.
            wait(TimeUnit.NANOSECONDS.toMillis(nanoseconds), (int) (nanoseconds % 1_000_000));
        }
        woken = false;
    }
}
