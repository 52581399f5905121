package kernel.ext.sched.provider;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits until the JDK has told of all virtual threads that may enter the monitor that they waited for. It has a thread for that,
 * which takes all there are and tells of one after the other, in no order; whether it is at rest nobody can ask. So a virtual thread of
 * ours is made to wait for a monitor and let in: when that is told, those before it are taken, and when it is told of a second one, they
 * have been told of. However long the host takes.
 */
final class Unblocked {

    private Unblocked() {}

    /** A virtual thread that is run by whoever has made it. */
    private static final class Probe implements Executor {
        private final Thread maker = Thread.currentThread();
        private final Thread thread;
        private volatile Runnable task;

        Probe(Runnable body) {
            thread = VirtualThreads.unstarted("probe", this, body);
            thread.start();
        }

        @Override
        public void execute(Runnable told) {
            task = told;
            LockSupport.unpark(maker);
        }

        /** Runs it, as soon as it can be, until it waits, gives way or ends. */
        void run() {
            while (task == null && thread.isAlive()) {
                LockSupport.park(this);
            }
            Runnable now = task;
            task = null;
            if (now != null) {
                now.run();
            }
        }
    }

    /** In a thread of the host, which runs no strand meanwhile. */
    static void await() {
        for (int i = 0; i < 2; i++) {
            Object monitor = new Object();
            Probe holder = new Probe(() -> {
                synchronized (monitor) {
                    Thread.yield();
                }
            });
            holder.run();
            Probe waiter = new Probe(() -> {
                synchronized (monitor) {
                    // let in
                }
            });
            waiter.run(); // waits
            holder.run(); // lets it in
            waiter.run(); // when that has been told
        }
    }
}
