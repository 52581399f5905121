package run.measure.soak.dispatch;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import run.measure.soak.Failures;

/**
 * Calls asynchronous handlers with all kinds of overflow: when the handler has been closed, all calls have run that were
 * not dropped, once each, and in their order unless the raiser ran some of them itself.
 */
final class LateCaller extends Actor {

    private static final int CALLS = 300;

    private final Dispatcher dispatcher;
    private final Late event;
    private final SplittableRandom random;

    LateCaller(Dispatcher dispatcher, SplittableRandom random, Failures failures) {
        super("late-calls", failures);
        this.dispatcher = dispatcher;
        this.random = random;
        event = dispatcher.stub(Late.class);
    }

    @Override
    long act() {
        String overflow = switch (random.nextInt(3)) {
            case 0 -> Binding.WAIT;
            case 1 -> Binding.DROP;
            default -> Binding.RUN;
        };
        AtomicLong ran = new AtomicLong();
        AtomicLong sum = new AtomicLong();
        AtomicLong last = new AtomicLong(-1);
        Bound bound = dispatcher.bind(Binding.handler(Late.class, number -> {
            ran.incrementAndGet();
            sum.addAndGet(number);
            if (last.getAndSet(number) >= number && !overflow.equals(Binding.RUN)) {
                fail("call " + number + " ran after a later one");
            }
        }).name("late").async(random.nextInt(1, 200), overflow));
        for (int i = 0; i < CALLS; i++) {
            event.late(i);
        }
        bound.close();
        long all = ran.get();
        if (overflow.equals(Binding.DROP)) {
            expect(all <= CALLS, all + " of " + CALLS + " calls ran");
        } else {
            expect(all == CALLS && sum.get() == (long) CALLS * (CALLS - 1) / 2,
                    all + " of " + CALLS + " asynchronous calls ran, overflow " + overflow);
        }
        event.late(CALLS);
        expect(ran.get() == all, "an asynchronous handler ran after it was unbound");
        return CALLS;
    }
}
