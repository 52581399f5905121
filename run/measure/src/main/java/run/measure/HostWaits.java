package run.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds out how long threads of a process that could run waited for a processor of the host: Linux tells the sum for each
 * thread (the second number of {@code /proc/PID/task/TID/schedstat}), and this looks often enough to see each longer wait by
 * itself. So what the host did to a program can be told from what the program did. A thread of its own looks from the making of
 * an object until it is closed.
 */
public final class HostWaits implements AutoCloseable {

    private static final long PERIOD_MILLIS = 2;
    private static final int LOOKS_PER_LISTING = 50;
    private static final long WORTH_NOTING = 500_000;

    /**
     * A wait, or some within two milliseconds, of one thread.
     *
     * @param seen when it was seen to be over, by {@link System#nanoTime}; it was so at most two milliseconds before, if the host let
     *            this look
     * @param nanoseconds how long it was
     */
    public record Wait(long seen, long nanoseconds) {}

    private final HostThreads threads;
    private final Map<Path, HostThread> known = new HashMap<>();
    private final List<Wait> waits = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;
    private volatile long longest = -1;

    /**
     * Begins.
     *
     * @param process its id, or {@code self}
     * @param prefix of the names of the threads that count
     */
    public HostWaits(String process, String prefix) {
        threads = new HostThreads(process, prefix);
        thread = Thread.ofPlatform().daemon().name("host-waits").start(this::look);
    }

    private void look() {
        try {
            for (long looks = 0; !over; looks++) {
                if (looks % LOOKS_PER_LISTING == 0) {
                    list();
                }
                again();
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (IOException e) {
            over = true; // the process has ended, or the host is no Linux
        } catch (InterruptedException e) {
            over = true;
        } finally {
            known.values().forEach(HostWaits::forget);
        }
    }

    private void list() throws IOException {
        for (Path task : threads.list()) {
            if (!known.containsKey(task)) {
                try {
                    known.put(task, new HostThread(task));
                    longest = Math.max(longest, 0);
                } catch (IOException e) {
                    continue; // it has ended meanwhile
                }
            }
        }
    }

    private void again() {
        for (Iterator<HostThread> all = known.values().iterator(); all.hasNext();) {
            HostThread one = all.next();
            try {
                long waited = one.again();
                longest = Math.max(longest, waited);
                if (waited > WORTH_NOTING) {
                    note(new Wait(System.nanoTime(), waited));
                }
            } catch (IOException e) {
                forget(one);
                all.remove();
            }
        }
    }

    private static void forget(HostThread thread) {
        try {
            thread.close();
        } catch (IOException e) {
            return; // nothing was written
        }
    }

    private void note(Wait wait) {
        synchronized (waits) {
            waits.add(wait);
        }
    }

    /** The longest wait so far in milliseconds, all waits of one thread within two milliseconds as one; none if nothing is known. */
    public Samples longest() {
        return longest < 0 ? Samples.none() : new Samples(List.of(longest / 1e6));
    }

    /** Waits of more than half a millisecond so far, as they ended. */
    public List<Wait> waits() {
        synchronized (waits) {
            return List.copyOf(waits);
        }
    }

    /** Ends. */
    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
