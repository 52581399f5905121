package run.measure.soak.dispatch;

import run.measure.soak.Failures;

/**
 * Raises the two events by turns: each raise must have run the handlers of one generation, all of them and once, and no
 * older one than the raise before, on whichever of the events that was.
 */
final class PairRaiser extends Actor {

    private static final int TURNS = 500;

    private final Left left;
    private final Right right;
    private final Token token = new Token();
    private long last;

    PairRaiser(Left left, Right right, Failures failures) {
        super("raises", failures);
        this.left = left;
        this.right = right;
    }

    @Override
    long act() {
        for (int i = 0; i < TURNS; i++) {
            token.begin();
            left.seen(token);
            judge(PairSwapper.ON_LEFT);
            token.begin();
            right.seen(token);
            judge(PairSwapper.ON_RIGHT);
        }
        Thread.yield(); // a virtual thread that never waits keeps the others from its carrier
        return 2 * TURNS;
    }

    private void judge(int expected) {
        String wrong = token.wrong(expected, last);
        if (wrong != null) {
            fail(wrong);
        }
        last = token.generation();
    }
}
