package bundles.unix.provider.process;

import bundles.unix.api.Process;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.Descriptors;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.signal.Signals;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Consumer;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.core.strand.Strand;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpace.Region;

/**
 * A UNIX process.
 *
 * <p>Concurrency: the process's strand owns what the system calls work on (descriptors, memory map, working directory, masks
 * and limits). {@link Signals} and {@link IntervalTimer} have locks of their own. The monitor guards how the process ended.
 */
public final class UnixProcess implements Process {

    private static final int SEGV_MAPERR = 1, SEGV_ACCERR = 2, BUS_ADRERR = 2;

    private final System.Logger log = System.getLogger(UnixProcess.class.getName());
    private final Kernel kernel;
    private final int id;
    private final String command;
    private final Path executable;
    private final UserContext context;
    private final UserMemory memory;
    private final MemoryMap map;
    private final Signals signals;
    private final Delivery delivery;
    private final IntervalTimer alarm;
    private final FloatingControl floating = new FloatingControl();
    private final Descriptors files = new Descriptors(ResourceLimits.OPEN_FILES);
    private final ResourceLimits limits = new ResourceLimits(files);
    private final BitSet unknownCalls = new BitSet();
    private final long started;
    private final Consumer<UnixProcess> reaper;
    private Path directory;
    private int umask = 022;
    private volatile Strand strand;
    /** Name of the system call that is being served, or null. */
    private volatile String serving;

    private int status = -1;
    private int killedBy;
    private boolean ended;

