package kernel.core.dispatcher;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import kernel.core.dispatch.Checkpoint;
import kernel.core.dispatch.TimeLimitExceeded;
import kernel.core.dispatcher.link.Around;

/**
 * Watches over calls of handlers that may take only so long. A call is entered under its strand, which alone puts it there
 * and takes it away; the watchdog looks at all of them and acts on those that are late, under the call's monitor, so that a
 * call that has ended is not stopped any more. One thread for all limits, while there are any calls.
 */
final class TimeLimits {

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(1);

    private final Map<Thread, Call> calls = new ConcurrentHashMap<>();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile Thread watchdog;

    /** One call under way. */
    private static final class Call {
        final Limit limit;
        final Thread thread;
        final Call outer;
        long deadline;
        boolean late;
        boolean ended;

        Call(Limit limit, Thread thread, long deadline, Call outer) {
            this.limit = limit;
            this.thread = thread;
            this.deadline = deadline;
            this.outer = outer;
        }
    }

    /** What happens to calls that are late. */
    interface Late {
        /** Told once for each period, in the watchdog's thread. */
        void late(Thread thread);
    }

    /** Stops handlers that take longer than that, nanoseconds. */
    Around stopping(String name, long nanos) {
        return new Limit(name + " exceeded its time limit of " + nanos / 1000 + " us", nanos, null);
    }

    /** Tells of handlers that take longer than that, nanoseconds. */
    Around telling(long nanos, Late late) {
        return new Limit("", nanos, late);
    }

    private final class Limit implements Around {
        private final String why;
        private final long nanos;
        private final Late told;

        Limit(String why, long nanos, Late told) {
            this.why = why;
            this.nanos = nanos;
            this.told = told;
        }

        @Override
        public long enter(int method) {
            Thread thread = Thread.currentThread();
            long deadline = System.nanoTime() + nanos;
            calls.put(thread, new Call(this, thread, deadline, calls.get(thread)));
            watch();
            return deadline;
        }

        @Override
        public void leave(int method, long entered) {
            if (end()) {
                throw new TimeLimitExceeded(why); // it ended by itself, but late
            }
        }

        @Override
        public Throwable failed(int method, long entered, Throwable failure) {
            if (!end()) {
                return failure;
            }
            TimeLimitExceeded exceeded = new TimeLimitExceeded(why);
            if (!(failure instanceof TimeLimitExceeded)) {
                exceeded.addSuppressed(failure);
            } else {
                exceeded.setStackTrace(failure.getStackTrace());
            }
            return exceeded;
        }

        /** @return whether it was stopped */
        private boolean end() {
            Thread thread = Thread.currentThread();
            Call call = calls.get(thread);
            if (call.outer == null) {
                calls.remove(thread);
            } else {
                calls.put(thread, call.outer);
            }
            synchronized (call) {
                call.ended = true;
                if (call.late && told == null) {
                    Thread.interrupted(); // the watchdog's doing; whoever else interrupted now is told by the failure
                    Checkpoint.go(thread);
                    return true;
                }
                return false;
            }
        }
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            Thread thread = Thread.ofPlatform().daemon().name("event time limits").unstarted(this::look);
            watchdog = thread;
            thread.start();
        }
    }

    private void look() {
        long idle = 0;
        while (idle < 1000) {
            long now = System.nanoTime();
            long nearest = now + LOOK;
            idle = calls.isEmpty() ? idle + 1 : 0;
            for (Call call : calls.values()) {
                // the calls around it have limits of their own
                for (Call c = call; c != null; c = c.outer) {
                    if (c.deadline - now <= 0) {
                        late(c, now);
                    } else if (c.deadline - nearest < 0) {
                        nearest = c.deadline;
                    }
                }
            }
            LockSupport.parkNanos(Math.max(nearest - System.nanoTime(), 10_000));
        }
        watchdog = null;
        watched.set(false);
        if (!calls.isEmpty()) {
            watch();
        }
    }

    private void late(Call call, long now) {
        synchronized (call) {
            if (call.ended) {
                return;
            }
            call.late = true;
            if (call.limit.told == null) {
                call.deadline = now + LOOK; // again, if it takes no notice
                Checkpoint.stop(call.thread, call.limit.why);
                call.thread.interrupt();
                return;
            }
            call.deadline = now + call.limit.nanos;
        }
        call.limit.told.late(call.thread);
    }
}
