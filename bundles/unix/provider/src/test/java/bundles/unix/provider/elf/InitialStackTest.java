package bundles.unix.provider.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bundles.unix.api.ExecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.core.memory.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InitialStackTest {

    @Test
    void aProgramFindsArgumentsEnvironmentAndVector() throws ExecException, IOException {
        var stack = InitialStack.of(List.of("prog", "é", ""), List.of("A=1"), "/bin/prog", "ev67", new byte[16],
                Map.of(InitialStack.AT_PAGESZ, 8192L));
        ByteBuffer top = page(stack);
        int at = (int) (stack.pointer() - (Layout.STACK_TOP - Layout.PAGE));
        assertEquals(0, stack.pointer() & 15);
        assertEquals(3, top.getLong(at));
        assertEquals("prog", string(top, at + 8));
        assertEquals("é", string(top, at + 16));
        assertEquals("", string(top, at + 24));
        assertEquals(0, top.getLong(at + 32));
        assertEquals("A=1", string(top, at + 40));
        assertEquals(0, top.getLong(at + 48));
        Map<Long, Integer> vector = new HashMap<>();
        int entry = at + 56;
        for (; top.getLong(entry) != 0; entry += 16) {
            vector.put(top.getLong(entry), entry + 8);
        }
        assertEquals(8192, top.getLong(vector.get(6L)));
        assertEquals("/bin/prog", string(top, vector.get(31L)));
        assertEquals("ev67", string(top, vector.get(15L)));
        assertEquals(4, vector.size());
    }

    @Test
    void tooLongArgumentsAreRefused() {
        String huge = "x".repeat(1 << 20);
        ExecException e = assertThrows(ExecException.class,
                () -> InitialStack.of(List.of(huge, huge), List.of(huge), "p", "ev4", new byte[16], Map.of()));
        assertEquals(126, e.status());
    }

    private static ByteBuffer page(InitialStack stack) throws IOException {
        byte[] page = new byte[Layout.PAGE];
        stack.pager(Layout.STACK_SIZE).fill(Layout.STACK_SIZE - Layout.PAGE, new Frame() {
            @Override
            public long address() {
                return 0;
            }

            @Override
            public void read(int position, byte[] to, int offset, int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(int position, byte[] from, int offset, int length) {
                System.arraycopy(from, offset, page, position, length);
            }
        });
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String string(ByteBuffer page, int pointerAt) {
        int from = (int) (page.getLong(pointerAt) - (Layout.STACK_TOP - Layout.PAGE));
        int to = from;
        while (page.get(to) != 0) {
            to++;
        }
        return new String(page.array(), from, to - from, StandardCharsets.UTF_8);
    }
}
