package hw.alpha.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Frames go to those who wait, in turn. */
class FreeFramesTest {

    private final FreeFrames frames = new FreeFrames(2);

    private static int number(int taken) {
        return taken & ~FreeFrames.UNUSED;
    }

    @Test
    void whatNobodyHadIsMarked() {
        assertEquals(FreeFrames.UNUSED, frames.take());
        assertEquals(1 | FreeFrames.UNUSED, frames.take());
        assertEquals(FreeFrames.NONE, frames.take());
        frames.put(1);
        assertEquals(1, frames.take());
    }

    @Test
    void whoClaimsGetsOneThatIsFree() {
        FreeFrames.Claim claim = frames.claim();
        assertEquals(0, number(frames.granted(claim)));
        assertEquals(1, frames.count());
    }

    @Test
    void aFrameThatIsFreedIsTheFirstOnesAndNobodyElses() {
        frames.take();
        frames.take();
        FreeFrames.Claim first = frames.claim();
        FreeFrames.Claim second = frames.claim();
        frames.put(1);
        assertEquals(0, frames.count());
        assertEquals(FreeFrames.NONE, frames.take(), "it is not to be had by who comes now");
        assertEquals(1, frames.leave(first));
        assertEquals(FreeFrames.NONE, frames.granted(second));
        frames.put(0);
        assertEquals(0, frames.leave(second));
        assertEquals(2, frames.freed());
    }

    @Test
    void whoDoesTheWorkIsFirst() {
        frames.take();
        frames.take();
        FreeFrames.Claim waits = frames.claim();
        FreeFrames.Claim works = frames.claim();
        frames.first(works);
        frames.put(0);
        assertEquals(0, frames.granted(works));
        assertEquals(FreeFrames.NONE, frames.leave(waits));
        frames.put(1);
        assertEquals(1, frames.take(), "who has left gets none");
    }

    @Test
    void theHostMayHaveLess() {
        assertEquals(0, number(frames.take()));
        frames.endAt(1);
        assertEquals(0, frames.count());
        assertEquals(FreeFrames.NONE, frames.take());
        frames.put(0);
        assertNotEquals(FreeFrames.NONE, frames.take());
    }
}
