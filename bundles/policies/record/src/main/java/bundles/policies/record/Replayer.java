package bundles.policies.record;

import bundles.policies.record.Call.Write;
import bundles.unix.api.Process;
import bundles.unix.api.ProgramStart.Values;
import bundles.unix.api.UserThread;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.WeakHashMap;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;

/**
 * Gives the first program that starts, and the processes that come of it, what a record says. A thread has its own calls in the record, so
 * threads may come to them in another order than then; only what different processes write to standard streams keeps its order.
 *
 * <p>Concurrency: what belongs to a thread is used in its strand alone; {@link Family} says whose is whose and in what order they write.
 */
final class Replayer {

    private static final System.Logger LOG = System.getLogger("record");
    private static final int SIGKILL = 9, SIGPIPE = 13, EINTR = 4, EPIPE = 32;
    private static final int WNOHANG = 1, P_PID = 1, PROT_WRITE = 2, MAP_SHARED = 1, MAP_PRIVATE = 2,
            MAP_ANONYMOUS = 0x10;
    private static final int NOBODY = Integer.MAX_VALUE;
    /** Where a {@code siginfo_t} has the process. */
    private static final int SIGINFO_PROCESS = 16;

    /** A thread. */
    private static final class Progress {
        private final Deque<Call> calls;
        private final int process;
        /** The call that is being served. */
        private Call current;
        private final long[] arguments = new long[6];
        private int answered;

        private Progress(Deque<Call> calls, int process) {
            this.calls = calls;
            this.process = process;
        }

