package kernel.ext.sched.provider;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.strand.Parameters;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandLock;
import kernel.core.strand.Strands;

/**
 * Strands that are platform threads and that the host schedules: for who uses parts of the kernel in a program of his own,
 * without its scheduler and the JVM option that this needs. What strands ask of the scheduler is noted and not honoured. Thread-safe.
 */
public final class HostStrands implements Strands {

    /** Bytes of stack that a strand asks the host for. */
    private static final long STACK = 512 * 1024;

    private final System.Logger log = System.getLogger(HostStrands.class.getName());
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentSkipListMap<Long, HostStrand> living = new ConcurrentSkipListMap<>();
    private final LockTable locks = new LockTable();

    @Override
    public Strand fork(String name, Parameters parameters, Runnable body) {
        long id = lastId.incrementAndGet();
        var thread = new Thread(null, () -> run(id, name, body), name, STACK);
        thread.setDaemon(true);
        var strand = new HostStrand(id, thread, parameters);
        living.put(id, strand);
        try {
            thread.start();
        } catch (RuntimeException | Error e) {
            living.remove(id);
            throw e;
        }
        return strand;
    }

    private void run(long id, String name, Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            log.log(System.Logger.Level.ERROR, "strand {0} ({1}) ended by {2}", id, name, e);
            log.log(System.Logger.Level.DEBUG, "strand " + id, e);
        } finally {
            living.remove(id);
        }
    }

    @Override
    public Strand current() {
        Thread self = Thread.currentThread();
        return living.values().stream().filter(strand -> strand.thread == self).findFirst().orElse(null);
    }

    /** The host takes processors away when it likes. */
    @Override
    public void checkpoint() {
        // nothing to do
    }

    @Override
    public StrandLock lock(String name) {
        return new PriorityLock(name, locks, thread -> null);
    }

    @Override
    public List<Strand> strands() {
        return List.copyOf(living.values());
    }

    @Override
    public List<String> deadlocks() {
        return locks.deadlocks();
    }

    /** A platform thread. */
    private final class HostStrand implements Strand {

        private final long id;
        private final Thread thread;
        private volatile Parameters parameters;

        HostStrand(long id, Thread thread, Parameters parameters) {
            this.id = id;
            this.thread = thread;
            this.parameters = parameters;
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
        public State state() {
            return switch (thread.getState()) {
                case TERMINATED -> State.ENDED;
                case BLOCKED, WAITING, TIMED_WAITING -> State.BLOCKED;
                case NEW, RUNNABLE -> State.RUNNABLE;
            };
        }

        @Override
        public long processorTime() {
            return threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
                    ? threads.getThreadCpuTime(thread.threadId())
                    : -1;
        }

        @Override
        public int processor() {
            return -1;
        }

        @Override
        public Parameters parameters() {
            return parameters;
        }

        @Override
        public void setParameters(Parameters wanted) {
            parameters = wanted;
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
        public Thread thread() {
            return thread;
        }
    }
}
