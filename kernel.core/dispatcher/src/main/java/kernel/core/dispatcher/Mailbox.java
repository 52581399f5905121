package kernel.core.dispatcher;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.QueueFullException;
import kernel.core.dispatcher.link.Outbox;

/**
 * Calls that are to run later, in their order, one after the other. A virtual thread runs them; it is started when there is
 * something to run, and ends when there was nothing for a while. Who adds a call holds a permit for it until it has run;
 * there are as many as the queue is long. No locks; {@link #running} says who may run calls.
 */
final class Mailbox implements Outbox {

    /** How long the thread looks for more before it ends: being started anew costs about as much. */
    private static final long LINGER = TimeUnit.MICROSECONDS.toNanos(50);

    private final String name;
    private final int length;
    private final String overflow;
    private final long patience;
    private final Consumer<Throwable> failed;
    private final Semaphore room;
    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Thread runner;

    /**
     * @param name of event and handler
     * @param length how many calls may be outstanding
     * @param overflow what then: see {@link Binding#OVERFLOW}
     * @param patience longest wait for room, nanoseconds
     * @param failed gets what calls throw
     */
    Mailbox(String name, int length, String overflow, long patience, Consumer<Throwable> failed) {
        this.name = name;
        this.length = length;
        this.overflow = overflow;
        this.patience = patience;
        this.failed = failed;
        room = new Semaphore(length);
    }

    @Override
    public void send(Runnable call) {
        if (!room.tryAcquire() && !makeRoom(call)) {
            return;
        }
        sent.incrementAndGet();
        calls.add(call);
        if (!running.get() && running.compareAndSet(false, true)) {
            Thread.ofVirtual().name(name).start(this::work);
        }
    }

    /** The thread that runs calls at present, or null. */
    Thread runner() {
        return runner;
    }

    private boolean makeRoom(Runnable call) {
        switch (overflow) {
            case Binding.DROP -> dropped.incrementAndGet();
            case Binding.RUN -> run(call);
            case Binding.FAIL -> throw full("");
            default -> {
                try {
                    if (Thread.currentThread() != runner && room.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
                        return true;
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw full(", and the strand was interrupted while it waited for room");
                }
                throw full(Thread.currentThread() == runner
                        ? ", and it is the handler itself that wants to add one"
                        : ", and there was no room within " + TimeUnit.NANOSECONDS.toMillis(patience) + " ms");
            }
        }
        return false;
    }

    private QueueFullException full(String more) {
        return new QueueFullException(name + " has " + length + " calls outstanding" + more
                + ": make the handler faster, its queue longer, or choose another overflow");
    }

    private void work() {
        runner = Thread.currentThread();
        while (true) {
            Runnable call = next();
            if (call == null) {
                runner = null;
                running.set(false);
                // a call that was added between the last look and this must not be left lying
                if (calls.isEmpty() || !running.compareAndSet(false, true)) {
                    return;
                }
                runner = Thread.currentThread();
                continue;
            }
            try {
                run(call);
            } finally {
                done.incrementAndGet();
                room.release();
            }
        }
    }

    private Runnable next() {
        Runnable call = calls.poll();
        if (call != null) {
            return call;
        }
        long until = System.nanoTime() + LINGER;
        do {
            Thread.onSpinWait();
            call = calls.poll();
        } while (call == null && System.nanoTime() < until);
        return call;
    }

    private void run(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // whatever it is: nobody else would see it
            failed.accept(e);
        }
    }

    /**
     * Waits until what has been sent so far has run.
     *
     * @return whether it has, within the time
     */
    boolean drain(long nanos) throws InterruptedException {
        long target = sent.get();
        long until = System.nanoTime() + nanos;
        while (done.get() < target && Thread.currentThread() != runner) {
            if (System.nanoTime() > until) {
                return false;
            }
            LockSupport.parkNanos(50_000);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }

    /** Forgets what has not begun. @return how many calls that were */
    int discard() {
        int count = 0;
        while (calls.poll() != null) {
            count++;
            done.incrementAndGet();
            room.release();
        }
        return count;
    }

    /** For people. */
    String state() {
        long lost = dropped.get();
        return (sent.get() - done.get()) + " outstanding" + (lost == 0 ? "" : ", " + lost + " dropped");
    }
}
