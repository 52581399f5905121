package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.UnixThread;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that set clocks, which nobody may, and that tell how well they are set: settimeofday(2), adjtimex(2). */
final class ClockCalls {

    private static final String NOBODY = "nobody may";
    private static final int TIMEX = 208;
    /** Of adjtimex(2): the clock is not synchronized, as a flag and as the answer; nanoseconds are used; what is asked for but nothing set. */
    private static final int STA_UNSYNC = 0x40, TIME_ERROR = 5, STA_NANO = 0x2000, ADJ_OFFSET_SS_READ = 0xA001;
    private static final long UNKNOWN = 16_000_000, TICK = 10_000, TOLERANCE = 32_768_000, SECOND = 1_000_000_000L;
    private ClockCalls() {}

    static List<Call> calls() {
        return List.of(partly(360, "settimeofday", "xx", NOBODY, ClockCalls::set),
                partly(122, "osf_settimeofday", "xx", NOBODY, ClockCalls::set),
                partly(366, "adjtimex", "x", "reads only", (t, c) -> adjust(t, c.argument(0))),
                partly(499, "clock_adjtime", "dx", "reads only, the time of day", (t, c) -> {
                    if (c.argument(0) != 0) {
                        throw Errno.EOPNOTSUPP.exception();
                    }
                    return adjust(t, c.argument(1));
                }));
    }

    private static long set(UnixThread thread, UserContext context) throws ErrnoException {
        if (context.argument(0) == 0 && context.argument(1) == 0) {
            return 0;
        }
        throw Errno.EPERM.exception();
    }

    /** As {@code struct timex} (sys/timex.h). */
    private static long adjust(UnixThread thread, long address) throws ErrnoException {
        int modes = thread.memory().read(address, TIMEX).getInt(0);
        if (modes != 0 && modes != ADJ_OFFSET_SS_READ) {
            throw Errno.EPERM.exception();
        }
        long now = thread.kernel().clock().realTime();
        ByteBuffer to = UserMemory.struct(TIMEX).putInt(0, modes).putLong(24, UNKNOWN).putLong(32, UNKNOWN)
                .putInt(40, STA_UNSYNC | STA_NANO).putLong(48, 2).putLong(56, 1).putLong(64, TOLERANCE)
                .putLong(72, Math.floorDiv(now, SECOND)).putLong(80, Math.floorMod(now, SECOND)).putLong(88, TICK);
        thread.memory().write(address, to);
        return TIME_ERROR;
    }
}
