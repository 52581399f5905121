package run.micro.jcstress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Raises of two events beside a swap over both: who has seen the change on one sees it on the other afterwards. */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The same generation twice.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The swap took effect in between.")
@Outcome(id = "-1, 1", expect = Expect.FORBIDDEN, desc = "Back to the old generation.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The second number is how many handlers ran: lost or doubled.")
public class SwapOfTwoEvents {

    /** Changes. */
    @Actor
    public void swap() {
        Generations.swap();
    }

    /** Raises both. */
    @Actor
    public void raise(II_Result result) {
        Generations.Token right = new Generations.Token();
        Generations.RIGHT.seen(right);
        Generations.Token left = new Generations.Token();
        Generations.LEFT.seen(left);
        result.r1 = Long.compare(left.generation, right.generation);
        result.r2 = right.marks;
    }
}
