package bundles.policies.record;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which descriptors of a process are the standard streams that its first ancestor was given. Guarded by its monitor. */
final class Streams {

    private static final int F_DUPFD = 0, F_SETFD = 2, F_DUPFD_CLOEXEC = 1030;
    private static final long O_CLOEXEC = 0x200000;

    private final Map<Integer, Integer> streams = new HashMap<>();
    private final Set<Integer> closedByExec = new HashSet<>();

    private Streams() {}

    /** Of the first process. */
    static Streams first() {
        var streams = new Streams();
        for (int number = 0; number <= 2; number++) {
            streams.streams.put(number, number);
        }
        return streams;
    }

    synchronized Streams copy() {
        var copy = new Streams();
        copy.streams.putAll(streams);
        copy.closedByExec.addAll(closedByExec);
        return copy;
    }

    /** The standard stream of a descriptor, or {@link Call#NO_STREAM}. */
    synchronized int of(long descriptor) {
        return streams.getOrDefault((int) descriptor, Call.NO_STREAM);
    }

    /** A call has been done well. */
    synchronized void done(String name, long result, long first, long second, long third) {
        switch (name) {
            case "dup" -> same(first, result, false);
            case "dup2" -> same(first, second, false);
            case "dup3" -> same(first, second, (third & O_CLOEXEC) != 0);
            case "close" -> drop((int) first);
            case "close_range" -> streams.keySet().stream().filter(number -> number >= first && number <= second)
                    .toList().forEach(this::drop);
            case "fcntl" -> {
                if (second == F_DUPFD || second == F_DUPFD_CLOEXEC) {
                    same(first, result, second == F_DUPFD_CLOEXEC);
                } else if (second == F_SETFD && (third & 1) != 0) {
                    closedByExec.add((int) first);
                } else if (second == F_SETFD) {
                    closedByExec.remove((int) first);
                }
            }
            case "execve" -> Set.copyOf(closedByExec).forEach(this::drop);
            default -> {
            }
        }
    }

    private void same(long from, long to, boolean close) {
        if (from == to) {
            return;
        }
        int stream = of(from);
        drop((int) to);
        if (stream != Call.NO_STREAM) {
            streams.put((int) to, stream);
            if (close) {
                closedByExec.add((int) to);
            }
        }
    }

    private void drop(int descriptor) {
        streams.remove(descriptor);
        closedByExec.remove(descriptor);
    }
}
