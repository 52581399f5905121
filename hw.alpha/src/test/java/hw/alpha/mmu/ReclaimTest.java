package hw.alpha.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.Test;

/** Marks of frames, and frames that are taken back. */
class ReclaimTest {

    private static final int FRAMES = 32;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;
    private static final long PAGE = PageFrame.SIZE;

    private final PhysicalMemory memory = new PhysicalMemory(FRAMES * PAGE);
    private final List<Frame> taken = new ArrayList<>();

    private final FrameOwner generous = new FrameOwner() {
        @Override
        public boolean used(Frame frame) {
            return false;
        }

        @Override
        public boolean repossess(Frame frame) {
            taken.add(frame);
            memory.free(frame);
            return true;
        }
    };
    private final FrameOwner mean = new FrameOwner() {
        @Override
        public boolean used(Frame frame) {
            return true;
        }

        @Override
        public boolean repossess(Frame frame) {
            return false;
        }
    };

    @Test
    void withoutAPolicyTheOldestFrameIsTaken() {
        List<Frame> given = new ArrayList<>();
        for (int i = 0; i < 2 * FRAMES; i++) {
            given.add(memory.allocate(generous));
            assertNotNull(given.getLast());
        }
        assertEquals(given.subList(0, taken.size()), taken);
        assertTrue(memory.free() >= memory.low() - 1);
        assertEquals(taken.size(), memory.reclaimed().taken());
    }

    @Test
    void framesWithoutAnOwnerAreNeverTaken() {
        for (int i = 0; i < FRAMES; i++) {
            assertNotNull(memory.allocate());
        }
        assertNull(memory.allocate());
        assertNull(memory.allocate(generous));
        assertTrue(taken.isEmpty());
    }

    @Test
    void anOwnerThatRefusesIsPassedOver() {
        for (int i = 0; i < FRAMES / 2; i++) {
            assertNotNull(memory.allocate(mean));
        }
        for (int i = 0; i < FRAMES; i++) {
            assertNotNull(memory.allocate(generous));
        }
        assertTrue(memory.reclaimed().refused() >= FRAMES / 2);
    }

    @Test
    void whenAllRefuseThereIsNone() {
        int count = 0;
        while (memory.allocate(mean) != null) {
            count++;
        }
        assertEquals(FRAMES, count);
        assertNull(memory.allocate(generous));
    }

    @Test
    void anOwnerMayAllocateWhileItGivesBack() {
        FrameOwner packer = new FrameOwner() {
            private Frame box;

            @Override
            public boolean used(Frame frame) {
                return false;
            }

            @Override
            public boolean repossess(Frame frame) {
                box = box == null ? memory.allocate(mean) : box;
                memory.free(frame);
                return true;
            }
        };
        for (int i = 0; i < 2 * FRAMES; i++) {
            assertNotNull(memory.allocate(packer));
        }
    }

    /** While one round takes its time others wait for frames, each as long as it takes to free one, and nobody for ever. */
    @Test
    void manyThatNeedFramesAllGetThem() throws Exception {
        var failed = new ConcurrentLinkedQueue<String>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 50 * FRAMES; n++) {
                    if (memory.allocate(new Giver()) == null) {
                        failed.add("frame " + n);
                    }
                }
            }));
        }
        for (Thread one : all) {
            assertTrue(one.join(Duration.ofMinutes(2)));
        }
        assertEquals(List.of(), List.copyOf(failed));
        assertTrue(memory.free() <= FRAMES);
    }

    /** Gives its frame, and others the processor before. */
    private final class Giver implements FrameOwner {
        @Override
        public boolean used(Frame frame) {
            return false;
        }

        @Override
        public boolean repossess(Frame frame) {
            Thread.yield();
            memory.free(frame);
            return true;
        }
    }

    @Test
    void marksTellWhatUserCodeDid() {
        PageTable table = new PageTable(new Translations());
        TranslationBuffer buffer = new TranslationBuffer();
        table.attach(buffer);
        Frame frame = memory.allocate();
        frame.write(0, new byte[8], 0, 8);
        table.map(PAGE, frame, RW);
        assertEquals(0, frame.marks(), "neither a pager's transfer nor mapping it is a use");
        table.fill(buffer, PAGE, false);
        assertEquals(Frame.USED, frame.marks());
        table.fill(buffer, PAGE, true);
        assertEquals(Frame.USED | Frame.CHANGED, frame.marks());
        frame.clear(Frame.USED);
        assertEquals(Frame.CHANGED, frame.marks());
        assertTrue(buffer.present(PAGE, false));
        table.refresh(PAGE);
        assertFalse(buffer.present(PAGE, false), "so that the next use is noticed");
        assertFalse(buffer.present(PAGE, true));
        frame.clear(Frame.CHANGED);
        table.copyIn(PAGE, new byte[8], 0, 8);
        assertEquals(Frame.USED, frame.marks());
        table.copyOut(PAGE, new byte[8], 0, 8);
        assertEquals(Frame.USED | Frame.CHANGED, frame.marks());
    }
}
