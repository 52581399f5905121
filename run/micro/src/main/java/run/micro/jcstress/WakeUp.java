package run.micro.jcstress;

import java.util.concurrent.Semaphore;
import kernel.core.strand.Schedulers;
import kernel.core.strand.Strand;
import kernel.ext.sched.provider.StrandService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Block beside Unblock beside a change of the policy: no wake-up is lost, and nobody runs twice. */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The strand was woken, and its body ran once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The strand was lost, or ran twice.")
public class WakeUp {

    private static final StrandService STRANDS = StrandService.standalone(2);

    private final Semaphore go = new Semaphore(0);
    private volatile int ran;
    /** Is about to block when the actors begin. */
    private final Strand strand = STRANDS.fork("waits", () -> {
        go.acquireUninterruptibly();
        ran++; // it alone writes
    });

    /** Wakes it. */
    @Actor
    public void unblock(II_Result result) {
        go.release();
        result.r1 = Ended.in(strand) ? 1 : 0;
        result.r2 = ran;
    }

    /** Hands all that is ready to another policy meanwhile. */
    @Actor
    public void swap() {
        STRANDS.choose(Schedulers.DEFAULT);
    }
}
