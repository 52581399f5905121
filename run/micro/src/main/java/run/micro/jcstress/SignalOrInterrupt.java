package run.micro.jcstress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import kernel.core.strand.Parameters;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandLock;
import kernel.ext.sched.provider.StrandService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two strands wait for a condition; one is interrupted or its time is over while one signal comes: the signal is not lost, the lock
 * excludes, and whoever held it has the priority it had.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "One took the signal, the other gave up or took the second.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A signal or a strand was lost, or two were inside.")
public class SignalOrInterrupt {

    private static final StrandService STRANDS = StrandService.standalone(2);

    private final StrandLock lock = STRANDS.lock("lock");
    private final Condition condition = lock.newCondition();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();
    private volatile boolean overlap;
    private final Strand first = STRANDS.fork("first", Parameters.USUAL.withPriority(900), () -> await(20_000));
    private final Strand second = STRANDS.fork("second", Parameters.USUAL.withPriority(1100),
            () -> await(Long.MAX_VALUE));

    private void await(long nanoseconds) {
        lock.lock();
        try {
            overlap |= inside.incrementAndGet() > 1;
            inside.decrementAndGet();
            boolean signalled = condition.awaitNanos(nanoseconds) > 0;
            overlap |= inside.incrementAndGet() > 1;
            inside.decrementAndGet();
            if (signalled) {
                signals.incrementAndGet();
            }
        } catch (InterruptedException e) {
            // gave up
        } finally {
            lock.unlock();
        }
    }

    /** Signals once somebody waits, until both have ended: each signal is taken by one, or nobody waited. */
    @Actor
    public void signal(II_Result result) {
        long end = System.nanoTime() + Ended.PATIENCE;
        while (second.state() != Strand.State.ENDED && System.nanoTime() < end) {
            lock.lock();
            given.incrementAndGet();
            condition.signal();
            lock.unlock();
            Thread.onSpinWait();
        }
        boolean ended = Ended.in(first) && Ended.in(second);
        result.r1 = ended && !overlap && signals.get() <= given.get() && lock.holder() == null
                && lock.waiting() == 0 ? 1 : 0;
    }

    /** Interrupts the one meanwhile. */
    @Actor
    public void interrupt(II_Result result) {
        first.interrupt();
        result.r2 = Ended.in(first) && first.parameters().priority() == 900 ? 1 : 0;
    }
}