    /**
     * @param executable the program's file
     * @param heapStart first page after the program
     * @param reaper forgets the process
     */
    UnixProcess(Kernel kernel, int id, String command, Path executable, Path directory, UserContext context,
            AddressSpace space, long heapStart, Consumer<UnixProcess> reaper) {
        this.kernel = kernel;
        this.id = id;
        this.command = command;
        this.executable = executable;
        this.directory = directory;
        this.context = context;
        this.memory = new UserMemory(context);
        this.map = new MemoryMap(space, heapStart);
        this.signals = new Signals(context::requestAttention);
        this.delivery = new Delivery(context, signals, this::killed);
        this.alarm = new IntervalTimer(kernel.clock(), kernel.strands(),
                () -> signals.send(SignalInfo.kernel(Signal.SIGALRM)));
        this.started = kernel.clock().monotonicTime();
        this.reaper = reaper;
        context.setOwner(this);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String command() {
        return command;
    }

    @Override
    public synchronized boolean ended() {
        return ended;
    }

    @Override
    public synchronized int status() {
        return ended ? status : -1;
    }

    @Override
    public synchronized int killedBy() {
        return ended ? killedBy : 0;
    }

    @Override
    public synchronized boolean join(long nanoseconds) throws InterruptedException {
        // Waits are a monitor's, in the host's time: somebody in the kernel waits, not the program.
        long deadline = System.nanoTime() + nanoseconds;
        while (!ended) {
            if (nanoseconds == 0) {
                wait();
            } else {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
        }
        return true;
    }

    @Override
    public void reap() {
        if (ended()) {
            reaper.accept(this);
        }
    }

    @Override
    public boolean signal(int signal) {
        if (signal < 1 || signal > Signal.MAX) {
            throw new IllegalArgumentException("no signal " + signal + ": they are 1 to " + Signal.MAX);
        }
        return send(SignalInfo.from(signal, Signal.SI_USER, 0, kernel.user()));
    }

    /** Sends a signal; answers whether the process was still there. Any strand. */
    public boolean send(SignalInfo info) {
        if (ended()) {
            return false;
        }
        signals.send(info);
        return true;
    }

    @Override
    public long instructions() {
        return context.instructions();
    }

    @Override
    public long unaligned() {
        return context.unaligned();
    }

    @Override
    public int resident() {
        return map.space().resident();
    }

    @Override
    public long started() {
        return started;
    }

    @Override
    public TranslationContext translation() {
        return map.space().translation();
    }

    /** The rest of the kernel. */
    public Kernel kernel() {
        return kernel;
    }

    /** The program's file. */
    public Path executable() {
        return executable;
    }

    /** Its processor state. */
    UserContext context() {
        return context;
    }

    /** The program's memory. */
    public UserMemory memory() {
        return memory;
    }

    /** Heap and mappings. */
    public MemoryMap map() {
        return map;
    }

    /** Signals. */
    public Signals signals() {
        return signals;
    }

    /** Delivery of signals. */
    public Delivery delivery() {
        return delivery;
    }

    /** The timer ITIMER_REAL. */
    public IntervalTimer alarm() {
        return alarm;
    }

    /** IEEE control. */
    public FloatingControl floating() {
        return floating;
    }

    /** Open files. */
    public Descriptors files() {
        return files;
    }

    /** Resource limits. */
    public ResourceLimits limits() {
        return limits;
    }

    /** Working directory. */
    public Path directory() {
        return directory;
    }

    /** Sets the working directory. */
    public void setDirectory(Path newDirectory) {
        directory = newDirectory;
    }

    /** Permissions that new files do not get. */
    public int umask() {
        return umask;
    }

    /** Sets the permissions that new files do not get. */
    public void setUmask(int mask) {
        umask = mask & 0777;
    }

    /** Nanoseconds of processor time used; of time since the start if the host cannot tell. */
    public long processorTime() {
        Strand mine = strand;
        long time = mine == null ? 0 : mine.processorTime();
        return time >= 0 ? time : kernel.clock().monotonicTime() - started;
    }

    /** Whether a number that is no system call, or none that is supported, is asked for the first time. */
    public boolean firstUnknown(int number) {
        int index = number & 0xFFFF;
        boolean first = !unknownCalls.get(index);
        unknownCalls.set(index);
        return first;
    }

    /** What is being served, for reports. */
    public void setServing(String call) {
        serving = call;
    }

    /** The program has ended itself. */
    public void exit(int code) {
        end(code & 0xFF, 0);
    }

    private void killed(int signal) {
        log.log(System.Logger.Level.DEBUG, "process {0} ({1}) killed by signal {2}, pc 0x{3}", Integer.toString(id),
                command,
                signal, Long.toHexString(context.pc()));
        end(128 + signal, signal);
    }

    private synchronized void end(int newStatus, int signal) {
        if (status < 0) {
            status = newStatus;
            killedBy = signal;
        }
        context.stop();
    }

    /** A defect of the kernel showed while it served this process, which ends for it. */
    public void crashed(Throwable defect) {
        String call = serving;
        log.log(System.Logger.Level.ERROR, "process {0} ({1}) ended by a defect of the kernel in {2}: {3}",
                Integer.toString(id), command, call == null ? "user code" : call, defect);
        log.log(System.Logger.Level.DEBUG, "process " + id, defect);
        killed(Signal.SIGKILL);
    }

    /** An instruction trapped. */
    public void trapped(ProcessorTrap.Kind kind, long info) {
        if (log.isLoggable(System.Logger.Level.DEBUG)) {
            log.log(System.Logger.Level.DEBUG, "process {0}: {1} 0x{2} at pc 0x{3}", Integer.toString(id), kind,
                    Long.toHexString(info), Long.toHexString(context.pc()));
        }
        if (Traps.continuesAfter(kind)) {
            context.setPc(context.pc() + 4);
        }
        delivery.deliverFault(Traps.signal(kind, info, context.pc()));
    }

    /** An instruction used a bad address. */
    public void badAddress(long address, Access access, boolean allocated) {
        Region region = allocated ? map.region(Layout.floor(address)) : null;
        // The region allows it, but its pager has no such page: beyond the end of a mapped file.
        boolean missing = region != null && (region.protection() & access.protection()) != 0;
        delivery.deliverFault(missing
                ? SignalInfo.fault(Signal.SIGBUS, BUS_ADRERR, address)
                : SignalInfo.fault(Signal.SIGSEGV, allocated ? SEGV_ACCERR : SEGV_MAPERR, address));
    }

    /** Sets the strand that runs it; before the strand runs user code. */
    void setStrand(Strand newStrand) {
        strand = newStrand;
        signals.setStrand(newStrand);
    }

    /** Frees everything and tells who waits. In the process's strand, last. */
    void finish(Runnable release) {
        try {
            alarm.set(0, 0);
            map.shared().close();
            files.closeAll();
            map.space().destroy();
            release.run();
        } catch (RuntimeException | Error e) {
            crashed(e);
        } finally {
            synchronized (this) {
                if (status < 0) {
                    // The processor stopped it for a reason that is not the program's, such as lack of memory.
                    status = 128 + Signal.SIGKILL;
                    killedBy = Signal.SIGKILL;
                }
                ended = true;
                notifyAll();
            }
        }
    }
}
