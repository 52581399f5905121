package kernel.ext.sched.provider;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One processor of the machine: the right to run one strand at a time. Belongs to the scheduler's lock. */
final class VirtualProcessor {

    private static final VarHandle RUNNING;
    private static final VarHandle BUSY;
    private static final VarHandle SWITCHES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RUNNING = lookup.findVarHandle(VirtualProcessor.class, "running", StrandTask.class);
            BUSY = lookup.findVarHandle(VirtualProcessor.class, "busy", long.class);
            SWITCHES = lookup.findVarHandle(VirtualProcessor.class, "switches", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int number;
    /** The host's thread that uses it now. */
    Carrier carrier;
    /** What it runs; null between two strands. */
    volatile StrandTask running;
    /** Its carrier found nothing to run, and sleeps. */
    boolean idle;
    /** Since when the policy has nobody for it though some are ready; 0: it has. */
    long refused;
    /** When the policy gave it to somebody. */
    long began;
    /** Nanoseconds that who has it may do so. */
    long quantum;
    volatile long busy;
    volatile long switches;

    VirtualProcessor(int number) {
        this.number = number;
    }

    /** It takes up a strand. */
    void begins(StrandTask strand) {
        SWITCHES.setRelease(this, switches + 1);
        RUNNING.setRelease(this, strand);
    }

    /** What it ran is over. */
    void ends(long time) {
        BUSY.setRelease(this, busy + time);
        RUNNING.setRelease(this, (StrandTask) null);
    }
}
