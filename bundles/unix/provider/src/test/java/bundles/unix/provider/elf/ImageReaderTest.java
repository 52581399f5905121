package bundles.unix.provider.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.ExecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ImageReaderTest {

    private final byte[] good = TestImage.of(10_000, 0x47ff0410, 0x83);

    @Test
    void aGoodImageIsRead() throws ExecException {
        Image image = read(good);
        assertEquals(TestImage.ENTRY, image.entry());
        assertEquals(0x1_2000_0040L, image.headers());
        assertEquals(2, image.headerCount());
        assertEquals(TestImage.DATA + 16384, image.end());
        assertTrue(image.executableStack());
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < good.length; length++) {
            refused(Arrays.copyOf(good, length));
        }
    }

    @Test
    void everyMutationOfTheHeadersIsReadOrRefused() {
        long[] values = {0, 1, 2, 0x7F, 0xFF, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0x1_2000_0000L, 1L << 42,
                0x8000_0000L};
        for (int at = 0; at < 64 + 2 * 56; at++) {
            for (int size = 1; size <= 8; size *= 2) {
                for (long value : values) {
                    byte[] bytes = good.clone();
                    for (int i = 0; i < size && at + i < bytes.length; i++) {
                        bytes[at + i] = (byte) (value >> 8 * i);
                    }
                    readOrRefused(bytes);
                }
            }
        }
    }

    @Test
    void randomHeadersAreReadOrRefused() {
        var random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = good.clone();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                bytes[16 + random.nextInt(64 + 2 * 56 - 16)] = (byte) random.nextInt();
            }
            readOrRefused(bytes);
        }
    }

    @Test
    void messagesNameFileFieldAndValue() {
        assertMessage(18, 2, 0x3E, "prog: e_machine is 0x3e, not Alpha (0x9026): compile it with alpha-linux-gnu-gcc");
        assertMessage(16, 2, 4, "prog: e_type is 4, not an executable (2): link it");
        assertMessage(24, 8, 0x1_2000_0001L,
                "prog: e_entry is 0x120000001, not an instruction of an executable segment: the file is damaged");
        assertMessage(64 + 48, 8, 3, "prog: program header 0: p_align 0x3 is no power of two: the file is damaged");
        assertMessage(0, 1, '#',
                "prog: not a program: it does not begin with an ELF header and is no script");
        assertMessage(64 + 56 + 16, 8, 0x1_2000_0000L,
                "prog: segments overlap: 0x120000000 to 0x1200000b8 and 0x120000000"
                        + " to 0x120002710: the file is damaged");
    }

    @Test
    void anUnreadableFileIsRefused() {
        var failing = new Source() {
            @Override
            public long size() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(long position, byte[] to, int offset, int length) {
                return 0;
            }
        };
        assertEquals(126, assertThrows(ExecException.class, () -> ImageReader.read("prog", failing)).status());
    }

    private void assertMessage(int at, int size, long value, String message) {
        byte[] bytes = good.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            buffer.put(at + i, (byte) (value >> 8 * i));
        }
        ExecException e = assertThrows(ExecException.class, () -> read(bytes));
        assertEquals(message, e.getMessage());
    }

    private static Image read(byte[] bytes) throws ExecException {
        return ImageReader.read("prog", Source.of(bytes));
    }

    private static void refused(byte[] bytes) {
        ExecException e = assertThrows(ExecException.class, () -> read(bytes));
        assertEquals(126, e.status());
        assertTrue(e.getMessage().startsWith("prog: "));
    }

    private static void readOrRefused(byte[] bytes) {
        try {
            Image image = read(bytes);
            assertTrue(
                    image.segments().stream().allMatch(s -> s.address() >= Layout.LOWEST && s.end() <= Layout.TASK_SIZE
                            && s.memorySize() > 0 && s.fileSize() <= s.memorySize()));
        } catch (ExecException e) {
            assertEquals(126, e.status());
        }
    }
}
