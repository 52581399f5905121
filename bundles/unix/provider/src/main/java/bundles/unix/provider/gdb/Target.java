package bundles.unix.provider.gdb;

import bundles.unix.provider.process.Observer;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import kernel.core.machine.UserContext;

/**
 * A process that a debugger holds and lets go. When a thread has something to report all are held; those that wait in system calls are when
 * these end.
 *
 * <p>Concurrency: a thread that is held waits in its own strand, inside the trap that it came by, and does there what the debugger wants done
 * to registers and memory, which nobody else may touch: each has a queue of such jobs. The debugger's strand says who may run
 * ({@link #allowed}, replaced as a whole) and reads what is reported. No lock is held while a thread is held; one that is to be killed leaves.
 */
final class Target implements Observer {

    /** What a debugger is told. @param thread who; null: the process has ended, with the word of wait(2) as {@code signal} */
    record Report(UnixThread thread, int signal, boolean executed) {}

    private static final long LOOK = 20, PATIENCE = 1000, JOB = 10;
    private static final Runnable NOTHING = () -> {};

    /** A thread that is held. */
    private static final class Held {
        final UnixThread thread;
        final LinkedBlockingQueue<Runnable> jobs = new LinkedBlockingQueue<>();
        /** What it is to get when it goes on. */
        volatile SignalInfo info;

        Held(UnixThread thread, SignalInfo info) {
            this.thread = thread;
            this.info = info;
        }
    }

    private final UnixProcess process;
    private final Breakpoints breakpoints = new Breakpoints();
    private final Consumer<Report> reports;
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();
    /** Who may run; null: all. */
    private volatile Set<Integer> allowed;
    private volatile boolean attached = true;
    /** Whether a stop that nothing in the program caused has been reported: at its beginning, or when the debugger attached. */
    private volatile boolean entered;
    /** Whether the debugger wants to know of another program, and whether there is one that it has not been told of. */
    private volatile boolean tellsExecuted;
    private volatile boolean executed;
    /** Whether a signal is on its way that only is to end waits. */
    private volatile boolean knocking;
    /** Whether a report is under way or all are held: what happens now is told later. */
    private boolean reported;

    /** @param reports is given what to tell, and must not wait */
    Target(UnixProcess process, Consumer<Report> reports) {
        this.process = process;
        this.reports = reports;
    }

    UnixProcess process() {
        return process;
    }

    // In the program's strands

    @Override
    public void attention(UnixThread thread) {
        if (!entered) {
            entered = true;
            hold(thread, null, GdbSignals.TRAP);
        } else if (attached && !mayRun(thread)) {
            hold(thread, null, 0);
        }
    }

    @Override
    public SignalInfo signal(UnixThread thread, SignalInfo info) {
        if (knocking && info.signal() == Signal.SIGTRAP) {
            knocking = false;
            return null;
        }
        if (!attached || info.signal() == Signal.SIGKILL) {
            return info;
        }
        UserContext context = thread.context();
        if (info.signal() == Signal.SIGTRAP && breakpoints.at(context.pc() - 4)) {
            if (!claim()) {
                // Another thread's stop came first: it comes by here once more.
                context.setPc(context.pc() - 4);
                return hold(thread, null, 0);
            }
            return holdReported(thread, info, GdbSignals.TRAP);
        }
        return hold(thread, info, GdbSignals.toGdb(info.signal()));
    }

    /** Waits until the thread may run. @param signal what is reported, in GDB's numbers, once nothing else is; 0: nothing */
    private SignalInfo hold(UnixThread thread, SignalInfo info, int signal) {
        while (signal != 0 && attached && !doomed(thread) && !claim()) {
            hold(thread, null, 0);
        }
        return holdReported(thread, info, attached ? signal : 0);
    }

    private synchronized boolean claim() {
        boolean mine = !reported;
        reported = true;
        return mine;
    }

    private SignalInfo holdReported(UnixThread thread, SignalInfo info, int signal) {
        Held here = new Held(thread, info);
        if (signal != 0) {
            allowed = Set.of();
        }
        held.put(thread.id(), here);
        if (signal != 0) {
            process.requestAttention();
            reports.accept(new Report(thread, signal, claimExecuted()));
        }
        while (attached && !doomed(thread) && !mayRun(thread)) {
            try {
                Runnable job = here.jobs.poll(LOOK, TimeUnit.MILLISECONDS);
                if (job != null) {
                    job.run();
                }
            } catch (InterruptedException e) {
                // whoever sends a signal has queued it as well
            }
        }
        held.remove(thread.id(), here);
        // Who asked for something meanwhile gets it.
        for (Runnable job = here.jobs.poll(); job != null; job = here.jobs.poll()) {
            job.run();
        }
        return here.info;
    }

    private static boolean doomed(UnixThread thread) {
        return thread.signals().doomed();
    }

