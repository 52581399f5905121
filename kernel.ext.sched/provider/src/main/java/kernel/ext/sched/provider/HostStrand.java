package kernel.ext.sched.provider;

import java.lang.management.ThreadMXBean;
import java.time.Duration;
import kernel.core.strand.Strand;

/** A strand that is a platform thread of the host. Thread-safe: it holds nothing that changes but what the host keeps. */
final class HostStrand implements Strand {

    private final long id;
    private final Thread thread;
    private final ThreadMXBean threads;

    HostStrand(long id, Thread thread, ThreadMXBean threads) {
        this.id = id;
        this.thread = thread;
        this.threads = threads;
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
        if (!threads.isThreadCpuTimeSupported() || !threads.isThreadCpuTimeEnabled()) {
            return -1;
        }
        return threads.getThreadCpuTime(thread.threadId());
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
}
