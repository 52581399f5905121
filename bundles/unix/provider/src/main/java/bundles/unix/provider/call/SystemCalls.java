package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.Kernel;
import bundles.unix.provider.process.SwapSpace;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls about the machine: uname(2), sysinfo(2), getrandom(2), and OSF/1's getsysinfo and setsysinfo. */
final class SystemCalls {

    /** asm/sysinfo.h. */
    private static final int GSI_UACPROC = 8, GSI_IEEE_FP_CONTROL = 45, GSI_PROC_TYPE = 60, SSI_NVPAIRS = 1,
            SSI_IEEE_FP_CONTROL = 14, SSI_IEEE_RAISE_EXCEPTION = 1001;
    private static final int FPE_FLTDIV = 3, FPE_FLTOVF = 4, FPE_FLTUND = 5, FPE_FLTRES = 6, FPE_FLTINV = 7;
    private static final int NAME = 65;

    private SystemCalls() {}

    static List<Call> calls() {
        return List.of(full(339, "uname", "x", SystemCalls::uname), full(318, "sysinfo", "x", SystemCalls::sysinfo),
                full(87, "gethostname", "xd", SystemCalls::gethostname),
                full(89, "getdtablesize", "", (p, c) -> p.limits().soft(6)),
                full(511, "getrandom", "bdx", SystemCalls::getrandom),
                partly(256, "osf_getsysinfo", "dxdxd", "floating-point control, processor type, unaligned accesses",
                        SystemCalls::getsysinfo),
                partly(257, "osf_setsysinfo", "dxdxd", "floating-point control; unaligned accesses are always mended",
                        SystemCalls::setsysinfo),
                full(36, "sync", "", (p, c) -> 0), full(473, "getcpu", "xxx", SystemCalls::getcpu),
                full(324, "personality", "x", (p, c) -> 0));
    }

    private static long uname(UnixThread thread, UserContext context) throws ErrnoException {
        ByteBuffer names = UserMemory.struct(6 * NAME);
        String[] values = {"Linux", "spin", "6.1.0", "SPIN/OSGi", "alpha", "(none)"};
        for (int i = 0; i < values.length; i++) {
            names.position(i * NAME).put(values[i].getBytes(StandardCharsets.US_ASCII));
        }
        thread.memory().write(context.argument(0), names);
        return 0;
    }

    private static long gethostname(UnixThread thread, UserContext context) throws ErrnoException {
        byte[] name = "spin\0".getBytes(StandardCharsets.US_ASCII);
        if (context.argument(1) < 0) {
            throw Errno.EINVAL.exception();
        }
        thread.memory().write(context.argument(0), name, 0, (int) Math.min(name.length, context.argument(1)));
        return 0;
    }

    private static long sysinfo(UnixThread thread, UserContext context) throws ErrnoException {
        Kernel kernel = thread.kernel();
        long page = kernel.memory().pageSize();
        ByteBuffer info = UserMemory.struct(112).putLong(kernel.clock().monotonicTime() / 1_000_000_000);
        info.putLong(32, kernel.memory().total() * page).putLong(40, kernel.memory().free() * page);
        SwapSpace swap = SwapSpace.of(kernel);
        info.putLong(64, swap.total() * page).putLong(72, swap.free() * page);
        info.putShort(80, (short) kernel.table().all().size()).putInt(104, 1);
        thread.memory().write(context.argument(0), info);
        return 0;
    }

    private static long getrandom(UnixThread thread, UserContext context) throws ErrnoException {
        if ((context.argument(2) & ~7) != 0) {
            throw Errno.EINVAL.exception();
        }
        byte[] random = new byte[Math.clamp(context.argument(1), 0, 64 * 1024)];
        thread.kernel().random().fill(random);
        thread.memory().write(context.argument(0), random, 0, random.length);
        return random.length;
    }

    private static long getcpu(UnixThread thread, UserContext context) throws ErrnoException {
        for (int i = 0; i < 2; i++) {
            if (context.argument(i) != 0) {
                thread.memory().writeInt(context.argument(i), 0);
            }
        }
        return 0;
    }

    private static long getsysinfo(UnixThread thread, UserContext context) throws ErrnoException {
        long to = context.argument(1);
        switch ((int) context.argument(0)) {
            case GSI_IEEE_FP_CONTROL -> {
                thread.memory().writeLong(to, thread.floating().get(context));
                return 0;
            }
            case GSI_UACPROC -> {
                thread.memory().writeInt(to, 0);
                return 1;
            }
            case GSI_PROC_TYPE -> {
                thread.memory().writeLong(to, processorType(thread.kernel().platform()));
                return 1;
            }
            default -> throw Errno.EOPNOTSUPP.exception();
        }
    }

    /** Processor types of the console's per-processor slot (HWRPB): EV4 2, EV5 5, EV56 7, PCA56 9, EV6 8, EV67 11. */
    private static long processorType(String platform) {
        return switch (platform) {
            case "ev5" -> 5;
            case "ev56" -> 7;
            case "pca56" -> 9;
            case "ev6" -> 8;
            case "ev67" -> 11;
            default -> platform.startsWith("ev4") ? 2 : 11;
        };
    }

    private static long setsysinfo(UnixThread thread, UserContext context) throws ErrnoException {
        switch ((int) context.argument(0)) {
            case SSI_IEEE_FP_CONTROL ->
                thread.floating().set(context, thread.memory().readLong(context.argument(1)));
            case SSI_IEEE_RAISE_EXCEPTION -> {
                long trap = thread.floating().raise(context, thread.memory().readLong(context.argument(1)));
                if (trap != 0) {
                    thread.signals().send(SignalInfo.fault(Signal.SIGFPE, code(trap), context.pc()));
                }
            }
            // Unaligned accesses: what is asked for is what happens anyway.
            case SSI_NVPAIRS -> thread.memory().readLong(context.argument(1));
            default -> throw Errno.EOPNOTSUPP.exception();
        }
        return 0;
    }

    /** The code for enabled exceptions, trap-enable bits; the last that applies, as on Linux. */
    private static int code(long trap) {
        if ((trap & 2) != 0) {
            return FPE_FLTINV;
        }
        if ((trap & 4) != 0) {
            return FPE_FLTDIV;
        }
        if ((trap & 8) != 0) {
            return FPE_FLTOVF;
        }
        return (trap & 0x10) != 0 ? FPE_FLTUND : FPE_FLTRES;
    }
}
