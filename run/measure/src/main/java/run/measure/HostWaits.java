package run.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
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

    private final Path tasks;
    private final String prefix;
    private final Map<Path, Long> waited = new HashMap<>();
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
        tasks = Path.of("/proc", process, "task");
        this.prefix = prefix;
        thread = Thread.ofPlatform().daemon().name("host-waits").start(this::look);
    }

    private void look() {
        for (long looks = 0; !over; looks++) {
            try {
                if (looks % LOOKS_PER_LISTING == 0) {
                    list();
                }
                waited.replaceAll(this::again);
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            } catch (IOException e) {
                return; // the process has ended, or the host is no Linux
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void list() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (!waited.containsKey(task) && nameOf(task).startsWith(prefix)) {
                    waited.put(task, read(task, -1));
                    longest = Math.max(longest, 0);
                }
            }
        }
    }

    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** Nanoseconds that a thread has waited so far; what was known before if it has ended. */
    private static long read(Path task, long before) {
        try {
            return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[1]);
        } catch (IOException | RuntimeException e) {
            return before;
        }
    }

    private long again(Path task, long before) {
        long now = read(task, before);
        if (before >= 0) {
            longest = Math.max(longest, now - before);
        }
        return now;
    }

    /** The longest wait so far in milliseconds, all waits of one thread within two milliseconds as one; none if nothing is known. */
    public Samples longest() {
        return longest < 0 ? Samples.none() : new Samples(List.of(longest / 1e6));
    }

    /** Ends. */
    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
