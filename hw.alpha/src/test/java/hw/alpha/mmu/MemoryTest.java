package hw.alpha.mmu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.mmu.PageTable.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames, page tables and translation buffers. */
@Timeout(60)
class MemoryTest {

    private static final int PAGE = 8192;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;
    private static final int RX = TranslationContext.READ | TranslationContext.EXECUTE;

    private final PhysicalMemory memory = new PhysicalMemory(16L << 20);
    private final Translations translations = new Translations();
    private final PageTable table = (PageTable) translations.create();

    @Test
    void framesAreCounted() {
        assertEquals(2048, memory.total());
        assertEquals(2048, memory.free());
        Frame frame = memory.allocate();
        assertEquals(2047, memory.free());
        memory.free(frame);
        assertEquals(2048, memory.free());
    }

    @Test
    void memoryEnds() {
        for (int i = 0; i < memory.total(); i++) {
            assertEquals((long) i * PAGE, memory.allocate().address());
        }
        assertNull(memory.allocate());
        assertEquals(0, memory.free());
    }

    @Test
    void framesAreZero() {
        byte[] bytes = new byte[PAGE];
        java.util.Arrays.fill(bytes, (byte) 7);
        Frame frame = memory.allocate();
        frame.write(0, bytes, 0, PAGE);
        memory.free(frame);
        Frame again = memory.allocate();
        assertEquals(frame.address(), again.address());
        again.read(0, bytes, 0, PAGE);
        assertArrayEquals(new byte[PAGE], bytes);
    }

    @Test
    void useAfterFreeIsFound() {
        Frame frame = memory.allocate();
        memory.free(frame);
        assertThrows(IllegalStateException.class, () -> memory.free(frame));
        assertThrows(IllegalStateException.class, () -> frame.read(0, new byte[1], 0, 1));
        assertThrows(IllegalStateException.class, () -> table.map(0, frame, RW));
        Frame again = memory.allocate();
        assertNotSame(frame, again);
        assertThrows(IllegalStateException.class, () -> frame.write(0, new byte[1], 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new PhysicalMemory(PAGE).free(again));
    }

    @Test
    void framesHaveBounds() {
        Frame frame = memory.allocate();
        assertThrows(IndexOutOfBoundsException.class, () -> frame.read(PAGE - 1, new byte[2], 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.write(-1, new byte[2], 0, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> frame.write(0, new byte[2], 1, 2));
    }

    @Test
    void mappingsAreWhatWasMapped() {
        Map<Long, Frame> expected = new HashMap<>();
        Random random = new Random(1);
        long[] addresses = {0, PAGE, 512L * PAGE, 512L * 1024 * PAGE, translations.limit() - PAGE, 0x1_2000_0000L};
        for (int i = 0; i < 1000; i++) {
            long page = addresses[random.nextInt(addresses.length)] + (long) random.nextInt(3) * PAGE;
            if (page >= translations.limit()) {
                continue;
            }
            if (random.nextInt(3) == 0) {
                assertSame(expected.remove(page), table.unmap(page + random.nextInt(PAGE)));
            } else {
                Frame frame = memory.allocate();
                assertSame(expected.put(page, frame), table.map(page + random.nextInt(PAGE), frame, RW));
            }
            assertSame(expected.get(page), table.frame(page));
            assertEquals(expected.containsKey(page) ? RW : TranslationContext.UNMAPPED, table.examine(page));
        }
    }

    @Test
    void badMappingsAreRefused() {
        Frame frame = memory.allocate();
        assertThrows(IllegalArgumentException.class, () -> table.map(translations.limit(), frame, RW));
        assertThrows(IllegalArgumentException.class, () -> table.map(-1, frame, RW));
        assertThrows(IllegalArgumentException.class, () -> table.map(0, frame, 8));
        assertNull(table.unmap(-1));
        table.protect(0, RW);
        assertEquals(TranslationContext.UNMAPPED, table.examine(0));
        table.destroy();
        assertThrows(IllegalStateException.class, () -> table.map(0, frame, RW));
        assertEquals(TranslationContext.UNMAPPED, table.examine(0));
    }

    @Test
    void bufferFollowsTheTable() {
        TranslationBuffer buffer = new TranslationBuffer();
        table.attach(buffer);
        assertEquals(Outcome.NOT_PRESENT, table.fill(buffer, 0, false));
        table.map(0, memory.allocate(), RW);
        assertEquals(Outcome.DONE, table.fill(buffer, 5, false));
        assertTrue(!buffer.present(9, true) && buffer.present(9, false));
        assertEquals(Outcome.DONE, table.fill(buffer, 5, true));
        assertTrue(buffer.present(9, true) && buffer.present(9, false));
        table.protect(0, TranslationContext.WRITE);
        assertTrue(buffer.present(9, true) && !buffer.present(9, false));
        assertEquals(Outcome.DONE, table.fill(buffer, 5, true));
        assertTrue(buffer.present(9, true) && !buffer.present(9, false));
        table.protect(0, RW);
        assertEquals(Outcome.DONE, table.fill(buffer, 5, true));
        table.protect(0, TranslationContext.READ);
        assertTrue(!buffer.present(9, true) && buffer.present(9, false));
        table.refresh(0);
        assertTrue(!buffer.present(9, false));
        assertEquals(Outcome.FORBIDDEN, table.fill(buffer, 5, true));
        assertEquals(Outcome.FORBIDDEN, table.fetch(buffer, 5));
        assertTrue(buffer.take(TranslationBuffer.SHOOTDOWN));
        table.detach(buffer);
        assertTrue(!buffer.present(9, false));
    }

    @Test
    void decodedCodeIsSharedAndForgottenWhenWritten() {
        TranslationBuffer buffer = new TranslationBuffer();
        table.attach(buffer);
        PageTable other = (PageTable) translations.create();
        TranslationBuffer writer = new TranslationBuffer();
        other.attach(writer);
        Frame frame = memory.allocate();
        table.map(PAGE, frame, RX);
        other.map(3 * PAGE, frame, RW | TranslationContext.EXECUTE);
        assertEquals(Outcome.DONE, other.fill(writer, 3 * PAGE, true));
        assertEquals(Outcome.DONE, table.fetch(buffer, PAGE));
        assertTrue(!writer.present(3 * PAGE, true), "a page with decoded code must not be writable unseen");
        assertEquals(Outcome.DONE, other.fetch(writer, 3 * PAGE));
        CodePage code = buffer.code(PAGE);
        assertSame(code, writer.code(3 * PAGE));
        assertEquals(Outcome.DONE, other.fill(writer, 3 * PAGE, true));
        assertTrue(code.stale());
        assertNull(buffer.code(PAGE));
        assertEquals(Outcome.DONE, table.fetch(buffer, PAGE));
        code = buffer.code(PAGE);
        frame.write(0, new byte[1], 0, 1);
        assertTrue(code.stale());
    }

    @Test
    void invalidationWaitsForOwnersInUserMode() throws InterruptedException {
        TranslationBuffer buffer = new TranslationBuffer();
        table.attach(buffer);
        table.map(0, memory.allocate(), RW);
        table.fill(buffer, 0, true);
        buffer.enterUser();
        Thread changer = Thread.ofPlatform().daemon().start(() -> table.unmap(0));
        while ((buffer.poll() & TranslationBuffer.SHOOTDOWN) == 0 || buffer.present(0, true)) {
            Thread.onSpinWait();
        }
        Thread.sleep(20);
        assertTrue(changer.isAlive());
        buffer.acknowledge();
        changer.join();
        assertNull(table.frame(0));
    }
}
