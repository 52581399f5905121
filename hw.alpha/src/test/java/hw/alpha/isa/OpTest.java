package hw.alpha.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@link Op} is what {@link Instruction} says. */
class OpTest {

    private static final Path SOURCE = Path.of("src/main/java/hw/alpha/isa/Op.java");

    /** To write the file anew after a change of the table, run the tests with {@code -Dalpha.write=true}. */
    @Test
    void operationNumbersFollowTheTable() throws IOException {
        String expected = source();
        if (Boolean.getBoolean("alpha.write")) {
            Files.writeString(SOURCE, expected);
        }
        assertEquals(expected, Files.readString(SOURCE));
    }

    private static String source() {
        StringBuilder text = new StringBuilder(
                """
                        package hw.alpha.isa;

                        /**
                         * Operation numbers of decoded instructions: ordinals of {@link Instruction} as compile-time constants, because the labels
                         * of a dense {@code switch} must be such. Written by {@code OpTest}, which fails when this file and the table differ.
                         */
                        public final class Op {

                        """);
        for (Instruction instruction : Instruction.values()) {
            text.append("    public static final int ").append(instruction).append(" = ").append(instruction.ordinal())
                    .append(";\n");
        }
        return text.append("\n    private Op() {}\n}\n").toString();
    }
}