        /** Remembers what the program asked for, which is changed for who serves it. */
        private long[] arguments(UserContext context) {
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = context.argument(i);
            }
            return arguments;
        }
    }

    private final Kinds kinds;
    private final Syscall syscalls;
    private final RecordFile.Contents record;
    private final Family family;
    private final Map<UserContext, Progress> threads = Collections.synchronizedMap(new WeakHashMap<>());

    Replayer(Kinds kinds, Syscall syscalls, RecordFile.Contents record) {
        this.kinds = kinds;
        this.syscalls = syscalls;
        this.record = record;
        family = new Family(record);
    }

    /** A program is given what it was given then. */
    Values start(int process, Values asked) {
        Deque<Values> starts = record.starts().get(family.begins(process));
        Values then = starts == null ? null : starts.poll();
        return then == null ? asked : then;
    }

    private Progress progress(UserContext context) {
        Progress known = threads.get(context);
        if (known != null) {
            return known;
        }
        if (!(context.owner() instanceof UserThread thread)) {
            return null;
        }
        Family.Born born = family.find(thread);
        if (born == null) {
            return null;
        }
        var made = new Progress(record.calls().getOrDefault(born.thread(), new ArrayDeque<>()), born.process());
        threads.put(context, made);
        // What another has noted for this thread, such as its own id, has its id of this run.
        if (born.idAt() != 0) {
            context.copyOut(born.idAt(), littleEndian(born.thread()), 0, Integer.BYTES);
        }
        return made;
    }

    private static byte[] littleEndian(int value) {
        return new byte[]{(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }

    /** Guard: whether a call is answered here, and not served. */
    boolean answers(UserContext context, int number) {
        Progress progress = progress(context);
        if (progress == null || progress.current != null || kinds.of(context, number) == Kinds.Kind.OWN) {
            return false;
        }
        Call next = progress.calls.peek();
        return next == null || next.number() != number || !kinds.served(next);
    }

    /** Answers a call. */
    void answer(UserContext context, int number) {
        Progress progress = progress(context);
        Process process = Process.of(context);
        Call call = progress.calls.peek();
        if (call == null) {
            context.fail(EINTR);
            process.signal(record.signals().getOrDefault(progress.process, SIGKILL));
            if (!record.signals().containsKey(progress.process)) {
                LOG.log(System.Logger.Level.WARNING, "the record of process {0} ({1}) ends at its call of {2}, and so"
                        + " does the process", Integer.toString(process.id()), process.command(), kinds.name(number));
            }
            return;
        }
        if (call.number() != number) {
            diverged(context, progress, call, kinds.name(number));
            return;
        }
        progress.calls.remove();
        progress.answered++;
        family.awaitTurn(call);
        apply(context, call, progress.arguments(context));
        family.done(call);
        finish(context, call, call.result());
        if (call.failed() && call.result() == EPIPE && kinds.name(number).startsWith("write")) {
            process.signal(SIGPIPE);
        }
    }

    private void diverged(UserContext context, Progress progress, Call call, String wanted) {
        Process process = Process.of(context);
        LOG.log(System.Logger.Level.ERROR,
                "process {0} ({1}) goes another way than when it was recorded: after {2} calls it makes {3} where it made {4}"
                        + " then: the program, or what it is given, is another; it is killed",
                Integer.toString(process.id()), process.command(), Integer.toString(progress.answered), wanted,
                kinds.name(call.number()));
        family.leaves(progress.process);
        context.fail(EINTR);
        process.signal(SIGKILL);
    }

    /** Prepares a call that is served. */
    void before(UserContext context, int number) {
        Progress progress = progress(context);
        if (progress == null || progress.current != null || kinds.of(context, number) == Kinds.Kind.OWN) {
            return;
        }
        Call call = progress.calls.remove();
        progress.arguments(context);
        progress.current = call;
        progress.answered++;
        String name = kinds.name(number);
        switch (name) {
            case "clone", "fork", "vfork" -> family.bears(Process.of(context), call, name.equals("clone")
                    ? new Family.Request(context.argument(0), context.argument(3))
                    : new Family.Request(0, 0));
            case "wait4" -> {
                context.setArgument(0, family.present((int) call.result(), NOBODY));
                context.setArgument(2, context.argument(2) & ~WNOHANG);
            }
            case "waitid" -> {
                int child = call.writes().isEmpty() ? 0 : word(call.writes().getFirst().bytes(), SIGINFO_PROCESS);
                context.setArgument(0, P_PID);
                context.setArgument(1, family.present(child, NOBODY));
                context.setArgument(3, context.argument(3) & ~WNOHANG);
            }
            case "kill", "tkill", "rt_sigqueueinfo" -> target(context, 0, 1);
            case "tgkill" -> {
                target(context, 0, 2);
                target(context, 1, 2);
            }
            case "setpgid" -> {
                target(context, 0, -1);
                target(context, 1, -1);
            }
            case "mmap" -> {
                context.setArgument(2, context.argument(2) | PROT_WRITE);
                context.setArgument(3, context.argument(3) & ~MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS);
                context.setArgument(4, -1);
                context.setArgument(5, 0);
            }
            default -> {
                if (call.stream() != Call.NO_STREAM) {
                    family.awaitTurn(call);
                    context.setArgument(0, call.stream());
                    if (name.equals("write")) {
                        context.setArgument(2, call.result());
                    }
                }
            }
        }
    }

    /** Names a process as it is called now; if there is none such here, nobody gets a signal. */
    private void target(UserContext context, int argument, int signal) {
        int then = (int) context.argument(argument);
        if (then == 0 || then == -1) {
            return;
        }
        int now = family.present(Math.abs(then), NOBODY);
        context.setArgument(argument, then < 0 ? -(long) now : now);
        if (now == NOBODY && signal >= 0) {
            context.setArgument(signal, 0);
        }
    }

    private static int word(byte[] bytes, int at) {
        return bytes.length < at + Integer.BYTES
                ? 0
                : bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }

    /** A call has been served. */
    void after(UserContext context, int number) {
        Progress progress = threads.get(context);
        if (progress == null || progress.current == null || progress.current.number() != number) {
            return;
        }
        Call call = progress.current;
        String name = kinds.name(number);
        if (name.equals("execve")) {
            progress.current = null;
            if (context.failed()) {
                diverged(context, progress, call, "execve, in vain: error " + context.result());
            }
            return;
        }
        long result = call.result();
        boolean done = !context.failed();
        if (done && kinds.makes(number)) {
            family.born(Process.of(context), (int) context.result(), call);
        } else if (done && name.equals("mmap")) {
            result = context.result();
            fill(context, call, result, progress.arguments);
        }
        if (!name.equals("mmap")) {
            apply(context, call, progress.arguments);
        }
        family.done(call);
        progress.current = null;
        if (!done && (kinds.makes(number) || name.equals("mmap"))) {
            diverged(context, progress, call, name + ", in vain: error " + context.result());
            return;
        }
        finish(context, call, result);
    }

    /** Puts what a file had into memory in its place, and sets the protection that was asked for. */
    private void fill(UserContext context, Call call, long address, long[] arguments) {
        for (Write write : call.writes()) {
            context.copyOut(address + write.offset(), write.bytes(), 0, write.bytes().length);
        }
        if ((arguments[2] & PROT_WRITE) == 0) {
            context.setArgument(0, address);
            context.setArgument(1, arguments[1]);
            context.setArgument(2, arguments[2]);
            syscalls.syscall(context, kinds.number("mprotect"));
        }
    }

    private static void apply(UserContext context, Call call, long[] arguments) {
        for (Write write : call.writes()) {
            long base = write.argument() == Call.ABSOLUTE ? 0 : arguments[write.argument()];
            context.copyOut(base + write.offset(), write.bytes(), 0, write.bytes().length);
        }
    }

    private static void finish(UserContext context, Call call, long result) {
        if (call.failed()) {
            context.fail((int) call.result());
        } else {
            context.succeed(result);
        }
    }
}
