package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.IntervalTimer;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that Linux/Alpha has for programs of OSF/1, whose times have 32-bit fields (arch/alpha/kernel/osf_sys.c). */
final class OsfCalls {

    private static final int NAME = 32, TIMEVAL = 8;
    private static final long SECOND = 1_000_000_000L, MICROSECOND = 1000;
    /** What osf_utsname tells: system, node, release, version, machine; osf_sysinfo tells more. */
    private static final List<String> NAMES = List.of("Linux", "spin", "6.1.0", "SPIN/OSGi", "alpha", "alpha", "0",
            "SPIN/OSGi", "(none)");

    private OsfCalls() {}

    static List<Call> calls() {
        return List.of(full(207, "osf_utsname", "x", OsfCalls::names), full(165, "osf_getdomainname", "xd", (t, c) -> {
            put(t, c.argument(0), NAMES.get(8), Math.min(NAME, (int) c.argument(1)));
            return 0;
        }), full(241, "osf_sysinfo", "dxd", (t, c) -> {
            int which = (int) c.argument(0) - 1;
            if (which < 0 || which >= NAMES.size()) {
                throw Errno.EINVAL.exception();
            }
            put(t, c.argument(1), NAMES.get(which), c.argument(2));
            return 0;
        }), full(251, "osf_usleep_thread", "xx", OsfCalls::sleep), full(83, "osf_setitimer", "dxx", (t, c) -> {
            IntervalTimer timer = TimeCalls.timer(t, c.argument(0));
            ByteBuffer from = c.argument(1) == 0 ? UserMemory.struct(16) : t.memory().read(c.argument(1), 16);
            long interval = timeval(from);
            long value = timeval(from);
            if (c.argument(2) != 0) {
                putTimer(t, timer, c.argument(2));
            }
            timer.set(value, interval);
            return 0;
        }), full(86, "osf_getitimer", "dx", (t, c) -> {
            putTimer(t, TimeCalls.timer(t, c.argument(0)), c.argument(1));
            return 0;
        }), full(117, "osf_getrusage", "dx", (t, c) -> {
            putUsage(t, c.argument(1), TimeCalls.usage(t, (int) c.argument(0)));
            return 0;
        }), full(43, "osf_set_program_attributes", "xxxx", (t, c) -> 0),
                partly(7, "osf_wait4", "dxxx", "all time is user time",
                        (t, c) -> LifeCalls.wait4(t, c, OsfCalls::putUsage)),
                // The register of the address extension is of machines with sparse memory (asm/hae.h).
                full(301, "sethae", "x", (t, c) -> 0));
    }

    /** Two times of 8 bytes, not of 16; the rest is the same. */
    private static void putUsage(UnixThread thread, long address, ByteBuffer wide) throws ErrnoException {
        ByteBuffer to = UserMemory.struct(128).putInt((int) wide.getLong(0)).putInt((int) wide.getLong(8))
                .putInt((int) wide.getLong(16)).putInt((int) wide.getLong(24));
        thread.memory().write(address, to.put(wide.array(), 32, 112));
    }

    private static long names(UnixThread thread, UserContext context) throws ErrnoException {
        ByteBuffer all = UserMemory.struct(5 * NAME);
        for (int i = 0; i < 5; i++) {
            all.position(i * NAME).put(NAMES.get(i).getBytes(StandardCharsets.US_ASCII));
        }
        thread.memory().write(context.argument(0), all);
        return 0;
    }

    private static void put(UnixThread thread, long address, String text, long room) throws ErrnoException {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.US_ASCII);
        if (room < 0) {
            throw Errno.EINVAL.exception();
        }
        thread.memory().write(address, bytes, 0, (int) Math.min(bytes.length, room));
    }

    static long timeval(ByteBuffer from) throws ErrnoException {
        int seconds = from.getInt();
        int microseconds = from.getInt();
        if (seconds < 0 || microseconds < 0 || microseconds >= 1_000_000) {
            throw Errno.EINVAL.exception();
        }
        return seconds * SECOND + microseconds * MICROSECOND;
    }

    private static void putTime(ByteBuffer to, long time) {
        to.putInt((int) (time / SECOND)).putInt((int) (time % SECOND / MICROSECOND));
    }

    private static void putTimer(UnixThread thread, IntervalTimer timer, long address) throws ErrnoException {
        ByteBuffer to = UserMemory.struct(2 * TIMEVAL);
        putTime(to, timer.interval() + MICROSECOND - 1);
        putTime(to, timer.value() + MICROSECOND - 1);
        thread.memory().write(address, to);
    }

    private static long sleep(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long time = timeval(thread.memory().read(context.argument(0), TIMEVAL));
        long start = thread.kernel().clock().monotonicTime();
        long left = 0;
        try {
            TimeCalls.pause(thread, time);
        } catch (InterruptedCall e) {
            left = Math.max(0, time - (thread.kernel().clock().monotonicTime() - start));
        }
        if (context.argument(1) != 0) {
            ByteBuffer to = UserMemory.struct(TIMEVAL);
            putTime(to, left);
            thread.memory().write(context.argument(1), to);
        }
        return 0;
    }
}
