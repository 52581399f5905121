package run.measure.soak.dispatch;

import java.util.concurrent.atomic.AtomicInteger;

/** A handler that knows whether anybody is inside. Public because the dispatcher looks up its guard. */
public final class Guest implements Left {

    private final Runnable alarm;
    private final boolean slow;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean gone;

    /**
     * @param slow whether it lets others run while somebody is inside
     * @param alarm told when somebody enters who must not
     */
    Guest(boolean slow, Runnable alarm) {
        this.slow = slow;
        this.alarm = alarm;
    }

    /** The guard: nobody may ask it either once the guest is gone. */
    public boolean wants(Token token) {
        if (gone) {
            alarm.run();
        }
        return true;
    }

    @Override
    public void seen(Token token) {
        inside.incrementAndGet();
        if (gone) {
            alarm.run();
        }
        if (slow) {
            Thread.yield();
        }
        inside.decrementAndGet();
    }

    /** It has been unbound. @return how many strands are still inside */
    int leave() {
        gone = true;
        return inside.get();
    }
}
