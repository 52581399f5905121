package run.measure.soak.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import run.measure.soak.Failures;

/** Replaces all handlers of one generation by those of the next, on both events in one step. */
final class PairSwapper extends Actor {

    /** How many handlers a generation has on {@link Left}. */
    static final int ON_LEFT = 2;
    /** How many it has on {@link Right}. */
    static final int ON_RIGHT = 1;

    private final Dispatcher dispatcher;
    private final SplittableRandom random;
    private List<Bound> bound = List.of();
    private long generation;

    /** Binds the first generation. */
    PairSwapper(Dispatcher dispatcher, SplittableRandom random, Failures failures) {
        super("swaps", failures);
        this.dispatcher = dispatcher;
        this.random = random;
        swap();
    }

    private void swap() {
        long now = ++generation;
        List<Binding<?>> next = new ArrayList<>();
        for (int i = 0; i < ON_LEFT; i++) {
            next.add(Binding.handler(Left.class, token -> token.mark(now)).name("left" + i));
        }
        Binding<Right> one = Binding.handler(Right.class, token -> token.mark(now)).name("right");
        next.add(random.nextBoolean() ? one : one.order(Binding.FIRST));
        bound = dispatcher.swap(bound, next);
    }

    @Override
    long act() throws InterruptedException {
        swap();
        if (random.nextInt(4) != 0) {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(5000));
        }
        return 1;
    }
}
