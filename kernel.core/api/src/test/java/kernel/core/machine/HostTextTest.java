package kernel.core.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link HostText}: text is UTF-8, and no byte is lost. */
class HostTextTest {

    @Test
    void utf8IsText() {
        for (String text : new String[]{"", "a b", "\u00e9\u20ac", "\ud83d\ude00 \ud83d\udc80"}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(text, HostText.text(bytes));
            assertArrayEquals(bytes, HostText.bytes(text));
        }
    }

    @Test
    void otherBytesComeBack() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, HostText.bytes(HostText.text(bytes)));
        }
        // a surrogate's UTF-8, and one that has been cut short
        for (byte[] bytes : new byte[][]{{(byte) 0xED, (byte) 0xB2, (byte) 0x80}, {'a', (byte) 0xE2, (byte) 0x82}}) {
            assertArrayEquals(bytes, HostText.bytes(HostText.text(bytes)));
        }
    }
}
