package hw.alpha.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** {@link Multimedia}, whose vectors are computed at once, beside the manual's loops over elements (AARM 4.13). */
class MultimediaTest {

    private static final long[] EDGES = {0, -1, 0x7F7F_7F7F_7F7F_7F7FL, 0x8080_8080_8080_8080L, 0x8000_7FFF_8001_FFFFL,
            0x0001_0000_7FFF_8000L, 0x00FF_FF00_0100_FEFFL};

    @ParameterizedTest
    @EnumSource(value = Instruction.class, mode = Mode.MATCH_ANY, names = {"PERR", "UNPKB.", "PK.B", "M..[SU][BW]."})
    void isWhatTheManualSays(Instruction instruction) {
        Random random = new Random(instruction.ordinal());
        for (long edge : EDGES) {
            for (long other : EDGES) {
                check(instruction, edge, other);
            }
            check(instruction, edge, random.nextLong());
        }
        for (int i = 0; i < 1000; i++) {
            check(instruction, random.nextLong(), random.nextLong());
        }
    }

    private static void check(Instruction instruction, long a, long b) {
        assertEquals(expected(instruction.name(), a, b), Multimedia.perform(instruction.ordinal(), a, b),
                () -> instruction + " of " + Long.toHexString(a) + ", " + Long.toHexString(b));
        assertTrue(Translatable.is(instruction.ordinal()), "it is left to the interpreter");
    }

    private static long expected(String name, long a, long b) {
        return switch (name) {
            case "PERR" -> {
                long sum = 0;
                for (int i = 0; i < 64; i += 8) {
                    sum += Math.abs((a >>> i & 0xFF) - (b >>> i & 0xFF));
                }
                yield sum;
            }
            case "UNPKBW" -> b & 0xFF | (b & 0xFF00) << 8 | (b & 0xFF0000) << 16 | (b & 0xFF000000L) << 24;
            case "UNPKBL" -> b & 0xFF | (b & 0xFF00) << 24;
            case "PKWB" -> b & 0xFF | b >>> 8 & 0xFF00 | b >>> 16 & 0xFF0000 | b >>> 24 & 0xFF000000L;
            case "PKLB" -> b & 0xFF | b >>> 24 & 0xFF00;
            default -> extremes(name, a, b);
        };
    }

    /** @param name such as MINSB8: least or greatest, signed or not, bytes or words */
    private static long extremes(String name, long a, long b) {
        int width = name.charAt(4) == 'B' ? 8 : 16;
        long result = 0;
        for (int i = 0; i < 64; i += width) {
            int up = 64 - width - i;
            long x = name.charAt(3) == 'S' ? a << up >> 64 - width : a << up >>> 64 - width;
            long y = name.charAt(3) == 'S' ? b << up >> 64 - width : b << up >>> 64 - width;
            long chosen = name.startsWith("MIN") ? Math.min(x, y) : Math.max(x, y);
            result |= (chosen & (1L << width) - 1) << i;
        }
        return result;
    }
}
