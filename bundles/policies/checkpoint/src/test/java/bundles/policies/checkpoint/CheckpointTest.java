package bundles.policies.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bundles.policies.checkpoint.Checkpoint.OpenFile;
import bundles.policies.checkpoint.Checkpoint.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {

    private static Checkpoint example() {
        byte[] action = new byte[24];
        Arrays.fill(action, (byte) 3);
        return new Checkpoint("/bin/x", List.of("x", "two words", ""), "/tmp", 022, 0x1_2000_0000L,
                new long[]{1, -2, 3},
                4, 5, new byte[24], List.of(action, new byte[24]), List.of(new OpenFile(0, "", 0, 0, 0),
                        new OpenFile(7, "/tmp/ä", 2, 1, 1L << 40)),
                List.of(new Part(8192, 16384, 3)));
    }

    private static byte[] written() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        example().write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static Checkpoint read(byte[] bytes) throws IOException {
        return Checkpoint.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Checkpoint read = read(written());
        assertEquals(example().arguments(), read.arguments());
        assertEquals(example().files(), read.files());
        assertEquals(example().regions(), read.regions());
        assertArrayEquals(example().registers(), read.registers());
        assertArrayEquals(example().actions().getFirst(), read.actions().getFirst());
        assertEquals(example().heapEnd(), read.heapEnd());
        assertEquals(5, read.blocked());
    }

    @Test
    void anotherFileIsRefused() {
        assertThrows(Refused.class, () -> read(new byte[100]));
        assertThrows(IOException.class, () -> read(Arrays.copyOf(written(), 60)));
    }
}
