package bundles.policies.record;

import bundles.policies.record.Call.Write;
import bundles.unix.api.Process;
import bundles.unix.api.ProgramStart.Values;
import bundles.unix.api.UserThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.machine.UserContext;
import kernel.core.machine.UserWrites;

/**
 * Records the first program that starts, and the processes that come of it.
 *
 * <p>Concurrency: what belongs to a thread is used in its strand alone. Members are in a concurrent map, the file has a monitor, a process's
 * streams have one; nothing is called with one of them held. A disk that is full ends the record, not the program.
 */
final class Recorder {

    private static final System.Logger LOG = System.getLogger("record");
    private static final int ENOSYS = 78;
    private static final long MOST_BEFORE = 1 << 20;
    private static final int LONGEST_PART = 1 << 16;

    /** A process that is recorded. */
    private static final class Member {
        private final Streams streams;
        /** As it was when the process began to make another one. */
        private volatile Streams forChild;

        private Member(Streams streams) {
            this.streams = streams;
            this.forChild = streams;
        }
    }

    /** What a call in progress has written; and what the next program of the thread's process was given. */
    private static final class Progress implements UserWrites {
        private final List<Write> writes = new ArrayList<>();

        @Override
        public void written(long address, byte[] from, int offset, int length) {
            writes.add(new Write(Call.ABSOLUTE, address, Arrays.copyOfRange(from, offset, offset + length)));
        }
    }

    private final Kinds kinds;
    private final RecordFile.Writer file;
    private final Map<Process, Member> members = new ConcurrentHashMap<>();
    private final Map<Integer, Process> byId = new ConcurrentHashMap<>();
    private final Map<UserContext, Progress> progress = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<Integer, Values> starting = new ConcurrentHashMap<>();
    private volatile int root;
    private volatile boolean closed;

    Recorder(Kinds kinds, RecordFile.Writer file) {
        this.kinds = kinds;
        this.file = file;
    }

    /** A program is given what was asked for; if it is recorded, that is noted. */
    Values start(int process, Values values) {
        if (root == 0) {
            synchronized (this) {
                if (root == 0) {
                    root = process;
                    try {
                        file.start(process, values);
                    } catch (IOException e) {
                        fails(e);
                    }
                    return values;
                }
            }
        }
        if (byId.containsKey(process)) {
            starting.put(process, values); // noted when nothing can keep it from running any more
        }
        return values;
    }

    private Member member(UserContext context) {
        Process process = Process.of(context);
        if (closed || process == null) {
            return null;
        }
        Member known = members.get(process);
        if (known != null) {
            return known;
        }
        Process parent = byId.get(process.parent());
        if (parent == null && process.id() != root) {
            return null;
        }
        byId.put(process.id(), process);
        return members.computeIfAbsent(process,
                first -> new Member(parent == null ? Streams.first() : members.get(parent).forChild.copy()));
    }

    /** Guard: whether a call is to look as if there were no such call, because what it moves would not pass through memory. */
    boolean refuses(UserContext context, int number) {
        int target = switch (kinds.name(number)) {
            case "sendfile" -> 0;
            case "copy_file_range", "splice" -> 2;
            default -> -1;
        };
        Member member = target < 0 ? null : member(context);
        return member != null && member.streams.of(context.argument(target)) != Call.NO_STREAM;
    }

    /** Serves a call that is refused. */
    void refuse(UserContext context, int number) {
        context.fail(ENOSYS);
        try {
            note(context, number, Call.NO_STREAM, List.of());
        } catch (IOException e) {
            fails(e);
        }
    }

    private void note(UserContext context, int number, int stream, List<Write> writes) throws IOException {
        int process = Process.of(context).id();
        int thread = context.owner() instanceof UserThread own ? own.id() : process;
        file.call(new Call(0, process, thread, number, context.failed(), context.result(), stream, writes));
    }

    /** A call begins. */
    void before(UserContext context, int number) {
        Member member = member(context);
        if (member == null || kinds.of(context, number) == Kinds.Kind.OWN) {
            return;
        }
        if (kinds.makes(number)) {
            member.forChild = member.streams.copy();
        }
        var watch = new Progress();
        progress.put(context, watch);
        context.observeWrites(watch);
    }

    /** A call has ended. */
    void after(UserContext context, int number) {
        Progress watch = progress.remove(context);
        if (watch == null) {
            return;
        }
        context.observeWrites(null);
        Member member = member(context);
        if (member == null) {
            return;
        }
        Process process = Process.of(context);
        String name = kinds.name(number);
        int stream = writes(name) ? member.streams.of(context.argument(0)) : Call.NO_STREAM;
        List<Write> writes = name.equals("mmap") && !context.failed() ? mapped(context) : placed(context, watch);
        try {
            Values values = starting.remove(process.id());
            if (values != null && name.equals("execve") && !context.failed()) {
                file.start(process.id(), values);
            }
            note(context, number, stream, writes);
        } catch (IOException e) {
            fails(e);
        }
        if (!context.failed()) {
            member.streams.done(name, context.result(), context.argument(0), context.argument(1),
                    context.argument(2));
        }
    }

    private static boolean writes(String name) {
        return name.equals("write") || name.equals("writev") || name.equals("pwrite64");
    }

    /** The writes, each with the argument that points to it, so that they are found where memory is laid out otherwise. */
    private static List<Write> placed(UserContext context, Progress watch) {
        List<Write> placed = new ArrayList<>();
        for (Write write : watch.writes) {
            int best = Call.ABSOLUTE;
            long least = MOST_BEFORE;
            for (int i = 0; i < 6; i++) {
                long before = write.offset() - context.argument(i);
                if (before >= 0 && before < least) {
                    best = i;
                    least = before;
                }
            }
            placed.add(best == Call.ABSOLUTE ? write : new Write(best, least, write.bytes()));
        }
        return List.copyOf(placed);
    }

    /** What a file has where it was mapped. */
    private static List<Write> mapped(UserContext context) {
        List<Write> writes = new ArrayList<>();
        long length = context.argument(1);
        for (long at = 0; at < length;) {
            byte[] part = new byte[(int) Math.min(LONGEST_PART, length - at)];
            int got = context.copyIn(context.result() + at, part, 0, part.length);
            writes.add(new Write(Call.ABSOLUTE, at, Arrays.copyOf(part, got)));
            at += got;
            if (got < part.length) {
                break; // the file ends there
            }
        }
        return writes;
    }

    private void fails(IOException e) {
        if (!closed) {
            closed = true;
            LOG.log(System.Logger.Level.ERROR,
                    "the record ends here, for its file cannot be written: {0}: the program goes on", e.getMessage());
        }
    }

    /** Ends the record; programs go on. */
    void close() throws IOException {
        closed = true;
        List.copyOf(progress.keySet()).forEach(context -> context.observeWrites(null));
        for (Process process : members.keySet()) {
            if (process.ended() && process.killedBy() != 0) {
                file.killed(process.id(), process.killedBy());
            }
        }
        file.close();
    }
}
