package run.micro.jcstress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kernel.core.strand.Strand;
import kernel.ext.sched.provider.StrandService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two unblock a strand at once that yields and parks: it is queued once, and no two processors have it. */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It ended, and was on one processor at a time.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It was lost, or on two processors, or had more turns than it can have.")
public class OneProcessorAtATime {

    private static final StrandService STRANDS = StrandService.standalone(2);
    /** First run, one yield, and a turn for each wake-up of a park, of which the last may be for nothing. */
    private static final int MOST = 5;

    private final AtomicInteger wakers = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private final Strand strand = STRANDS.fork("waits", () -> {
        turns.incrementAndGet();
        Thread.yield();
        while (wakers.get() < 2) {
            LockSupport.park();
            turns.incrementAndGet();
        }
    });

    private int wakeAndLook() {
        wakers.incrementAndGet();
        LockSupport.unpark(strand.thread());
        var processors = STRANDS.processors();
        boolean twice = processors.getFirst().running() == strand && processors.getLast().running() == strand
                && processors.getFirst().switches() == STRANDS.processors().getFirst().switches();
        return !Ended.in(strand) ? 0 : twice || turns.get() > MOST ? 2 : 1;
    }

    /** Wakes it. */
    @Actor
    public void one(II_Result result) {
        result.r1 = wakeAndLook();
    }

    /** Wakes it too. */
    @Actor
    public void two(II_Result result) {
        result.r2 = wakeAndLook();
    }
}
