package run.itest.guest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandGroup;
import kernel.core.strand.StrandLock;
import kernel.core.strand.Strands;
import kernel.core.strand.ThreadPackage;
import kernel.core.strand.ThreadPackages;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Does what its manifest says: offers a scheduling policy {@code hostile} that goes wrong after some calls, installs a thread package
 * and never closes it, or makes two strands wait for each other.
 */
public final class Hostile implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        String does = context.getBundle().getHeaders("").get("Hostile-Does");
        switch (does) {
            case "deadlock" -> deadlock(context.getService(context.getServiceReference(Strands.class)));
            case "package" -> leave(context.getService(context.getServiceReference(ThreadPackages.class)));
            default -> context.registerService(SchedulingPolicy.class, new Policy(does),
                    new Hashtable<>(Map.of(SchedulingPolicy.NAME, "hostile")));
        }
    }

    @Override
    public void stop(BundleContext context) {
        // leaves everything as it is
    }

    private static void deadlock(Strands strands) {
        StrandLock left = strands.lock("left fork");
        StrandLock right = strands.lock("right fork");
        CountDownLatch both = new CountDownLatch(2);
        strands.fork("philosopher 1", () -> cross(left, right, both));
        strands.fork("philosopher 2", () -> cross(right, left, both));
    }

    private static void cross(StrandLock first, StrandLock second, CountDownLatch both) {
        first.lock();
        try {
            both.countDown();
            both.await();
            second.lockInterruptibly();
            second.unlock();
        } catch (InterruptedException e) {
            // that is how it is ended
        } finally {
            first.unlock();
        }
    }

    private static void leave(ThreadPackages packages) {
        Deque<Strand> ready = new ArrayDeque<>();
        StrandGroup group = packages.install("left behind", Parameters.USUAL, 1, new ThreadPackage() {
            @Override
            public void unblock(Strand strand) {
                ready.add(strand);
            }

            @Override
            public void block(Strand strand) {
                ready.remove(strand);
            }

            @Override
            public void checkpoint(Strand strand) {
                ready.add(strand);
            }

            @Override
            public Strand resume() {
                return ready.poll();
            }
        });
        for (int i = 0; i < 3; i++) {
            group.fork("left behind", () -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.yield();
                }
            });
        }
    }

    /** First come, first served, until it goes wrong. */
    private static final class Policy implements SchedulingPolicy {
        private static final int GOOD = 20;

        private final String does;
        private final Deque<Schedulable> queue = new ArrayDeque<>();
        private Schedulable last;
        private int calls;

        Policy(String does) {
            this.does = does;
        }

        @Override
        public void begin(int processors) {
            queue.clear();
        }

        @Override
        public void ready(Schedulable strand, Reason reason, long now) {
            if (!does.equals("loses") || calls < GOOD || !strand.name().startsWith("unix")) {
                queue.add(strand);
            }
        }

        @Override
        public Schedulable next(int processor, long now) {
            if (calls++ > GOOD) {
                switch (does) {
                    case "throws" -> throw new IllegalStateException("on purpose");
                    case "lies" -> {
                        return queue.contains(last) ? queue.poll() : last; // the one that runs, or waits
                    }
                    case "starves" -> {
                        return null;
                    }
                    case "stalls" -> {
                        for (long end = System.nanoTime() + 3_000_000_000L; System.nanoTime() < end;) {
                            Thread.onSpinWait();
                        }
                    }
                    default -> {
                        // goes on
                    }
                }
            }
            last = queue.poll();
            return last;
        }
    }
}
