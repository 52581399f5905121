package bundles.policies.faults;

import bundles.unix.api.Process;
import bundles.unix.api.SyscallTable;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import kernel.core.machine.RandomSource;
import kernel.core.machine.UserContext;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Which system calls meet a fault, and which one: a number made of a seed, which the
 * process gets with its first call, and how many instructions the thread has executed. So it can be asked any number of times, as
 * guards are, and a machine that repeats its runs repeats the faults. A call that is made again is another one, for the instructions
 * that make it count. Thread-safe: the monitor of the map of seeds guards it; a process that is gone is forgotten.
 */
@Component(service = Plan.class)
public final class Plan {

    /** Property of the framework or the Java virtual machine: one call in how many has a fault, where one is possible. */
    public static final String RATE = "spin.faults.rate";

    /** What happens to a call. */
    enum Fault {
        /** It is served. */
        NONE,
        /** A signal has come before it did anything (EINTR). */
        INTERRUPTED,
        /** There is no room in the file system (ENOSPC). */
        FULL,
        /** Only a part is transferred. */
        SHORT
    }

    /** Calls that wait on some system, and so may be interrupted before they have done anything (signal(7)). */
    private static final Set<String> WAIT = Set.of("read", "write", "readv", "writev", "open", "openat", "wait4",
            "osf_wait4", "connect",
            "accept", "recvfrom", "sendto");
    /** Calls that may need room. */
    private static final Set<String> FILL = Set.of("write", "writev", "pwrite64", "mkdir", "ftruncate");
    /** Calls of a buffer and its length. */
    private static final Set<String> TRANSFER = Set.of("read", "write", "pread64", "pwrite64");
    private static final int USUAL_RATE = 16;
    private static final int STANDARD_STREAMS = 3;

    private final SyscallTable table;
    private final RandomSource random;
    private final Map<Process, Long> seeds = new WeakHashMap<>();
    private final int rate;

    /** Gets what it needs: names of calls, a seed, the rate. */
    @Activate
    public Plan(@Reference SyscallTable table, @Reference RandomSource random, BundleContext bundle) {
        this(table, random, rate(bundle.getProperty(RATE)));
    }

    /**
     * Outside a framework.
     *
     * @param table names of calls
     * @param random gives each process a seed
     * @param rate 1: each call that may have a fault has one
     */
    Plan(SyscallTable table, RandomSource random, int rate) {
        this.table = table;
        this.random = random;
        this.rate = rate;
    }

    private static int rate(String text) {
        if (text == null) {
            return USUAL_RATE;
        }
        try {
            int rate = Integer.parseInt(text);
            if (rate > 0) {
                return rate;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        System.getLogger(Plan.class.getName()).log(System.Logger.Level.WARNING,
                "{0}={1} is no rate, {2} is taken: say a number from 1, such as 16 for one call in 16", RATE, text,
                USUAL_RATE);
        return USUAL_RATE;
    }

    /** What is to happen to a call. In the strand that makes it. */
    Fault fault(UserContext context, int number) {
        Process process = Process.of(context);
        if (process == null) {
            return Fault.NONE;
        }
        long draw = mix(mix(seed(process) + number) + context.instructions());
        if (Long.remainderUnsigned(draw, rate) != 0) {
            return Fault.NONE;
        }
        // A fault is drawn, and happens if the call is one that can have it.
        String name = table.name(number);
        return switch ((int) (draw >>> 61) & 3) {
            case 0 -> WAIT.contains(name) ? Fault.INTERRUPTED : Fault.NONE;
            case 1 -> FILL.contains(name) && !standard(context, name) ? Fault.FULL : Fault.NONE;
            default -> TRANSFER.contains(name) && context.argument(2) > 1 ? Fault.SHORT : Fault.NONE;
        };
    }

    private long seed(Process process) {
        synchronized (seeds) {
            return seeds.computeIfAbsent(process, first -> random.next());
        }
    }

    /** Whether it goes to a standard stream, which is seldom a file: to be without a file's errors there makes runs readable. */
    private static boolean standard(UserContext context, String name) {
        return !"mkdir".equals(name) && context.argument(0) < STANDARD_STREAMS;
    }

    /** How many bytes are transferred instead of more than one: from 1 to one less. */
    long part(UserContext context) {
        return 1 + Long.remainderUnsigned(mix(seed(Process.of(context)) + context.instructions()),
                context.argument(2) - 1);
    }

    /** Each bit of the result depends on each of the argument (the finalizer of MurmurHash3). */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }
}
