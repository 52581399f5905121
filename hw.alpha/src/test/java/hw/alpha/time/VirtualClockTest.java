package hw.alpha.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VirtualClockTest {

    private final List<Long> seeds = new ArrayList<>();
    private final VirtualClock clock = new VirtualClock(seeds::add);

    @Test
    void instructionsMoveItOn() {
        clock.ran(1000);
        assertEquals(2000, clock.monotonicTime());
        clock.interruptAt(2010);
        assertEquals(5, clock.left());
        clock.ran(5);
        assertEquals(0, clock.left());
        clock.interrupt();
        assertEquals(Long.MAX_VALUE, clock.left(), "once only");
    }

    @Test
    void skipsToWhoeverWaitsForTheEarliestTime() throws InterruptedException {
        List<String> woken = new CopyOnWriteArrayList<>();
        Thread late = sleeper("late", 3_000_000_000L, woken);
        Thread early = sleeper("early", 1_000_000_000L, woken);
        assertFalse(clock.skip(), "there is no run");
        clock.ran(50);
        clock.begin(7);
        assertEquals(List.of(7L), seeds);
        assertEquals(7, clock.seed());
        late.join();
        early.join();
        assertEquals(0, clock.monotonicTime(), "a run begins at the same time, and ends what was waited for before");
        assertFalse(clock.skip(), "nobody waits");
        woken.clear();
        late = sleeper("late", 3_000_000_000L, woken);
        early = sleeper("early", 1_000_000_000L, woken);
        assertTrue(clock.skip());
        early.join();
        assertEquals(1_000_000_000L, clock.monotonicTime());
        assertTrue(clock.skip());
        late.join();
        assertEquals(3_000_000_000L, clock.monotonicTime());
        assertEquals(List.of("early", "late"), woken);
        clock.end();
        assertFalse(clock.skip());
    }

    /** A thread that sleeps already. */
    private Thread sleeper(String name, long nanoseconds, List<String> woken) throws InterruptedException {
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                clock.sleep(nanoseconds);
                woken.add(name);
            } catch (InterruptedException e) {
                woken.add(e.toString());
            }
        });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        return thread;
    }
}
