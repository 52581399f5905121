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

    private static final int FUNCTION = 7;

    /** A program that adds the numbers to ROUNDS, each in a call of its own. @param call the function's call of itself, word 12 */
    private static int[] sum(int call) {
        return calling(branch(Instruction.BEQ, 16, 9),
                memory(Instruction.LDA, 30, -16, 30),
                memory(Instruction.STQ, 26, 0, 30),
                memory(Instruction.STQ, 16, 8, 30),
                literal(Instruction.SUBQ, 16, 1, 16),
                call,
                memory(Instruction.LDQ, 16, 8, 30),
                operate(Instruction.ADDQ, 0, 16, 0),
                memory(Instruction.LDQ, 26, 0, 30),
                memory(Instruction.LDA, 30, 16, 30),
                jump(Instruction.RET, 31, 26));
    }

    /** A program that calls the function behind it with ROUNDS, and has its result in r3 and the stack pointer in r4 at the end. */
    private static int[] calling(int... function) {
        int[] program = {memory(Instruction.LDA, 16, ROUNDS, 31),
                branch(Instruction.BSR, 26, 5),
                operate(Instruction.BIS, 31, 0, 3),
                operate(Instruction.BIS, 31, 30, 4),
                operate(Instruction.BIS, 31, 31, 16),
                memory(Instruction.LDA, 0, 1, 31),
                pal(Instruction.CALLSYS)};
        int[] all = Arrays.copyOf(program, program.length + function.length);
        System.arraycopy(function, 0, all, program.length, function.length);
        return all;
    }

    /** Runs a program whose r3 and r4 are then as said and r4 is the stack, as many instructions as when it is interpreted. */
    private static void recursion(int[] words, int through, int went, long result) {
        long[] instructions = new long[2];
        for (int i = 0; i < 2; i++) {
            TestMachine.mode = i == 0 ? Translator.Mode.OFF : Translator.Mode.FORCED;
            TestMachine machine = machine(words);
            machine.context.setRegister(0, 0);
            machine.context.setRegister(30, STACK);
            machine.context.setRegister(27, CODE + 4L * through);
            if (went >= 0) {
                CodePage page = machine.context.codeAt(CODE);
                machine.context.buffer.leaveUser();
                page.went((int) (CODE >>> 2) + 12 & CodePage.INSTRUCTIONS - 1, CODE + 4L * went);
            }
            check(machine, result, STACK);
            instructions[i] = machine.context.instructions();
        }
        assertEquals(instructions[0], instructions[1]);
    }

    private static final long STACK = 0x1_2000_0000L - 64;

    @Test
    void functionCallsItself() {
        recursion(sum(branch(Instruction.BSR, 26, -6)), 0, -1, ROUNDS * (ROUNDS + 1L) / 2);
    }

    @Test
    void functionCallsItselfThroughARegister() {
        recursion(sum(jump(Instruction.JSR, 26, 27)), FUNCTION, FUNCTION, ROUNDS * (ROUNDS + 1L) / 2);
    }

    /** It was seen to call itself, but now the register has the address of its return instruction. */
    @Test
    void functionCallsAnotherInPlaceOfItself() {
        recursion(sum(jump(Instruction.JSR, 26, 27)), 17, FUNCTION, ROUNDS);
    }

    /** The last one comes back one instruction later than where it was called. */
    @Test
    void functionThatCalledItselfReturnsElsewhere() {
        recursion(calling(branch(Instruction.BEQ, 16, 10),
                memory(Instruction.LDA, 30, -16, 30),
                memory(Instruction.STQ, 26, 0, 30),
                literal(Instruction.SUBQ, 16, 1, 16),
                branch(Instruction.BSR, 26, -5),
                memory(Instruction.LDA, 0, 100, 0),
                memory(Instruction.LDQ, 26, 0, 30),
                memory(Instruction.LDA, 30, 16, 30),
                memory(Instruction.LDA, 0, 1, 0),
                jump(Instruction.RET, 31, 26),
                pal(Instruction.BPT),
                memory(Instruction.LDA, 26, 4, 26),
                jump(Instruction.RET, 31, 26)), 0, -1, 100 * (ROUNDS - 1L) + ROUNDS);
    }

    /** Two functions that call each other; the second is part of the first one's region. */
    @Test
    void functionIsCalledByWhatItCalls() {
        recursion(calling(branch(Instruction.BEQ, 16, 7),
                memory(Instruction.LDA, 30, -16, 30),
                memory(Instruction.STQ, 26, 0, 30),
                branch(Instruction.BSR, 26, 5),
                memory(Instruction.LDQ, 26, 0, 30),
                memory(Instruction.LDA, 30, 16, 30),
                memory(Instruction.LDA, 0, 1, 0),
                operate(Instruction.BIS, 31, 31, 31),
                jump(Instruction.RET, 31, 26),
                // the second
                literal(Instruction.SUBQ, 16, 1, 16),
                memory(Instruction.LDA, 30, -16, 30),
                memory(Instruction.STQ, 23, 0, 30),
                operate(Instruction.BIS, 31, 26, 23),
                branch(Instruction.BSR, 26, -14),
                operate(Instruction.BIS, 31, 23, 26),
                memory(Instruction.LDQ, 23, 0, 30),
                memory(Instruction.LDA, 30, 16, 30),
                memory(Instruction.LDA, 0, 100, 0),
                jump(Instruction.RET, 31, 26)), 0, -1, 101L * ROUNDS);
    }

    /** Who computes where globals are from r27 is entered with its address there, and once with another. */
    @Test
    void functionDoesNotHaveItsOwnAddress() {
        int[] words = {memory(Instruction.LDA, 2, ROUNDS, 31),
                jump(Instruction.JSR, 26, 27),
                operate(Instruction.ADDQ, 3, 29, 3),
                literal(Instruction.SUBQ, 2, 1, 2),
                branch(Instruction.BNE, 2, -4),
                operate(Instruction.BIS, 31, 31, 16),
                // r27 has another address, the function is called all the same
                literal(Instruction.ADDQ, 27, 8, 27),
                branch(Instruction.BSR, 26, 3),
                operate(Instruction.SUBQ, 29, 27, 4),
                pal(Instruction.CALLSYS),
                pal(Instruction.BPT),
                memory(Instruction.LDAH, 29, 1, 27),
                memory(Instruction.LDA, 29, -16, 29),
                jump(Instruction.RET, 31, 26)};
        TestMachine machine = machine(words);
        machine.context.setRegister(27, CODE + 4 * 11);
        check(machine, ROUNDS * (CODE + 4L * 11 + 0x10000 - 16), 0x10000 - 16);
    }

    /** The return address that a function leaves in r26 is not the one that it has returned to. */
    @Test
    void functionReturnsThroughAnotherRegister() {
        int[] function = new int[60];
        Arrays.fill(function, memory(Instruction.LDA, 5, 1, 5));
        function[57] = operate(Instruction.BIS, 31, 26, 28);
        function[58] = memory(Instruction.LDA, 26, 64, 26);
        function[59] = jump(Instruction.RET, 31, 28);
        TestMachine machine = machine(memory(Instruction.LDA, 2, ROUNDS, 31),
                jump(Instruction.JSR, 26, 6),
                memory(Instruction.LDAH, 29, 0, 26),
                memory(Instruction.LDA, 29, 4, 29),
                operate(Instruction.ADDQ, 3, 29, 3),
                literal(Instruction.SUBQ, 2, 1, 2),
                branch(Instruction.BNE, 2, -6),
                operate(Instruction.BIS, 31, 2, 4),
                operate(Instruction.BIS, 31, 31, 16),
                pal(Instruction.CALLSYS));
        machine.code(CODE + TestMachine.PAGE, function);
        machine.context.setPc(CODE);
        machine.context.setRegister(6, CODE + TestMachine.PAGE);
        check(machine, ROUNDS * (CODE + 8 + 64 + 4), 0);
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
