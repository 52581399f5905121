package hw.alpha.cpu;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.memory;
import static hw.alpha.isa.Assembler.operate;
import static hw.alpha.isa.Assembler.pal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.Translator;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Accesses that are checked together are nevertheless done one after the other, as far as one can see. */
@Timeout(60)
class TranslatedWindowTest {

    private static final long CODE = 0x10000;
    private static final long DATA = 0x40000;
    private static final long END = DATA + TestMachine.PAGE;

    private Translator.Mode before;

    @BeforeEach
    void translate() {
        before = TestMachine.mode;
        TestMachine.mode = Translator.Mode.FORCED;
    }

    @AfterEach
    void back() {
        TestMachine.mode = before;
    }

    private static TestMachine machine(long pointer, int... words) {
        TestMachine machine = new TestMachine();
        machine.code(CODE, words);
        machine.ranges.put(DATA, END);
        machine.context.setRegister(0, 1);
        machine.context.setRegister(1, pointer);
        return machine;
    }

    @Test
    void aFaultBehindTheEndIsThatOfItsOwnInstruction() {
        TestMachine machine = machine(END - 8, memory(Instruction.STQ, 2, 0, 1), memory(Instruction.LDQ, 3, 0, 1),
                memory(Instruction.STQ, 2, 8, 1), pal(Instruction.CALLSYS));
        machine.context.setRegister(2, 42);
        machine.run();
        assertEquals(END, machine.badAddress);
        assertEquals(CODE + 8, machine.context.pc());
        assertEquals(42, machine.context.register(3));
    }

    @Test
    void aFaultBeforeTheBeginningToo() {
        TestMachine machine = machine(DATA, memory(Instruction.STQ, 2, 0, 1), memory(Instruction.LDQ, 3, 0, 1),
                memory(Instruction.LDQ, 4, -8, 1), pal(Instruction.CALLSYS));
        machine.context.setRegister(2, 43);
        machine.run();
        assertEquals(DATA - 8, machine.badAddress);
        assertEquals(CODE + 8, machine.context.pc());
        assertEquals(43, machine.context.register(3));
    }

    /** Loads and then stores through a page of which only loads are allowed, again and again. */
    @Test
    void loadsGoOnWhereStoresAreForbidden() {
        TestMachine machine = machine(DATA, memory(Instruction.LDQ, 3, 0, 1), memory(Instruction.STQ, 3, 8, 1),
                pal(Instruction.CALLSYS));
        machine.load(DATA, new byte[]{5});
        machine.space.protect(DATA, TranslationContext.READ);
        machine.run();
        assertEquals(DATA + 8, machine.badAddress);
        assertEquals(CODE + 4, machine.context.pc());
        assertEquals(5, machine.context.register(3));
    }

    @Test
    void addressesBeyondTheWindowAreReached() {
        long far = 1L << 40;
        TestMachine machine = machine(far, memory(Instruction.STQ, 2, 0, 1), memory(Instruction.LDQ, 3, 8, 1),
                operate(Instruction.ADDQ, 3, 2, 3), literal(Instruction.SUBQ, 4, 1, 4),
                branch(Instruction.BNE, 4, -5), pal(Instruction.CALLSYS));
        machine.ranges.put(far, far + TestMachine.PAGE);
        machine.context.setRegister(2, 9);
        machine.context.setRegister(4, 1000);
        machine.run();
        assertEquals(-1, machine.badAddress);
        assertEquals(9, machine.context.register(3));
    }

    @Test
    void aGroupMayReachIntoTheNextPage() {
        TestMachine machine = machine(END - 16, memory(Instruction.STQ, 2, 0, 1), memory(Instruction.STQ, 2, 16, 1),
                memory(Instruction.LDQ, 3, 16, 1), literal(Instruction.ADDQ, 2, 1, 2),
                literal(Instruction.SUBQ, 4, 1, 4), branch(Instruction.BNE, 4, -6), pal(Instruction.CALLSYS));
        machine.ranges.put(DATA, END + TestMachine.PAGE);
        machine.context.setRegister(4, 1000);
        machine.run();
        assertEquals(999, machine.context.register(3));
        assertEquals(-1, machine.badAddress);
    }
}
