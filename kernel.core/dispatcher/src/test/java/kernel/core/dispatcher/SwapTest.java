package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.dispatch.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SwapTest {

    /** One half of a service. */
    @Event
    public interface Left {
        int left();
    }

    /** The other half. */
    @Event
    public interface Right {
        int right();
    }

    @Test
    void whoHasSeenAnyOfASwapSeesAllOfIt() throws Exception {
        EventType left = Sample.event(Left.class, TimeUnit.SECONDS.toNanos(1));
        EventType right = Sample.event(Right.class, TimeUnit.SECONDS.toNanos(1));
        Left callLeft = (Left) left.stub();
        Right callRight = (Right) right.stub();
        Member oldLeft = Sample.intrinsic((Left) () -> 0);
        Member oldRight = Sample.intrinsic((Right) () -> 0);
        left.add(oldLeft);
        right.add(oldRight);
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Long> wrong = CompletableFuture.supplyAsync(() -> {
            long count = 0;
            int latest = 0;
            while (!stop.get()) {
                int l = callLeft.left();
                int r = callRight.right();
                int again = callLeft.left();
                count += l < latest || r < l || again < r ? 1 : 0; // the versions only grow
                latest = again;
            }
            return count;
        }, task -> Thread.ofPlatform().daemon().start(task));
        for (int i = 1; i <= 3000; i++) {
            int version = i;
            Member newLeft = Sample.intrinsic((Left) () -> version);
            Member newRight = Sample.intrinsic((Right) () -> version);
            left.prepare(newLeft);
            right.prepare(newRight);
            Swap swap = new Swap();
            swap.out(left, oldLeft);
            swap.out(right, oldRight);
            swap.in(left, newLeft);
            swap.in(right, newRight);
            swap.commit();
            oldLeft = newLeft;
            oldRight = newRight;
        }
        stop.set(true);
        assertEquals(0, wrong.get(30, TimeUnit.SECONDS));
        assertEquals(3000, callLeft.left());
        assertEquals(3000, callRight.right());
    }
}
