package bundles.unix.provider.process;

import bundles.unix.api.Process;
import bundles.unix.provider.file.Descriptors;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalGroup;
import bundles.unix.provider.signal.SignalInfo;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import kernel.core.memory.TranslationContext;

/**
 * A UNIX process: threads that have memory, descriptors, directory and signals together.
 *
 * <p>Concurrency: the monitor guards the list of threads and how the process ended. What the threads have together has locks
 * of its own: {@link Descriptors}, {@link MemoryMap}, {@link SignalGroup}, {@link ResourceLimits}, {@link IntervalTimer};
 * {@link Family} is under the lock of the {@link ProcessTable}, which may be taken with nothing of this held. The volatile
 * fields change when the process runs another program, which it does with one thread.
 */
public final class UnixProcess implements Process {

    private final Kernel kernel;
    private final int id;
    private final long started;
    private final SignalGroup signals;
    private final ResourceLimits limits;
    private final ProcessTimers timers;
    private final Family family;
    private final BitSet unknownCalls = new BitSet();
    private volatile Program program;
    private volatile MemoryMap map;
    private volatile Descriptors files;
    private volatile Surroundings surroundings;
    private volatile Runnable stopAction = () -> {};
    /** Who watches it, or null. */
    private volatile Observer observer;
    final EndWatchers endWatchers = new EndWatchers();
    /** Is counted down when this no longer uses the memory of the parent that waits for that (vfork(2)); may be null. */
    private volatile CountDownLatch borrowed;

    /** Changed under the monitor; {@link #threaded()} reads it without. */
    private final List<UnixThread> threads = new CopyOnWriteArrayList<>();
    private long goneInstructions;
    private long goneUnaligned;
    private long goneTime;
    /** Status as wait(2) gives it; -1: not known yet. */
    private int word = -1;
    /** Status of the first thread, which counts if nothing ends the whole process. */
    private int leaderWord = -1;
    private boolean ended;

    /** A process that the kernel starts. It takes over map and files. */
    UnixProcess(Kernel kernel, int id, Program program, MemoryMap map, Descriptors files, Surroundings surroundings,
            ControllingTerminal terminal) {
        this.kernel = kernel;
        this.id = id;
        this.program = program;
        this.map = map;
        this.files = files;
        this.surroundings = surroundings;
        this.started = kernel.clock().monotonicTime();
        this.limits = new ResourceLimits(files, this::limitTime);
        this.signals = new SignalGroup(this::continued);
        this.timers = new ProcessTimers(this);
        this.family = new Family(this, kernel.table(), terminal);
    }

    /** A child, with map, files and surroundings that it takes over. */
    UnixProcess(UnixProcess parent, int id, int exitSignal, MemoryMap map, Descriptors files,
            Surroundings surroundings) {
        this.kernel = parent.kernel;
        this.id = id;
        this.program = parent.program;
        this.map = map;
        this.files = files;
        this.surroundings = surroundings;
        this.started = kernel.clock().monotonicTime();
        this.limits = parent.limits.copy(files, this::limitTime);
        this.signals = parent.signals.copy(this::continued);
        this.timers = new ProcessTimers(this);
        this.family = new Family(this, parent, exitSignal);
        limitTime();
    }

    private void limitTime() {
        timers.limitTime();
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String command() {
        return program.command();
    }

    @Override
    public synchronized boolean ended() {
        return ended;
    }

    @Override
    public synchronized int status() {
        return !ended ? -1 : killedBy() != 0 ? 128 + killedBy() : word >> 8 & 0xFF;
    }

    @Override
    public synchronized int killedBy() {
        return ended ? word & 0x7F : 0;
    }

    @Override
    public void setStopAction(Runnable action) {
        stopAction = action;
    }

    /** Who watches it; null: nobody, as usual. */
    public Observer observer() {
        return observer;
    }

    /** Has it watched from now on, or by nobody. @return whether nobody else watches it already */
    public synchronized boolean setObserver(Observer newObserver) {
        boolean free = newObserver == null || observer == null;
        observer = free ? newObserver : observer;
        return free;
    }

    /** The process has stopped. */
    void stoppedBy(int signal) {
        family.stopped(signal);
        stopAction.run();
    }

    @Override
    public boolean stopped() {
        return signals.stopped();
    }

    @Override
    public int parent() {
        return family.parent();
    }

    @Override
    public int user() {
        return kernel.user();
    }

    @Override
    public int group() {
        return family.group();
    }

    @Override
    public synchronized int threads() {
        return threads.size();
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
            kernel.table().remove(this);
        }
    }

    @Override
    public boolean signal(int signal) {
        if (signal < 1 || signal > Signal.MAX) {
            throw new IllegalArgumentException("no signal " + signal + ": they are 1 to " + Signal.MAX);
        }
        return send(SignalInfo.from(signal, Signal.SI_USER, 0, kernel.user()));
    }

    @Override
    public void interrupt(int signal) {
        ControllingTerminal.interrupt(this, SignalInfo.kernel(signal));
    }

    @Override
    public void goOn() {
        ControllingTerminal.goOn(this);
    }

    /** Sends a signal to the process; answers whether it was still there. Any strand. */
    public boolean send(SignalInfo info) {
        if (ended()) {
            return false;
        }
        signals.send(info);
        return true;
    }

    @Override
    public synchronized long instructions() {
        return goneInstructions + threads.stream().mapToLong(thread -> thread.context().instructions()).sum();
    }

    @Override
    public synchronized long unaligned() {
        return goneUnaligned + threads.stream().mapToLong(thread -> thread.context().unaligned()).sum();
    }

