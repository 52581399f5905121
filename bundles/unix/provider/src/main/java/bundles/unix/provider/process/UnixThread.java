package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.Descriptors;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.signal.Signals;
import bundles.unix.api.UserThread;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.strand.AdmissionException;
import kernel.core.strand.Parameters;
import kernel.core.strand.Strand;
import kernel.ext.vm.api.AddressSpace.Region;

/**
 * A thread of a process: a context of the processor that a strand runs.
 *
 * <p>Concurrency: belongs to its strand, which serves its system calls; {@link Signals} has the process's lock. What it has
 * together with other threads it finds at its {@link UnixProcess}.
 */
public final class UnixThread implements UserThread {

    /** How far below the stack an address is taken for one that the stack was to grow to; Linux keeps 1 MB free there. */
    private static final long GUARD = 1 << 20;
    private static final int SEGV_MAPERR = 1, SEGV_ACCERR = 2, BUS_ADRERR = 2;

    private static final VarHandle SERVING;

    static {
        try {
            SERVING = MethodHandles.lookup().findVarHandle(UnixThread.class, "serving", String.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final System.Logger log = System.getLogger(UnixProcess.class.getName());
    private final UnixProcess process;
    private final UserContext context;
    private final UserMemory memory;
    private final Signals signals;
    private final Delivery delivery;
    private FloatingControl floating;
    private final List<OpenFile> held = new ArrayList<>();
    private volatile int id;
    private volatile Strand strand;
    private volatile Scheduling scheduling = Scheduling.USUAL;
    private volatile int nice;
    private volatile int inherited = Integer.MIN_VALUE;
    /** Guards changes of the three above, and that the strand is told of the last. */
    private final Object asking = new Object();
    /** It has ended, and what it had is others'. Belongs to {@link PriorityFutexes}. */
    boolean gone;
    /** Name of the system call that is being served, or null. */
    private volatile String serving;
    /** Where the thread's end is to be told (set_tid_address(2), set_robust_list(2)), or 0. */
    private long clearAtEnd;
    private long robustList;
    private int exitCode = -1;
    private boolean leaving;

    /**
     * A thread that does not run yet.
     *
     * @param process whose; it has it from {@link #start} on
     * @param id of {@link ProcessTable#takeId}; this gives it back
     * @param context ready to run
     * @param blocked signals that are blocked
     * @param floating IEEE control; taken over
     */
    UnixThread(UnixProcess process, int id, UserContext context, long blocked, FloatingControl floating) {
        this.process = process;
        this.id = id;
        this.context = context;
        this.memory = new UserMemory(context);
        this.signals = new Signals(process.signals(), blocked, context::requestAttention);
        this.delivery = new Delivery(this, context, signals);
        this.floating = floating;
        context.setOwner(this);
    }

    /** Its process. */
    @Override
    public UnixProcess process() {
        return process;
    }

    /** Its id, the process's for the first thread. */
    @Override
    public int id() {
        return id;
    }

    /** Its context, which only its own strand may use, or who holds it. */
    public UserContext context() {
        return context;
    }

    /** The program's memory. */
    public UserMemory memory() {
        return memory;
    }

    /** Signals. */
    public Signals signals() {
        return signals;
    }

    /** Delivery of signals. */
    public Delivery delivery() {
        return delivery;
    }

    /** IEEE control. */
    public FloatingControl floating() {
        return floating;
    }

    /** The rest of the kernel. */
    public Kernel kernel() {
        return process.kernel();
    }

    /** Heap and mappings. */
    public MemoryMap map() {
        return process.map();
    }

    /** Open files. */
    public Descriptors files() {
        return process.files();
    }

    /**
     * The file of a descriptor. It stays open until the system call that is being served has ended, even if another thread
     * closes the descriptor.
     *
     * @throws ErrnoException EBADF
     */
    public OpenFile file(long descriptor) throws ErrnoException {
        if (!process.threaded() && !process.files().shared()) {
            return process.files().own(descriptor);
        }
        OpenFile file = process.files().hold(descriptor);
        held.add(file);
        return file;
    }

    /** Resource limits. */
    public ResourceLimits limits() {
        return process.limits();
    }

    /** Working directory. */
    public Path directory() {
        return process.surroundings().directory;
    }

    /** Sets the working directory. */
    public void setDirectory(Path directory) {
        process.surroundings().directory = directory;
    }

    /** Permissions that new files do not get. */
    public int umask() {
        return process.surroundings().umask;
    }

    /** Sets the permissions that new files do not get. */
    public void setUmask(int mask) {
        process.surroundings().umask = mask & 0777;
    }

    /** Where 0 is written, and who waits there is woken, when the thread ends; 0: nowhere. */
    public void setClearAtEnd(long address) {
        clearAtEnd = address;
    }

    /** Where the list of robust futexes begins (set_robust_list(2)); 0: there is none. */
    public void setRobustList(long head) {
        robustList = head;
    }

    /** Where the list of robust futexes begins, or 0. */
    public long robustList() {
        return robustList;
    }

    /** What is being served, for reports; null: nothing any more, which lets go of the files that were used. */
    public void setServing(String call) {
        SERVING.setRelease(this, call); // who asks may be told a moment later; a volatile write would wait, twice in a call
        if (call == null && !held.isEmpty()) {
            for (OpenFile file : held) {
                try {
                    file.release();
                } catch (IOException e) {
                    // Its descriptor was closed before, and that call has told.
                }
            }
            held.clear();
        }
    }

    /** Whether it runs its program, not a system call. */
    public boolean computing() {
        return serving == null;
    }

    /** Nanoseconds of processor time that it has used; its process's if the host cannot tell. */
    public long processorTime() {
        long mine = strandTime();
        return mine < 0 ? process.processorTime() : mine;
    }

    /** Processor time of its strand, or -1. */
    long strandTime() {
        Strand mine = strand;
        return mine == null ? 0 : mine.processorTime();
    }

    // Scheduling

    /** How it wants to be scheduled. */
    public Scheduling scheduling() {
        return scheduling;
    }

    /**
     * Changes how it wants to be scheduled.
     *
     * @throws AdmissionException the scheduler in force cannot promise that; nothing has changed
     */
    public void schedule(Scheduling wanted) {
        synchronized (asking) {
            tell(wanted);
            scheduling = wanted;
        }
    }

    /** How much it gives way to others, -20 to 19 (getpriority(2)). */
    public int nice() {
        return nice;
    }

    /** Sets how much it gives way to others. @param value -20 to 19 */
    public void setNice(int value) {
        synchronized (asking) {
            nice = value;
            askAgain();
        }
    }

    private void askAgain() {
        synchronized (asking) {
            tell(scheduling);
        }
    }

    /** The priority that it has without what it inherits. */
    int priority() {
        return scheduling.parameters(0).priority();
    }

    int effectivePriority() {
        return Math.max(priority(), inherited);
    }

    /** Sets the priority that it has at least, as others wait for it; {@link Integer#MIN_VALUE}: none. With the lock of {@link PriorityFutexes}. */
    void inherit(int least) {
        synchronized (asking) {
            if (inherited != least) {
                inherited = least;
                try {
                    tell(scheduling);
                } catch (AdmissionException e) {
                    // It had been promised less than it has now: it goes on without.
                }
            }
        }
    }

    private void tell(Scheduling wanted) {
        Strand mine = strand;
        Parameters next = parameters(wanted);
        if (mine != null && !mine.ownParameters().equals(next)) {
            mine.setParameters(next);
        }
    }

    private Parameters parameters(Scheduling wanted) {
        Parameters own = wanted.parameters(nice);
        return inherited > own.priority() ? own.withPriority(inherited) : own;
    }

    // Running

    /**
     * Runs it in a strand of its own.
     *
     * @return {@code false}: the host has no thread for it, or the process is ending; nothing has happened
     */
    boolean start() {
        process.kernel().table().add(id, this);
        if (process.add(this)) {
            var ready = new CountDownLatch(1);
            try {
                strand = process.kernel().strands().fork("unix-" + id, parameters(scheduling), () -> {
                    awaitUninterruptibly(ready);
                    body();
                });
                askAgain(); // somebody may have changed it meanwhile
                signals.setStrand(strand);
                ready.countDown();
                return true;
            } catch (OutOfMemoryError e) {
                // The host has no thread for it, which java.lang.Thread reports so.
                process.withdraw(this);
            }
        }
        process.kernel().table().remove(id, this);
        process.signals().leave(signals);
        return false;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A signal came early; it is pending, and is delivered when the program runs.
            }
        }
    }

    private void body() {
        try {
            process.kernel().processor().run(context);
        } catch (RuntimeException | Error e) {
            crashed(e);
        } finally {
            try {
                if (!leaving && !signals.ending()) {
                    // The processor stopped it for a reason that is not the program's, such as lack of memory.
                    process.end(Signal.SIGKILL);
                }
                ThreadEnd.tell(this, clearAtEnd, robustList);
            } catch (RuntimeException | Error e) {
                crashed(e);
            } finally {
                setServing(null);
                process.ended(this, exitCode);
            }
        }
    }

    /** It runs another program from now on, in the name of its process. */
    void become(FloatingControl newFloating) {
        process.kernel().table().remove(id, this);
        id = process.id();
        process.kernel().table().add(id, this);
        clearAtEnd = 0;
        robustList = 0;
        floating = newFloating;
        delivery.setStack(bundles.unix.provider.signal.AlternateStack.NONE);
    }

    /** The thread has ended itself (exit(2)). */
    public void exit(int code) {
        exitCode = code & 0xFF;
        leave();
    }

    /** The thread has ended the process (exit_group(2)). */
    public void exitGroup(int code) {
        process.end((code & 0xFF) << 8);
        leave();
    }

    /** The context stops as soon as what is being served has returned. */
    void leave() {
        leaving = true;
        context.stop();
    }

    void killed(int signal) {
        log.log(System.Logger.Level.DEBUG, "process {0} ({1}) killed by signal {2}, pc 0x{3}",
                Integer.toString(process.id()), process.command(), signal, Long.toHexString(context.pc()));
        process.end(signal);
        leave();
    }

    /** A defect of the kernel showed while it served this thread; the process ends for it. */
    public void crashed(Throwable defect) {
        String call = serving;
        log.log(System.Logger.Level.ERROR, "process {0} ({1}) ended by a defect of the kernel in {2}: {3}",
                Integer.toString(process.id()), process.command(), call == null ? "user code" : call, defect);
        log.log(System.Logger.Level.DEBUG, "process " + process.id(), defect);
        killed(Signal.SIGKILL);
    }

    /** An instruction trapped. */
    public void trapped(ProcessorTrap.Kind kind, long info) {
        if (log.isLoggable(System.Logger.Level.DEBUG)) {
            log.log(System.Logger.Level.DEBUG, "process {0}: {1} 0x{2} at pc 0x{3}", Integer.toString(process.id()),
                    kind, Long.toHexString(info), Long.toHexString(context.pc()));
        }
        if (Traps.continuesAfter(kind)) {
            context.setPc(context.pc() + 4);
        }
        delivery.deliverFault(Traps.signal(kind, info, context.pc()));
    }

    /** An instruction used a bad address. */
    public void badAddress(long address, Access access, boolean allocated) {
        Region region = allocated ? process.map().region(Layout.floor(address)) : null;
        if (!allocated && signals.action(Signal.SIGSEGV).handler() == Signal.SIG_DFL) {
            tellOverflow(address);
        }
        // The region allows it, but its pager has no such page: beyond the end of a mapped file.
        boolean missing = region != null && (region.protection() & access.protection()) != 0;
        delivery.deliverFault(missing
                ? SignalInfo.fault(Signal.SIGBUS, BUS_ADRERR, address)
                : SignalInfo.fault(Signal.SIGSEGV, allocated ? SEGV_ACCERR : SEGV_MAPERR, address));
    }

    /** Says why it ends, if it is because its stack is full: on Linux one has to guess. */
    private void tellOverflow(long address) {
        for (Region region : process.map().space().regions()) {
            if (region.label().equals(MemoryMap.STACK)) {
                long below = region.start() - address;
                if (below > 0 && below <= GUARD) {
                    log.log(System.Logger.Level.WARNING,
                            "stack overflow of process {0} ({1}) at 0x{2}: its {3} MB are full; ulimit -s says how much a"
                                    + " program gets that is started then",
                            Integer.toString(process.id()), process.command(), Long.toHexString(address),
                            Long.toString(region.end() - region.start() >> 20));
                }
                return;
            }
        }
    }
}
