package kernel.ext.sched.provider;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.Executor;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;

/**
 * A strand: a virtual thread, of which the JDK tells by {@link #execute} that it can go on. What is not volatile belongs to the
 * scheduler's lock.
 */
final class StrandTask implements Schedulable, Executor {

    /** Where a strand is in the account that the scheduler keeps. */
    enum Account {
        /** It has never been ready. */
        NEW,
        /** It waits for a processor; the policy has it. */
        READY,
        /** A carrier runs it. */
        RUNNING,
        /** It can go on, and its thread package has not chosen it yet. */
        HELD,
        /** Its thread package has chosen it; it runs when who asked has parked. */
        CHOSEN,
        /** Another runs in its place: see {@link Slot}. */
        LENT,
        /** It waits for something else. */
        BLOCKED,
        /** It will never run again. */
        ENDED
    }

    private static final VarHandle ACCOUNT;
    private static final VarHandle ON;
    private static final VarHandle SINCE;
    private static final VarHandle TOTAL;
    private static final VarHandle GIVE_WAY;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ACCOUNT = lookup.findVarHandle(StrandTask.class, "account", Account.class);
            ON = lookup.findVarHandle(StrandTask.class, "on", VirtualProcessor.class);
            SINCE = lookup.findVarHandle(StrandTask.class, "since", long.class);
            TOTAL = lookup.findVarHandle(StrandTask.class, "total", long.class);
            GIVE_WAY = lookup.findVarHandle(StrandTask.class, "giveWay", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long id;
    private final Scheduler scheduler;
    private final Thread thread;

    /** The JDK's task that runs it until it waits. */
    Runnable continuation;
    volatile Account account = Account.NEW;
    /** Where it runs; null while it does not, or when its processor was taken away. */
    volatile VirtualProcessor on;
    int lastProcessor = -1;
    /** Monotonic time of its last change between ready and running. */
    volatile long since;
    volatile long total;
    /** Counts its turns, so that the end of one is not taken for that of another. */
    long turn;
    /** It is to give way at its next checkpoint. */
    volatile boolean giveWay;
    long asked;
    volatile boolean bodyEnded;

    /** The thread package that schedules it; null: the global scheduler does. */
    volatile Group group;
    /** In whose place it runs; null: in its own. */
    Slot slot;
    /** What it does for a thread package, or null. */
    Slot gives;
    /** Its thread package was told that it is blocked, and the global scheduler has it. */
    boolean borrowed;

    private volatile Parameters parameters;
    private volatile int inherited = Integer.MIN_VALUE;
    private Object attachment;

    /** Neighbours among the ready ones, in the order in which they became so. */
    StrandTask before;
    StrandTask after;

    StrandTask(long id, String name, Parameters parameters, Scheduler scheduler, Runnable body) {
        this.id = id;
        this.parameters = parameters;
        this.scheduler = scheduler;
        thread = VirtualThreads.unstarted(name, this, body);
    }

    // Written under the lock, read by anybody: a release is enough, and costs nothing where a volatile write waits.

    void account(Account now, long time) {
        SINCE.setRelease(this, time);
        ACCOUNT.setRelease(this, now);
    }

    void on(VirtualProcessor processor) {
        ON.setRelease(this, processor);
    }

    void ran(long time) {
        TOTAL.setRelease(this, total + time);
    }

    void giveWay(boolean yes) {
        GIVE_WAY.setRelease(this, yes);
    }

    /**
     * Called by the JDK when the thread can go on; and when another virtual thread can, which this one has started: those inherit
     * their starter's scheduler (the JDK's own poller threads are such). They are no strands and run beside them.
     */
    @Override
    public void execute(Runnable task) {
        if (continuation != null && continuation != task) {
            VirtualThreads.OTHERS.execute(task);
            return;
        }
        continuation = task; // from its start on always the same one
        scheduler.ready(this);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return thread.getName();
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    public State state() {
        return switch (account) {
            case READY, NEW, HELD, CHOSEN, LENT -> State.RUNNABLE;
            case BLOCKED -> State.BLOCKED;
            case ENDED -> State.ENDED;
            case RUNNING -> switch (thread.getState()) {
                case BLOCKED, WAITING, TIMED_WAITING -> State.BLOCKED; // in native code, or about to be accounted so
                case TERMINATED -> State.ENDED;
                default -> State.RUNNABLE;
            };
        };
    }

    @Override
    public long processorTime() {
        long started = since;
        return account == Account.RUNNING ? total + Math.max(0, scheduler.now() - started) : total;
    }

    @Override
    public int processor() {
        VirtualProcessor processor = on;
        return processor == null ? -1 : processor.number;
    }

    @Override
    public int lastProcessor() {
        return lastProcessor;
    }

    @Override
    public Parameters parameters() {
        Parameters own = parameters;
        return inherited > own.priority() ? own.withPriority(inherited) : own;
    }

    @Override
    public Parameters ownParameters() {
        return parameters;
    }

    @Override
    public void setParameters(Parameters wanted) {
        scheduler.change(this, () -> parameters = wanted, wanted);
        scheduler.locks.changed(this);
    }

    /** Sets the priority that it has at least. @param priority {@link Integer#MIN_VALUE}: none */
    void inherit(int priority) {
        if (inherited != priority) {
            scheduler.change(this, () -> inherited = priority, null);
        }
    }

    /** Whether it has a priority because another waits for a lock of its. */
    boolean inherits() {
        return inherited != Integer.MIN_VALUE;
    }

    /** While another runs in its place, or has just done so, it has what that one inherits. With the lock. @param to null: nobody */
    void lend(StrandTask to) {
        inherited = to == null ? Integer.MIN_VALUE : to.inherited;
    }

    /** Whom the policy has given the processor on which it runs. */
    StrandTask inPlaceOf() {
        return slot == null ? this : slot.strand;
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object something) {
        attachment = something;
    }

    @Override
    public void interrupt() {
        thread.interrupt();
    }

    @Override
    public boolean join(long nanoseconds) throws InterruptedException {
        if (nanoseconds == 0) {
            thread.join();
            return true;
        }
        return thread.join(Duration.ofNanos(nanoseconds));
    }

    @Override
    public String toString() {
        return "strand " + id + " (" + name() + ")";
    }
}