    private boolean mayRun(UnixThread thread) {
        Set<Integer> now = allowed;
        return now == null || now.contains(thread.id());
    }

    @Override
    public void forked(UnixProcess child, UserContext context) {
        breakpoints.show(context, child.map(), false);
    }

    @Override
    public void lent(UnixThread thread) {
        breakpoints.show(thread.context(), thread.map(), false);
    }

    @Override
    public void returned(UnixThread thread) {
        breakpoints.show(thread.context(), thread.map(), true);
    }

    /** The debugger, if it wants to know, is told when the call ends and the new program is about to begin. */
    @Override
    public void executed(UnixThread thread) {
        breakpoints.forget();
        if (tellsExecuted && attached) {
            executed = true;
            entered = false;
            process.requestAttention();
        }
    }

    private boolean claimExecuted() {
        boolean was = executed;
        executed = false;
        return was;
    }

    @Override
    public void ended(int word) {
        if (attached) {
            reports.accept(new Report(null, word, false));
        }
    }

    // In the debugger's strand

    /** Waits until nobody runs: all are held, or in system calls. */
    void settle() throws InterruptedException {
        process.requestAttention();
        for (long i = 0; i < PATIENCE; i++) {
            if (process.list().stream().allMatch(thread -> held.containsKey(thread.id()) || !thread.computing())) {
                return;
            }
            Thread.sleep(1);
        }
    }

    /** Makes all stop when a debugger attaches. A signal ends waits, which are begun again; who blocks it is stopped when the call ends. */
    void stop() {
        knocking = true;
        process.send(SignalInfo.kernel(Signal.SIGTRAP));
        process.requestAttention();
    }

    /** The debugger wants to know when another program is executed. */
    void tellExecuted() {
        tellsExecuted = true;
    }

    /** Makes all stop, as a user at a terminal does: by SIGINT, which ends waits. */
    void interrupt() {
        process.send(SignalInfo.kernel(GdbSignals.INT));
    }

    /** The threads, by id. */
    java.util.List<UnixThread> threads() {
        return process.list();
    }

    UnixThread find(int id) {
        return process.list().stream().filter(thread -> thread.id() == id).findFirst().orElse(null);
    }

    /** What a thread gets when it goes on. @param signal the Alpha's number; 0: nothing */
    void give(int id, int signal) {
        Held one = held.get(id);
        if (one != null && (one.info == null || one.info.signal() != signal)) {
            one.info = signal == 0
                    ? null
                    : SignalInfo.from(signal, Signal.SI_USER, process.id(), process.kernel().user());
        }
    }

    /** Lets threads run. @param ids whom; null: all */
    void resume(Set<Integer> ids) {
        synchronized (this) {
            reported = false;
        }
        allowed = ids;
        held.values().forEach(one -> one.jobs.add(NOTHING));
    }

    /** Lets all run, for good. What was reported is not delivered. */
    void detach() {
        held.values().forEach(one -> one.info = null);
        allowed = null;
        attached = false;
        held.values().forEach(one -> one.jobs.add(NOTHING));
    }

    void kill() {
        detach();
        process.signal(Signal.SIGKILL);
    }

    /** Has something done with a thread's context in its strand. @return null: it is not held, or could not be done */
    private <T> T in(UnixThread thread, Function<UserContext, T> what) {
        Held one = thread == null ? null : held.get(thread.id());
        one = one == null ? held.values().stream().findFirst().orElse(null) : one;
        if (one == null) {
            return null;
        }
        var result = new CompletableFuture<T>();
        UserContext context = one.thread.context();
        one.jobs.add(() -> {
            try {
                result.complete(what.apply(context));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(JOB, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            System.getLogger(Target.class.getName()).log(System.Logger.Level.DEBUG, "a debugger's wish failed", e);
            return null;
        }
    }

    /** Memory, at most as much as wanted; null: none there. */
    byte[] read(UnixThread thread, long address, int length) {
        return in(thread, context -> {
            byte[] bytes = new byte[length];
            int got = breakpoints.read(context, address, bytes);
            return got == 0 && length > 0 ? null : java.util.Arrays.copyOf(bytes, got);
        });
    }

    boolean write(UnixThread thread, long address, byte[] bytes) {
        return Boolean.TRUE.equals(in(thread, context -> breakpoints.write(context, process.map(), address, bytes)));
    }

    boolean plant(long address) {
        return Boolean.TRUE.equals(in(null, context -> breakpoints.plant(context, process.map(), address)));
    }

    boolean remove(long address) {
        return Boolean.TRUE.equals(in(null, context -> {
            breakpoints.remove(context, process.map(), address);
            return true;
        }));
    }

    /** Takes all breakpoints away. */
    void removeAll() {
        in(null, context -> {
            breakpoints.show(context, process.map(), false);
            breakpoints.forget();
            return true;
        });
    }

    boolean planted(long address) {
        return breakpoints.at(address);
    }
}
