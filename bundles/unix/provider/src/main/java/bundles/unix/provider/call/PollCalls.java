package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.Poller;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import kernel.core.machine.Clock;
import kernel.core.machine.UserContext;

/** poll(2) and select(2) and what is like them. */
final class PollCalls {

    private static final String MISSING = "the console counts as ready";
    private static final long FOR_EVER = Long.MAX_VALUE;
    /** How often files are looked at that do not tell when they become ready: the terminal of who asked for a program. */
    private static final long LOOK = 5_000_000;
    private static final int[] SELECT = {Events.READABLE, Events.WRITABLE, Events.PRIORITY};

    private PollCalls() {}

    static List<Call> calls() {
        return List.of(partly(94, "poll", "xdd", MISSING, (t, c) -> {
            long timeout = (int) c.argument(2);
            return poll(t, c, timeout < 0 ? FOR_EVER : timeout * 1_000_000);
        }), partly(464, "ppoll", "xdxxd", MISSING, (t, c) -> {
            long timeout = timespec(t, c, 2);
            return masked(t, c.argument(3), () -> poll(t, c, timeout));
        }), partly(358, "select", "dxxxx", MISSING, (t, c) -> select(t, c, timeval(t, c))),
                partly(93, "osf_select", "dxxxx", MISSING, (t, c) -> select(t, c, c.argument(4) == 0
                        ? FOR_EVER
                        : OsfCalls.timeval(t.memory().read(c.argument(4), 8)))),
                partly(463, "pselect6", "dxxxxx", MISSING, (t, c) -> {
                    long timeout = timespec(t, c, 4);
                    // The sixth argument is a pair of the mask's address and its size.
                    long mask = c.argument(5) == 0 ? 0 : t.memory().readLong(c.argument(5));
                    return masked(t, mask, () -> select(t, c, timeout));
                }));
    }

    /** Something that is done under another mask of signals. */
    @FunctionalInterface
    interface Body {
        /** Does it. */
        long run() throws ErrnoException, IOException;
    }

    /** Does something with other signals blocked; the mask stays until the handler of a signal that ends it returns. */
    static long masked(UnixThread thread, long maskAt, Body body) throws ErrnoException, IOException {
        if (maskAt == 0) {
            return body.run();
        }
        thread.signals().suspend(thread.memory().readLong(maskAt));
        boolean interrupted = false;
        try {
            return body.run();
        } catch (ErrnoException e) {
            interrupted = e.errno() == Errno.EINTR;
            throw e;
        } finally {
            if (!interrupted) {
                thread.signals().unsuspend();
            }
        }
    }

    /** What is asked until it answers more than 0. */
    @FunctionalInterface
    interface Look {
        /** Looks. */
        int look() throws ErrnoException;
    }

    /**
     * Looks at files, and again when they change, until something is found or the time is over.
     *
     * @param files what is looked at
     * @throws ErrnoException EINTR: a signal came; the call is not made again (signal(7))
     */
    static int await(UnixThread thread, List<OpenFile> files, long timeout, Look look)
            throws ErrnoException, IOException {
        int found = look.look();
        if (found > 0 || timeout == 0) {
            return found;
        }
        Clock clock = thread.kernel().clock();
        long start = clock.monotonicTime();
        boolean announced = files.stream().allMatch(OpenFile::announces);
        var poller = new Poller(clock);
        files.forEach(file -> file.watch(poller));
        try {
            return thread.signals().await(() -> {
                while (true) {
                    int now = look.look();
                    long left = timeout == FOR_EVER ? FOR_EVER : timeout - (clock.monotonicTime() - start);
                    if (now > 0 || left <= 0) {
                        return now;
                    }
                    poller.await(announced ? left : Math.min(left, LOOK));
                }
            });
        } catch (InterruptedCall e) {
            throw Errno.EINTR.exception();
        } finally {
            files.forEach(file -> file.unwatch(poller));
        }
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

    private static List<OpenFile> files(UnixThread thread, ByteBuffer polls, int count) {
        List<OpenFile> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OpenFile file = null;
            try {
                file = polls.getInt(8 * i) < 0 ? null : thread.file(polls.getInt(8 * i));
            } catch (ErrnoException e) {
                // What is not open is told as such.
            }
            files.add(file);
        }
        return files;
    }

    private static long poll(UnixThread thread, UserContext context, long timeout)
            throws ErrnoException, IOException {
        long count = context.argument(1);
        if (count < 0 || count > thread.limits().soft(6)) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer polls = thread.memory().read(context.argument(0), (int) count * 8);
        List<OpenFile> files = files(thread, polls, (int) count);
        int ready = await(thread, files.stream().filter(Objects::nonNull).toList(), timeout, () -> {
            int found = 0;
            for (int i = 0; i < count; i++) {
                OpenFile file = files.get(i);
                int events = 0;
                if (file != null) {
                    events = file.events() & (polls.getShort(8 * i + 4) | Events.ALWAYS);
                } else if (polls.getInt(8 * i) >= 0) {
                    events = Events.INVALID;
                }
                polls.putShort(8 * i + 6, (short) events);
                found += events != 0 ? 1 : 0;
            }
            return found;
        });
        thread.memory().write(context.argument(0), polls);
        return ready;
    }

    private static long select(UnixThread thread, UserContext context, long timeout)
            throws ErrnoException, IOException {
        long count = context.argument(0);
        if (count < 0 || count > 65_536 || timeout < 0) {
            throw Errno.EINVAL.exception();
        }
        int bytes = (int) (count + 63) / 64 * 8;
        ByteBuffer[] asked = new ByteBuffer[3];
        ByteBuffer[] answer = new ByteBuffer[3];
        OpenFile[] files = new OpenFile[(int) count];
        for (int set = 0; set < 3; set++) {
            answer[set] = UserMemory.struct(bytes);
            asked[set] = context.argument(1 + set) == 0
                    ? UserMemory.struct(bytes)
                    : thread.memory().read(context.argument(1 + set), bytes);
            for (int descriptor = 0; descriptor < count; descriptor++) {
                if (has(asked[set], descriptor) && files[descriptor] == null) {
                    files[descriptor] = thread.file(descriptor);
                }
            }
        }
        int ready = await(thread, Arrays.stream(files).filter(Objects::nonNull).toList(), timeout, () -> {
            int found = 0;
            for (int descriptor = 0; descriptor < count; descriptor++) {
                int events = files[descriptor] == null ? 0 : files[descriptor].events();
                for (int set = 0; set < 3; set++) {
                    if ((events & SELECT[set]) != 0 && has(asked[set], descriptor)) {
                        byte old = answer[set].get(descriptor / 8);
                        answer[set].put(descriptor / 8, (byte) (old | 1 << descriptor % 8));
                        found++;
                    }
                }
            }
            return found;
        });
        for (int set = 0; set < 3; set++) {
            if (context.argument(1 + set) != 0) {
                thread.memory().write(context.argument(1 + set), answer[set]);
            }
        }
        return ready;
    }

    private static boolean has(ByteBuffer set, int descriptor) {
        return (set.get(descriptor / 8) & 1 << descriptor % 8) != 0;
    }
}
