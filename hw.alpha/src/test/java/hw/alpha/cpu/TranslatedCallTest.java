package hw.alpha.cpu;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.memory;
import static hw.alpha.isa.Assembler.operate;
import static hw.alpha.isa.Assembler.pal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import hw.alpha.isa.Instruction;
import hw.alpha.mmu.CodePage;
import hw.alpha.translator.Translator;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Called functions that are part of the caller's region: what they may do to a translator that expects them to return. */
@Timeout(60)
class TranslatedCallTest {

    private static final long CODE = 0x10000;
    private static final int ROUNDS = 1000;

    private final Translator.Mode before = TestMachine.mode;

    @BeforeEach
    void forced() {
        TestMachine.mode = Translator.Mode.FORCED;
    }

    @AfterEach
    void asBefore() {
        TestMachine.mode = before;
    }

    private static TestMachine machine(int... words) {
        TestMachine machine = new TestMachine();
        machine.code(CODE, words);
        machine.context.setRegister(0, 1);
        return machine;
    }

    private static void check(TestMachine machine, long third, long fourth) {
        machine.run();
        assertEquals(0, machine.status);
        assertEquals(third, machine.context.register(3));
        assertEquals(fourth, machine.context.register(4));
    }

    @Test
    void functionReturnsBehindWhereItIsExpected() {
        check(machine(memory(Instruction.LDA, 2, ROUNDS, 31),
                branch(Instruction.BSR, 26, 6),
                memory(Instruction.LDA, 3, 1, 3),
                memory(Instruction.LDA, 4, 1, 4),
                literal(Instruction.SUBQ, 2, 1, 2),
                branch(Instruction.BNE, 2, -5),
                operate(Instruction.BIS, 31, 31, 16),
                pal(Instruction.CALLSYS),
                // every other time it leaves out the instruction behind the call
                branch(Instruction.BLBC, 2, 1),
                memory(Instruction.LDA, 26, 4, 26),
                jump(Instruction.RET, 31, 26)), ROUNDS / 2, ROUNDS);
    }

    @Test
    void functionCallsAnotherAndKeepsItsReturnAddress() {
        check(machine(memory(Instruction.LDA, 2, ROUNDS, 31),
                branch(Instruction.BSR, 26, 5),
                literal(Instruction.SUBQ, 2, 1, 2),
                branch(Instruction.BNE, 2, -3),
                operate(Instruction.BIS, 31, 31, 16),
                pal(Instruction.CALLSYS),
                pal(Instruction.BPT),
                operate(Instruction.BIS, 31, 26, 28),
                branch(Instruction.BSR, 26, 3),
                memory(Instruction.LDA, 4, 2, 4),
                jump(Instruction.RET, 31, 28),
                pal(Instruction.BPT),
                memory(Instruction.LDA, 3, 1, 3),
                jump(Instruction.RET, 31, 26)), ROUNDS, 2 * ROUNDS);
    }

    @Test
    void registerHasAnotherFunctionThanBefore() {
        TestMachine machine = machine(branch(Instruction.BR, 5, 0),
                // behind this, from where r5 points: the two functions
                memory(Instruction.LDA, 6, 4 * 10, 5),
                memory(Instruction.LDA, 7, 4 * 12, 5),
                memory(Instruction.LDA, 2, ROUNDS, 31),
                jump(Instruction.JSR, 26, 6),
                literal(Instruction.SUBQ, 2, 1, 2),
                operate(Instruction.CMOVLBS, 2, 7, 6),
                branch(Instruction.BNE, 2, -4),
                operate(Instruction.BIS, 31, 31, 16),
                pal(Instruction.CALLSYS),
                pal(Instruction.BPT),
                memory(Instruction.LDA, 3, 1, 3),
                jump(Instruction.RET, 31, 26),
                memory(Instruction.LDA, 4, 1, 4),
                jump(Instruction.RET, 31, 26));
        CodePage page = machine.context.codeAt(CODE);
        machine.context.buffer.leaveUser();
        page.went((int) (CODE >>> 2) + 4 & CodePage.INSTRUCTIONS - 1, CODE + 4 * 11);
        check(machine, 1, ROUNDS - 1);
    }

    @Test
    void attentionEndsARecursionWithoutAnyLoop() throws InterruptedException {
        TestMachine machine = machine(memory(Instruction.LDA, 16, 60, 31),
                branch(Instruction.BSR, 26, 1),
                pal(Instruction.BPT),
                // calls itself twice with one less, 2 to the power 60 times in the end
                branch(Instruction.BEQ, 16, 10),
                memory(Instruction.LDA, 30, -16, 30),
                memory(Instruction.STQ, 26, 0, 30),
                memory(Instruction.STQ, 16, 8, 30),
                literal(Instruction.SUBQ, 16, 1, 16),
                branch(Instruction.BSR, 26, -6),
                memory(Instruction.LDQ, 16, 8, 30),
                literal(Instruction.SUBQ, 16, 1, 16),
                branch(Instruction.BSR, 26, -9),
                memory(Instruction.LDQ, 26, 0, 30),
                memory(Instruction.LDA, 30, 16, 30),
                jump(Instruction.RET, 31, 26));
        machine.context.setRegister(30, 0x1_2000_0000L - 64);
        Thread asker = Thread.ofPlatform().daemon().start(() -> {
            while (machine.context.instructions() < 1_000_000) {
                Thread.onSpinWait();
            }
            machine.context.requestAttention();
        });
        machine.run();
        asker.join();
        assertEquals(1, machine.attentions);
        assertEquals(-1, machine.status);
    }

    /** However far: two pages of code may want the same place of a table. */
    @Test
    void functionInAnotherPageIsTranslatedToo() {
        int[] function = new int[60];
        Arrays.fill(function, memory(Instruction.LDA, 3, 1, 3));
        function[function.length - 1] = jump(Instruction.RET, 31, 26);
        for (long distance = TestMachine.PAGE; distance <= 1 << 26; distance <<= 1) {
            TestMachine machine = machine(memory(Instruction.LDA, 2, ROUNDS, 31),
                    jump(Instruction.JSR, 26, 5),
                    memory(Instruction.LDA, 4, 1, 4),
                    literal(Instruction.SUBQ, 2, 1, 2),
                    branch(Instruction.BNE, 2, -4),
                    operate(Instruction.BIS, 31, 31, 16),
                    pal(Instruction.CALLSYS));
            machine.code(CODE + distance, function);
            machine.context.setPc(CODE);
            machine.context.setRegister(5, CODE + distance);
            check(machine, (function.length - 1) * ROUNDS, ROUNDS);
            assertNotNull(TestMachine.translator().find(machine.context, CODE + distance),
                    "at a distance of " + distance);
        }
    }
}
