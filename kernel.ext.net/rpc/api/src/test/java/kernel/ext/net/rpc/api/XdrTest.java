package kernel.ext.net.rpc.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values as XDR, by the examples and rules of RFC 4506. */
class XdrTest {

    private static String hex(XdrWriter out) {
        return HexFormat.of().formatHex(out.bytes(), 0, out.length());
    }

    private static XdrReader in(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new XdrReader(bytes, 0, bytes.length);
    }

    @Test
    void valuesAreAsTheStandardSays() {
        assertEquals("00000001", hex(new XdrWriter().putInt(1)));
        assertEquals("ffffffffffffffff", hex(new XdrWriter().putLong(-1)));
        assertEquals("3f8000003ff0000000000000", hex(new XdrWriter().putFloat(1).putDouble(1)));
        // section 7: the file name "sillyprog" and the owner "john"
        assertEquals("0000000973696c6c7970726f67000000000000046a6f686e",
                hex(new XdrWriter().putString("sillyprog").putString("john")));
        assertEquals("0000000341424300", hex(new XdrWriter().putOpaque("ABC".getBytes(), 0, 3)));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        Random random = new Random(6);
        for (int i = 0; i < 500; i++) {
            byte[] some = new byte[random.nextInt(40)];
            random.nextBytes(some);
            int a = random.nextInt();
            long b = random.nextLong();
            double c = random.nextGaussian();
            boolean d = random.nextBoolean();
            XdrWriter out = new XdrWriter().putInt(a).putOpaque(some, 0, some.length).putLong(b).putDouble(c)
                    .putBoolean(d).putFixed(some, 0, some.length).putFloat((float) c).putString("ä" + a);
            assertEquals(0, out.length() % 4);
            XdrReader in = new XdrReader(out.bytes(), 0, out.length());
            assertEquals(a, in.getInt());
            assertArrayEquals(some, in.getOpaque(40));
            assertEquals(b, in.getLong());
            assertEquals(c, in.getDouble());
            assertEquals(d, in.getBoolean());
            assertArrayEquals(some, in.getFixed(some.length));
            assertEquals((float) c, in.getFloat());
            assertEquals("ä" + a, in.getString(20));
            assertEquals(0, in.remaining());
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThrows(XdrException.class, () -> in("0000").getInt());
        assertThrows(XdrException.class, () -> in("00000002").getBoolean());
        assertThrows(XdrException.class, () -> in("0000000541424344").getOpaque(8));
        assertThrows(XdrException.class, () -> in("0000000441424344").getOpaque(3));
        assertThrows(XdrException.class, () -> in("ffffffff41424344").getOpaque(Integer.MAX_VALUE));
        assertThrows(XdrException.class, () -> in("7fffffff").getFixed(0x7FFF_FFFF));
        assertThrows(XdrException.class, () -> in("0000000341424300").getFixed(9));
    }

    @Test
    void noiseIsRefusedAndNothingElse() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            XdrReader in = new XdrReader(Arrays.copyOf(noise, noise.length), 0, noise.length);
            try {
                while (in.remaining() > 0) {
                    switch (random.nextInt(5)) {
                        case 0 -> in.getInt();
                        case 1 -> in.getString(1000);
                        case 2 -> in.getLong();
                        case 3 -> in.count(10);
                        default -> in.getBoolean();
                    }
                }
            } catch (XdrException e) {
                // as it should be
            }
        }
    }
}
