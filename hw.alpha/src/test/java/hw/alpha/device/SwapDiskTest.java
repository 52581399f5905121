package hw.alpha.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hw.alpha.mmu.PhysicalMemory;
import java.io.IOException;
import kernel.core.memory.Frame;
import org.junit.jupiter.api.Test;

class SwapDiskTest {

    private static final int PAGE = 8192;

    private final PhysicalMemory memory = new PhysicalMemory(4L * PAGE);
    private final SwapDisk disk = new SwapDisk(100, PAGE);
    private final Frame frame = memory.allocate();

    private byte[] read(long block) throws IOException {
        disk.read(block, frame);
        byte[] bytes = new byte[PAGE];
        frame.read(0, bytes, 0, PAGE);
        return bytes;
    }

    private byte[] write(long block, int seed) throws IOException {
        byte[] bytes = new byte[PAGE];
        new java.util.Random(seed).nextBytes(bytes);
        frame.write(0, bytes, 0, PAGE);
        disk.write(block, frame);
        return bytes;
    }

    @Test
    void blocksKeepWhatWasWrittenAndOthersAreZero() throws IOException {
        byte[] first = write(7, 1);
        byte[] second = write(99, 2);
        assertArrayEquals(first, read(7));
        assertArrayEquals(second, read(99));
        assertArrayEquals(new byte[PAGE], read(50));
        assertArrayEquals(write(7, 3), read(7));
        disk.close();
    }

    @Test
    void aStrandThatIsInterruptedDoesNotCloseIt() throws IOException {
        byte[] bytes = write(3, 4);
        Thread.currentThread().interrupt();
        try {
            assertArrayEquals(bytes, read(3));
            assertArrayEquals(write(4, 5), read(4));
        } finally {
            assertEquals(true, Thread.interrupted());
        }
        disk.close();
    }

    @Test
    void blocksThatAreNotThereAndADiskThatIsOffAreErrors() throws IOException {
        assertThrows(IndexOutOfBoundsException.class, () -> disk.read(100, frame));
        assertThrows(IndexOutOfBoundsException.class, () -> disk.write(-1, frame));
        write(1, 1);
        disk.close();
        assertThrows(IOException.class, () -> disk.read(1, frame));
        assertThrows(IOException.class, () -> disk.write(1, frame));
    }
}
