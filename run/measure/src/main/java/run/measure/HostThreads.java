package run.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Threads of a process, by name, and what Linux knows of how they were scheduled ({@code /proc/PID/task/TID/schedstat}; proc(5)).
 * Immutable.
 */
final class HostThreads {

    private final Path tasks;
    private final String prefix;

    /**
     * @param process its id, or {@code self}
     * @param prefix of the names of the threads that count
     */
    HostThreads(String process, String prefix) {
        tasks = Path.of("/proc", process, "task");
        this.prefix = prefix;
    }

    /**
     * Those that there are now.
     *
     * @throws IOException the process has ended, or the host is no Linux
     */
    List<Path> list() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (nameOf(task).startsWith(prefix)) {
                    found.add(task);
                }
            }
        }
        return found;
    }

    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** Nanoseconds that a thread has run so far. @param unknown the answer if it has ended */
    static long ran(Path thread, long unknown) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (IOException | RuntimeException e) {
            return unknown;
        }
    }
}
