package run.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * How much of the host's processors threads of a process had in a while: so what the host gave to others can be told from what a
 * program made of the rest. For one thread.
 */
public final class HostTime {

    private final HostThreads threads;
    private final Map<Path, Long> before = new HashMap<>();
    private final long start = System.nanoTime();

    /**
     * The while begins.
     *
     * @param process its id, or {@code self}
     * @param prefix of the names of the threads that count
     */
    public HostTime(String process, String prefix) {
        threads = new HostThreads(process, prefix);
        try {
            threads.list().forEach(thread -> before.put(thread, HostThreads.ran(thread, 0)));
        } catch (IOException e) {
            before.clear(); // nothing is known, now or later
        }
    }

    /** Processors that they have had together since then, on the average; 0 if nothing is known. */
    public double processors() {
        long now = System.nanoTime();
        long ran = 0;
        try {
            for (Path thread : threads.list()) {
                long then = before.getOrDefault(thread, 0L);
                ran += HostThreads.ran(thread, then) - then;
            }
        } catch (IOException e) {
            return 0;
        }
        return (double) ran / (now - start);
    }
}
