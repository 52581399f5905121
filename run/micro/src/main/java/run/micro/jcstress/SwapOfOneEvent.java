package run.micro.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A raise beside a swap of both handlers of its event: it runs both of one generation. */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "Both handlers of one generation ran.")
@Outcome(expect = Expect.FORBIDDEN, desc = "How many ran, and whether of different generations: lost, doubled or torn.")
public class SwapOfOneEvent {

    /** Changes. */
    @Actor
    public void swap() {
        Generations.swap();
    }

    /** Raises. */
    @Actor
    public void raise(II_Result result) {
        Generations.Token token = new Generations.Token();
        Generations.LEFT.seen(token);
        result.r1 = token.marks;
        result.r2 = token.torn ? 1 : 0;
    }
}
