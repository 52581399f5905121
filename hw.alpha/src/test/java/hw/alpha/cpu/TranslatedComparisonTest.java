package hw.alpha.cpu;

import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.memory;
import static hw.alpha.isa.Assembler.operate;
import static hw.alpha.isa.Assembler.pal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.Translator;
import kernel.core.machine.UserContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Comparisons whose result is a value: what is known of the operands must not make them wrong (AARM 4.4.2, 4.4.3). */
@Timeout(120)
class TranslatedComparisonTest {

    private static final long CODE = 0x10000;
    private static final long[] VALUES = {0, 1, -1, 2, 127, 128, 255, 256, 0x7FFFFFFF, 0x80000000L, -0x80000000L,
            0xFFFFFFFFL,
            1L << 32, (1L << 61) + 3, 1L << 62, -(1L << 62), -(1L << 62) - 1, Long.MAX_VALUE, Long.MIN_VALUE,
            Long.MIN_VALUE + 1, 0x5555_5555_5555_5555L};

    /** The comparisons, and what Java says. */
    enum Comparison {
        CMPEQ(Instruction.CMPEQ), CMPLT(Instruction.CMPLT), CMPLE(Instruction.CMPLE), CMPULT(Instruction.CMPULT),
        CMPULE(Instruction.CMPULE);

        final Instruction instruction;

        Comparison(Instruction instruction) {
            this.instruction = instruction;
        }

        long of(long a, long b) {
            return switch (this) {
                case CMPEQ -> a == b;
                case CMPLT -> a < b;
                case CMPLE -> a <= b;
                case CMPULT -> Long.compareUnsigned(a, b) < 0;
                case CMPULE -> Long.compareUnsigned(a, b) <= 0;
            } ? 1 : 0;
        }
    }

    /** Where an operand comes from, which says how much is known of it. */
    enum Source {
        ANY, LOW_BYTES, LONGWORD, SHIFTED;

        int word(int from, int to) {
            return switch (this) {
                case ANY -> operate(Instruction.SUBQ, from, 31, to);
                case LOW_BYTES -> literal(Instruction.ZAPNOT, from, 0x7F, to);
                case LONGWORD -> operate(Instruction.ADDL, from, 31, to);
                case SHIFTED -> literal(Instruction.SRL, from, 1, to);
            };
        }

        long of(long value) {
            return switch (this) {
                case ANY -> value;
                case LOW_BYTES -> value & (1L << 56) - 1;
                case LONGWORD -> (int) value;
                case SHIFTED -> value >>> 1;
            };
        }
    }

    private final Translator.Mode before = TestMachine.mode;

    @BeforeEach
    void forced() {
        TestMachine.mode = Translator.Mode.FORCED;
    }

    @AfterEach
    void asBefore() {
        TestMachine.mode = before;
    }

    @ParameterizedTest
    @EnumSource
    void isWhatTheManualSaysWhateverIsKnownOfTheOperands(Comparison comparison) {
        for (Source first : Source.values()) {
            for (Source second : Source.values()) {
                check(comparison, first, second);
            }
        }
    }

    private static void check(Comparison comparison, Source first, Source second) {
        Instruction compare = comparison.instruction;
        TestMachine machine = new TestMachine();
        // The comparisons are stored before the next, so that none is one with a branch.
        machine.code(CODE, first.word(1, 3), second.word(2, 4),
                operate(compare, 3, 4, 5),
                operate(compare, 31, 4, 6),
                operate(compare, 3, 31, 7),
                literal(compare, 3, 200, 8),
                literal(compare, 3, 0, 9),
                memory(Instruction.LDA, 0, 1, 31),
                pal(Instruction.CALLSYS));
        for (long one : VALUES) {
            for (long other : VALUES) {
                machine.context.setRegister(UserContext.PC, CODE);
                machine.context.setRegister(1, one);
                machine.context.setRegister(2, other);
                machine.run();
                long a = first.of(one);
                long b = second.of(other);
                String what = comparison + " of " + first + " " + a + " and " + second + " " + b;
                assertEquals(comparison.of(a, b), machine.context.register(5), what);
                assertEquals(comparison.of(0, b), machine.context.register(6), what);
                assertEquals(comparison.of(a, 0), machine.context.register(7), what);
                assertEquals(comparison.of(a, 200), machine.context.register(8), what);
                assertEquals(comparison.of(a, 0), machine.context.register(9), what);
            }
        }
    }
}
