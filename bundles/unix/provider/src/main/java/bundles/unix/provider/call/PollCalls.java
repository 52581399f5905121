package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** poll(2) and select(2) and what is like them. */
final class PollCalls {

    private static final String MISSING = "the console counts as ready";
    private static final int POLLIN = 1, POLLOUT = 4, POLLNVAL = 0x20, POLLRDNORM = 0x40, POLLWRNORM = 0x100;
    private static final long FOR_EVER = Long.MAX_VALUE;

    private PollCalls() {}

    static List<Call> calls() {
        return List.of(partly(94, "poll", "xdd", MISSING, (p, c) -> {
            long timeout = (int) c.argument(2);
            return poll(p, c, timeout < 0 ? FOR_EVER : timeout * 1_000_000);
        }), partly(464, "ppoll", "xdxxd", MISSING + "; the mask is not applied",
                (p, c) -> poll(p, c, timespec(p, c, 2))),
                partly(358, "select", "dxxxx", MISSING, (p, c) -> select(p, c, timeval(p, c))), partly(463, "pselect6",
                        "dxxxxx", MISSING + "; the mask is not applied", (p, c) -> select(p, c, timespec(p, c, 4))));
    }

    private static long timespec(UnixThread thread, UserContext context, int argument) throws ErrnoException {
        return context.argument(argument) == 0
                ? FOR_EVER
                : TimeCalls.duration(thread.memory().read(context.argument(argument), 16));
    }

    private static long timeval(UnixThread thread, UserContext context) throws ErrnoException {
        if (context.argument(4) == 0) {
            return FOR_EVER;
        }
        ByteBuffer timeval = thread.memory().read(context.argument(4), 16);
        long seconds = timeval.getLong(0);
        long microseconds = timeval.getLong(8);
        if (seconds < 0 || microseconds < 0) {
            throw Errno.EINVAL.exception();
        }
        // What is longer than there are nanoseconds to count it is for ever.
        boolean endless = seconds > FOR_EVER / 2_000_000_000 || microseconds > FOR_EVER / 2000;
        return endless ? FOR_EVER : seconds * 1_000_000_000 + microseconds * 1000;
    }

    private static long poll(UnixThread thread, UserContext context, long timeout)
            throws ErrnoException, IOException {
        long count = context.argument(1);
        if (count < 0 || count > thread.limits().soft(6)) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer polls = thread.memory().read(context.argument(0), (int) count * 8);
        int ready = 0;
        for (int i = 0; i < count; i++) {
            int descriptor = polls.getInt(8 * i);
            int found = descriptor < 0 ? 0 : events(thread, descriptor, polls.getShort(8 * i + 4));
            polls.putShort(8 * i + 6, (short) found);
            ready += found != 0 ? 1 : 0;
        }
        if (ready == 0) {
            // Nothing that could become ready is anybody else's, so only time or a signal ends this.
            pause(thread, timeout);
        }
        thread.memory().write(context.argument(0), polls);
        return ready;
    }

    private static int events(UnixThread thread, int descriptor, int wanted) {
        try {
            OpenFile file = thread.file(descriptor);
            return wanted
                    & ((file.readable() ? POLLIN | POLLRDNORM : 0) | (file.writable() ? POLLOUT | POLLWRNORM : 0));
        } catch (ErrnoException e) {
            return POLLNVAL;
        }
    }

    private static long select(UnixThread thread, UserContext context, long timeout)
            throws ErrnoException, IOException {
        long count = context.argument(0);
        if (count < 0 || count > 1024 || timeout < 0) {
            throw Errno.EINVAL.exception();
        }
        int bytes = (int) (count + 63) / 64 * 8;
        int ready = 0;
        ByteBuffer[] sets = new ByteBuffer[3];
        for (int set = 0; set < 3; set++) {
            if (context.argument(1 + set) != 0) {
                sets[set] = thread.memory().read(context.argument(1 + set), bytes);
                ready += keepReady(thread, sets[set], (int) count, set);
            }
        }
        if (ready == 0) {
            pause(thread, timeout);
        }
        for (int set = 0; set < 3; set++) {
            if (sets[set] != null) {
                thread.memory().write(context.argument(1 + set), sets[set]);
            }
        }
        return ready;
    }

    /** Removes what is not ready from a set; answers how many are left. */
    private static int keepReady(UnixThread thread, ByteBuffer set, int count, int kind) throws ErrnoException {
        int ready = 0;
        for (int descriptor = 0; descriptor < count; descriptor++) {
            int at = descriptor / 8;
            int bit = 1 << descriptor % 8;
            if ((set.get(at) & bit) == 0) {
                continue;
            }
            OpenFile file = thread.file(descriptor);
            if (kind == 0 && file.readable() || kind == 1 && file.writable()) {
                ready++;
            } else {
                set.put(at, (byte) (set.get(at) & ~bit));
            }
        }
        return ready;
    }

    private static void pause(UnixThread thread, long timeout) throws ErrnoException, IOException {
        if (timeout > 0) {
            try {
                TimeCalls.pause(thread, timeout);
            } catch (ErrnoException e) {
                throw Errno.EINTR.exception();
            }
        }
    }
}