    @Override
    public int resident() {
        return ended() ? 0 : map.space().resident();
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

    /** Parent, children, group, session. */
    public Family family() {
        return family;
    }

    /** What it runs. */
    public Program program() {
        return program;
    }

    /** Another name for what it runs. */
    public void setProgram(Program newProgram) {
        program = newProgram;
    }

    /** The program's file. */
    public Path executable() {
        return program.file();
    }

    /** Heap and mappings. */
    public MemoryMap map() {
        return map;
    }

    /** What it does about signals. */
    public SignalGroup signals() {
        return signals;
    }

    /** Its timers. */
    public ProcessTimers timers() {
        return timers;
    }

    /** Open files. */
    public Descriptors files() {
        return files;
    }

    /** Resource limits. */
    public ResourceLimits limits() {
        return limits;
    }

    /** Working directory and umask. */
    Surroundings surroundings() {
        return surroundings;
    }

    /** Working directory. */
    public Path directory() {
        return surroundings.directory;
    }

    /** Permissions that new files do not get. */
    public int umask() {
        return surroundings.umask;
    }

    /** Nanoseconds of processor time that its threads have used; of time since the start if the host cannot tell. */
    public long processorTime() {
        long sum;
        List<UnixThread> now;
        synchronized (this) {
            sum = goneTime;
            now = List.copyOf(threads);
        }
        for (UnixThread thread : now) {
            long time = thread.strandTime();
            if (time < 0) {
                return kernel.clock().monotonicTime() - started;
            }
            sum += time;
        }
        return sum;
    }

    /** Whether a number that is no system call, or none that is supported, is asked for the first time. */
    public synchronized boolean firstUnknown(int number) {
        int index = number & 0xFFFF;
        boolean first = !unknownCalls.get(index);
        unknownCalls.set(index);
        return first;
    }

    // Threads

    /** One more thread. @return {@code false}: the process is ending */
    synchronized boolean add(UnixThread thread) {
        if (word >= 0) {
            return false;
        }
        threads.add(thread);
        return true;
    }

    /** A thread that was added could not be run. */
    synchronized void withdraw(UnixThread thread) {
        threads.remove(thread);
    }

    /** The threads that have not ended. */
    public synchronized List<UnixThread> list() {
        return List.copyOf(threads);
    }

    @Override
    public void requestAttention() {
        list().forEach(thread -> thread.context().requestAttention());
    }

    /** Whether another thread may use what this process has at the same time. */
    boolean threaded() {
        return threads.size() > 1;
    }

    /**
     * A thread has ended. In its strand, last.
     *
     * @param code of exit(2), or -1
     */
    void ended(UnixThread thread, int code) {
        signals.leave(thread.signals());
        boolean last;
        synchronized (this) {
            threads.remove(thread);
            goneInstructions += thread.context().instructions();
            goneUnaligned += thread.context().unaligned();
            goneTime += Math.max(0, thread.strandTime());
            if (code >= 0 && (thread.id() == id || threads.isEmpty() && leaderWord < 0)) {
                leaderWord = code << 8;
            }
            last = threads.isEmpty();
            notifyAll();
        }
        kernel.table().remove(thread.id(), thread);
        kernel.table().giveBack();
        if (last) {
            finish();
        }
    }

    /**
     * Ends the other threads and waits until they have ended (execve(2)).
     *
     * @return {@code false}: this one is to end as well
     */
    boolean endOthers(UnixThread thread) {
        signals.end(thread.signals());
        synchronized (this) {
            while (threads.size() > 1) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // Nobody interrupts a strand that does not wait in Signals.
                }
            }
            return word < 0;
        }
    }

    /** Runs another program from now on; the thread that calls is the only one. */
    void become(Program newProgram, MemoryMap newMap) {
        MemoryMap old = map;
        program = newProgram;
        map = newMap;
        old.release();
        timers.posix().clear();
        Descriptors shared = files;
        files = shared.unshared();
        giveBackMemory();
        family.executed();
    }

    /** The memory that this process was lent by its parent is the parent's again when the latch is counted down. */
    void borrow(CountDownLatch latch) {
        borrowed = latch;
    }

    private void giveBackMemory() {
        CountDownLatch latch = borrowed;
        if (latch != null) {
            borrowed = null;
            latch.countDown();
        }
    }

    // The end

    /** All threads are to end. @param status as wait(2) gives it */
    void end(int status) {
        synchronized (this) {
            if (word < 0) {
                word = status;
            }
        }
        signals.end(null);
    }

    /** Status as wait(2) gives it; valid once it has ended. */
    synchronized int word() {
        return word;
    }

    /** It was made, but its first thread never ran: frees everything. */
    void abandon() {
        family.unborn();
        kernel.table().remove(this);
        end(Signal.SIGKILL);
        free();
    }

    private void free() {
        timers.stop();
        kernel.locks().release(this);
        kernel.systemV().semaphores().ended(id);
        files.release();
        map.release();
        giveBackMemory();
    }

    /** Frees everything and tells who waits. In the strand of the last thread. */
    private void finish() {
        try {
            free();
        } catch (RuntimeException | Error e) {
            System.getLogger(UnixProcess.class.getName()).log(System.Logger.Level.ERROR,
                    "process " + id + " could not be freed", e);
        } finally {
            synchronized (this) {
                if (word < 0) {
                    // The processor stopped it for a reason that is not the program's, such as lack of memory.
                    word = leaderWord >= 0 ? leaderWord : Signal.SIGKILL;
                }
            }
            if (observer != null) {
                observer.ended(word());
            }
            synchronized (this) {
                ended = true;
            }
            endWatchers.tell();
            family.ended();
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private void continued() {
        family.continued();
    }
}
