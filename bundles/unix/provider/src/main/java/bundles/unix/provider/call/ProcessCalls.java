package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls about the process: getrlimit(2), prlimit(2), prctl(2). */
final class ProcessCalls {

    private static final int PR_GET_DUMPABLE = 3, PR_SET_DUMPABLE = 4, PR_SET_NAME = 15, PR_GET_NAME = 16;
    private static final int NAME = 16;

    private ProcessCalls() {}

    static List<Call> calls() {
        return List.of(
                full(144, "getrlimit", "dx",
                        (t, c) -> getLimit(t, t.process(), c.argument(0), c.argument(1), Long.MAX_VALUE)),
                partly(145, "setrlimit", "dx",
                        "enforced are: processor time, size of files, open files, threads, address space, data, locked memory; later programs' stack",
                        (t, c) -> setLimit(t, c.argument(0), c.argument(1))),
                partly(496, "prlimit64", "ddxx",
                        "enforced are: processor time, size of files, open files, threads, address space, data, locked memory; later programs' stack",
                        ProcessCalls::prlimit),
                partly(348, "prctl", "dxxxx", "the name only", ProcessCalls::prctl));
    }

    private static int resource(long number) throws ErrnoException {
        if (number < 0 || number >= ResourceLimits.COUNT) {
            throw Errno.EINVAL.exception();
        }
        return (int) number;
    }

    /** Tells a limit. @param infinity what stands for none */
    private static long getLimit(UnixThread thread, UnixProcess of, long number, long to, long infinity)
            throws ErrnoException {
        int resource = resource(number);
        long soft = of.limits().soft(resource);
        long hard = of.limits().hard(resource);
        thread.memory().write(to, UserMemory.struct(16).putLong(soft == Long.MAX_VALUE ? infinity : soft)
                .putLong(hard == Long.MAX_VALUE ? infinity : hard));
        return 0;
    }

    private static long setLimit(UnixThread thread, long number, long from) throws ErrnoException {
        ByteBuffer limit = thread.memory().read(from, 16);
        thread.limits().set(resource(number), limit.getLong(), limit.getLong());
        return 0;
    }

    private static long prlimit(UnixThread thread, UserContext context) throws ErrnoException {
        int id = (int) context.argument(0);
        UnixProcess of = id == 0 ? thread.process() : thread.kernel().table().find(id);
        if (of == null) {
            throw Errno.ESRCH.exception();
        }
        // Both may be the same place: the new limit is read before the old one is written.
        ByteBuffer limit = context.argument(2) == 0 ? null : thread.memory().read(context.argument(2), 16);
        int resource = resource(context.argument(1));
        if (context.argument(3) != 0) {
            // RLIM64_INFINITY is all ones, RLIM_INFINITY of the Alpha is not.
            getLimit(thread, of, resource, context.argument(3), -1);
        }
        if (limit != null) {
            of.limits().set(resource, limit.getLong() & Long.MAX_VALUE, limit.getLong() & Long.MAX_VALUE);
        }
        return 0;
    }

    private static long prctl(UnixThread thread, UserContext context) throws ErrnoException {
        UnixProcess process = thread.process();
        switch ((int) context.argument(0)) {
            case PR_GET_DUMPABLE -> {
                return 1;
            }
            case PR_SET_DUMPABLE -> {
                return 0;
            }
            case PR_SET_NAME -> {
                byte[] name = new byte[NAME];
                for (int i = 0; i < NAME - 1; i++) {
                    thread.memory().read(context.argument(1) + i, name, i, 1);
                    if (name[i] == 0) {
                        break;
                    }
                }
                String text = new String(name, StandardCharsets.UTF_8);
                process.setProgram(process.program().named(text.substring(0, text.indexOf('\0'))));
            }
            case PR_GET_NAME -> {
                byte[] name = process.program().name().getBytes(StandardCharsets.UTF_8);
                thread.memory().write(context.argument(1), Arrays.copyOf(name, NAME), 0, NAME);
            }
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }
}
