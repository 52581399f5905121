package hw.alpha.cpu;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.function;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.memory;
import static hw.alpha.isa.Assembler.operate;
import static hw.alpha.isa.Assembler.pal;
import static hw.alpha.isa.Assembler.qualified;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.isa.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.ProcessorTrap.Kind;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Traps, faults, attention, changing code, several processors: what programs that just compute do not show. */
@Timeout(60)
class ProcessorTest {

    private static final long CODE = 0x10000;
    private static final long DATA = 0x40000;
    private static final int EXIT = pal(Instruction.CALLSYS);
    private static final int FPCR = UserContext.FPCR;

    /** Runs on until a trap; the system call is number 1, exit, unless the code sets r0. */
    private static TestMachine machine(int... words) {
        TestMachine machine = new TestMachine();
        machine.code(CODE, words);
        machine.context.setRegister(0, 1);
        machine.context.setRegister(1, DATA);
        return machine;
    }

    private static TestMachine run(int... words) {
        TestMachine machine = machine(words);
        machine.ranges.put(DATA, DATA + 4 * TestMachine.PAGE);
        machine.run();
        return machine;
    }

    @Test
    void systemCall() {
        TestMachine machine = machine(literal(Instruction.BIS, 31, 42, 16), EXIT);
        machine.run();
        assertEquals(42, machine.status);
        assertEquals(CODE + 8, machine.context.pc());
        assertEquals(2, machine.context.instructions());
    }

    @Test
    void argumentsOutliveRegisters() {
        TestMachine machine = machine();
        machine.context.setRegister(0, 9999);
        machine.code(CODE, EXIT, literal(Instruction.BIS, 31, 1, 0), EXIT);
        machine.context.setRegister(17, 5);
        machine.run();
        assertEquals(78, machine.context.result());
        assertTrue(machine.context.failed());
        assertEquals(1, machine.context.register(19));
        assertEquals(5, machine.context.argument(1));
    }

    @Test
    void trapsArePrecise() {
        TestMachine machine = run(literal(Instruction.BIS, 31, 7, 2), 0x04000000, literal(Instruction.BIS, 31, 8, 2));
        assertEquals(Kind.ILLEGAL_INSTRUCTION, machine.trap);
        assertEquals(0x04000000, machine.trapInfo);
        assertEquals(CODE + 4, machine.trapPc);
        assertEquals(7, machine.context.register(2));
    }

    @Test
    void palTraps() {
        assertEquals(Kind.BREAKPOINT, run(pal(Instruction.BPT)).trap);
        assertEquals(Kind.BUG_CHECK, run(pal(Instruction.BUGCHK)).trap);
        TestMachine machine = run(literal(Instruction.BIS, 31, 9, 16), pal(Instruction.GENTRAP));
        assertEquals(Kind.SOFTWARE_TRAP, machine.trap);
        assertEquals(9, machine.trapInfo);
        assertEquals(Kind.ILLEGAL_INSTRUCTION, run(0).trap);
    }

    @Test
    void modelsDifferInInstructions() {
        try {
            Model.choose(Model.EV56);
            assertEquals(Kind.BREAKPOINT, run(operate(Instruction.SEXTB, 31, 2, 3), pal(Instruction.BPT)).trap);
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(operate(Instruction.CTPOP, 31, 2, 3)).trap);
            Model.choose(Model.EV4);
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(operate(Instruction.SEXTB, 31, 2, 3)).trap);
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(memory(Instruction.LDBU, 2, 0, 1)).trap);
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(qualified(Instruction.SQRTT, 2, 31, 2, 3)).trap);
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(operate(Instruction.MINSB8, 1, 2, 3)).trap);
            TestMachine machine = run(literal(Instruction.AMASK, 31, 255, 2), literal(Instruction.IMPLVER, 31, 1, 3),
                    pal(Instruction.BPT));
            assertEquals(255, machine.context.register(2), "amask clears nothing");
            assertEquals(0, machine.context.register(3));
        } finally {
            Model.choose(Model.EV67);
        }
    }

    @Test
    void unalignedAccessesMayBeFatal() {
        try {
            Unaligned.choose(Unaligned.FATAL);
            TestMachine machine = run(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDL, 2, 6, 1));
            assertEquals(Kind.UNALIGNED, machine.trap);
            assertEquals(DATA + 6, machine.trapInfo);
            assertEquals(CODE + 4, machine.trapPc);
        } finally {
            Unaligned.choose(Unaligned.FIX);
        }
    }

    /** Function codes that appendix C does not have: IEEE roundings, inexact traps, qualifiers of what has none. */
    @Test
    void vaxInstructionsHaveNoQualifiersOfIeee() {
        for (int qualifiers : new int[]{1, 3, 0x0A, 0x1E}) {
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(qualified(Instruction.ADDG, qualifiers, 1, 2, 3)).trap);
            assertEquals(Kind.ILLEGAL_INSTRUCTION, run(qualified(Instruction.SQRTF, qualifiers, 31, 2, 3)).trap);
        }
        assertEquals(Kind.ILLEGAL_INSTRUCTION, run(qualified(Instruction.CMPGEQ, 0, 1, 2, 3)).trap);
        assertEquals(Kind.ILLEGAL_INSTRUCTION, run(qualified(Instruction.CVTQG, 0x10, 31, 2, 3)).trap);
    }

    /** Exceptions of VAX arithmetic trap whatever FPCR says; underflow and integer overflow if asked for (AARM 4.7.7). */
    @Test
    void vaxExceptions() {
        long one = 0x4010_0000_0000_0000L, largest = 0x7FFF_FFFF_FFFF_FFFFL, least = 0x0010_0000_0000_0000L;
        long reserved = Long.MIN_VALUE;
        vax(Instruction.ADDG, 2, one, reserved, 2);
        vax(Instruction.ADDG, 0x12, one, reserved, 3);
        vax(Instruction.CMPGLE, 2, reserved, one, 2);
        vax(Instruction.DIVG, 2, one, 0, 4);
        vax(Instruction.MULG, 0, largest, largest, 8);
        vax(Instruction.MULG, 6, least, least, 0x10);
        vax(Instruction.MULG, 0x16, least, least, 0x11);
        vax(Instruction.CVTGF, 2, 31, largest, 8);
        vax(Instruction.CVTGQ, 6, 31, largest, 0x40);
        vax(Instruction.SQRTG, 2, 31, one | Long.MIN_VALUE, 2);
        // without /U and /V: zero, and the low bits
        assertEquals(0, vax(Instruction.MULG, 2, least, least, 0));
        assertEquals(0, vax(Instruction.CVTGQ, 2, 0, largest, 0));
        assertEquals(0x4020_0000_0000_0000L, vax(Instruction.ADDG, 2, one, one, 0));
        assertEquals(0x4000_0000_0000_0000L, vax(Instruction.CMPGEQ, 0x12, one, one, 0));
    }

    /** @return what the instruction leaves in its destination, which has 7 before */
    private static long vax(Instruction instruction, int qualifiers, long a, long b, long summary) {
        boolean unary = instruction.name().startsWith("CVT") || instruction.name().startsWith("SQRT");
        TestMachine machine = machine(qualified(instruction, qualifiers, unary ? 31 : 1, 2, 3), pal(Instruction.BPT));
        machine.context.setRegister(33, a);
        machine.context.setRegister(34, b);
        machine.context.setRegister(35, 7);
        machine.run();
        String name = instruction + "/" + Integer.toHexString(qualifiers);
        assertEquals(summary == 0 ? Kind.BREAKPOINT : Kind.ARITHMETIC, machine.trap, name);
        if (summary != 0) {
            assertEquals(summary, machine.trapInfo, name);
            assertEquals(7, machine.context.register(35), "nothing is written: " + name);
        }
        return machine.context.register(35);
    }

    @Test
    void uniqueValue() {
        TestMachine machine = run(literal(Instruction.BIS, 31, 77, 16), pal(Instruction.WRUNIQUE),
                literal(Instruction.BIS, 31, 0, 0), pal(Instruction.RDUNIQUE), pal(Instruction.BPT));
        assertEquals(77, machine.context.register(0));
        assertEquals(77, machine.context.register(UserContext.UNIQUE));
    }

    @Test
    void integerOverflow() {
        for (Instruction i : List.of(Instruction.ADDLV, Instruction.SUBLV, Instruction.MULLV, Instruction.ADDQV,
                Instruction.SUBQV, Instruction.MULQV)) {
            TestMachine machine = machine(operate(i, 2, 3, 4), pal(Instruction.BPT));
            boolean longword = i.name().charAt(3) == 'L';
            machine.context.setRegister(2, longword ? Integer.MIN_VALUE : Long.MIN_VALUE);
            machine.context.setRegister(3,
                    i.name().startsWith("SUB") ? 1 : longword ? Integer.MIN_VALUE : Long.MIN_VALUE);
            machine.context.setRegister(4, 55);
            machine.run();
            assertEquals(Kind.ARITHMETIC, machine.trap, i.name());
            assertEquals(64, machine.trapInfo);
            assertEquals(55, machine.context.register(4));
        }
    }

    @Test
    void unalignedAccessIsFixedUpAndCounted() {
        TestMachine machine = run(memory(Instruction.STQ, 1, 8189, 1), memory(Instruction.LDQ, 2, 8189, 1),
                memory(Instruction.LDL, 3, 1, 1), pal(Instruction.BPT));
        assertEquals(DATA, machine.context.register(2));
        assertEquals(3, machine.context.unaligned);
        TestMachine locked = run(memory(Instruction.LDQ_L, 2, 4, 1));
        assertEquals(Kind.UNALIGNED, locked.trap);
        assertEquals(DATA + 4, locked.trapInfo);
    }

    @Test
    void storeAcrossAPageThatIsMissingChangesNothing() {
        TestMachine machine = machine(memory(Instruction.STQ, 1, 8188, 1));
        machine.ranges.put(DATA, DATA + TestMachine.PAGE);
        machine.run();
        assertEquals(DATA + TestMachine.PAGE, machine.badAddress & -TestMachine.PAGE);
        byte[] bytes = new byte[4];
        assertEquals(4, machine.context.copyIn(DATA + 8188, bytes, 0, 4));
        assertEquals(0, ByteBuffer.wrap(bytes).getInt());
        assertEquals(CODE, machine.context.pc());
    }

    @Test
    void faultsNameTheAccess() {
        TestMachine machine = machine(memory(Instruction.LDQ, 2, 0, 1));
        machine.run();
        assertEquals(DATA, machine.badAddress);
        TestMachine jumps = machine(jump(Instruction.JMP, 31, 1));
        jumps.run();
        assertEquals(DATA, jumps.badAddress);
        assertEquals(DATA, jumps.context.pc());
        TestMachine high = machine(memory(Instruction.LDQ, 2, -8, 31));
        high.run();
        assertEquals(-8, high.badAddress);
    }

    @Test
    void protectionIsKept() {
        TestMachine machine = machine(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.STQ, 2, 0, 1));
        machine.space.map(DATA, machine.memory.allocate(), TranslationContext.READ);
        machine.run();
        assertEquals(DATA, machine.badAddress);
        assertEquals(CODE + 4, machine.context.pc());
        assertEquals(0, machine.context.copyOut(DATA, new byte[1], 0, 1));
    }

    @Test
    void shortCopies() {
        TestMachine machine = machine();
        machine.ranges.put(DATA, DATA + TestMachine.PAGE);
        assertEquals(100, machine.context.copyOut(DATA + TestMachine.PAGE - 100, new byte[300], 0, 300));
        assertEquals(100, machine.context.copyIn(DATA + TestMachine.PAGE - 100, new byte[300], 0, 300));
    }

    @Test
    void anExceptionOfAHandlerReachesTheCaller() {
        TestMachine machine = new TestMachine() {
            @Override
            public void syscall(UserContext user, int number) {
                throw new IllegalStateException("out of order");
            }
        };
        machine.code(CODE, EXIT);
        assertThrows(IllegalStateException.class, machine::run);
        assertEquals(CODE + 4, machine.context.pc());
    }

    @Test
    void unresolvedFaultStopsTheContext() {
        TestMachine machine = new TestMachine() {
            @Override
            public boolean pageNotPresent(UserContext user, long address, Access access) {
                return super.pageNotPresent(user, address, access) || address != DATA;
            }

            @Override
            public boolean protectionFault(UserContext user, long address, Access access) {
                return false;
            }
        };
        machine.code(CODE, memory(Instruction.STQ, 2, 0, 1));
        machine.context.setRegister(1, DATA);
        machine.space.map(DATA, machine.memory.allocate(), 0);
        machine.run();
        assertEquals(CODE, machine.context.pc());
    }

    @Test
    void attentionEndsAnEndlessLoop() throws InterruptedException {
        for (int displacement : new int[]{-1, -2}) {
            TestMachine machine = machine(literal(Instruction.ADDQ, 2, 1, 2),
                    branch(Instruction.BR, 31, displacement));
            Thread asker = Thread.ofPlatform().daemon().start(() -> {
                sleep(20);
                machine.context.requestAttention();
            });
            machine.run();
            asker.join();
            assertEquals(1, machine.attentions);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void changedCodeIsSeenAfterBarrier() {
        // Runs a subroutine, stores another first instruction into it, and runs it again.
        int[] subroutine = {literal(Instruction.ADDQ, 2, 1, 2), jump(Instruction.RET, 31, 26)};
        int replacement = literal(Instruction.ADDQ, 2, 100, 2);
        TestMachine machine = machine(jump(Instruction.JSR, 26, 1), memory(Instruction.STL, 3, 0, 1),
                pal(Instruction.IMB), jump(Instruction.JSR, 26, 1), pal(Instruction.BPT));
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(subroutine[0]).putInt(subroutine[1]);
        machine.load(DATA, bytes.array());
        machine.context.setRegister(3, replacement);
        machine.run();
        assertEquals(101, machine.context.register(2));
    }

    @Test
    void changedCodeInTheSamePage() {
        // The instruction behind IMB is replaced by the one in r3 before it is reached again.
        TestMachine machine = machine(literal(Instruction.ADDQ, 2, 1, 2), memory(Instruction.STL, 3, 0, 4),
                pal(Instruction.IMB), literal(Instruction.SUBQ, 5, 1, 5), branch(Instruction.BNE, 5, -5),
                pal(Instruction.BPT));
        machine.context.setRegister(3, literal(Instruction.ADDQ, 2, 10, 2));
        machine.context.setRegister(4, CODE);
        machine.context.setRegister(5, 3);
        machine.run();
        assertEquals(21, machine.context.register(2));
    }

    @Test
    void codeThatAnotherProcessorChangesIsSeen() throws InterruptedException {
        // One calls a subroutine until that puts something else than 1 into r2; the other replaces it meanwhile.
        TestMachine machine = machine(jump(Instruction.JSR, 26, 1), literal(Instruction.CMPEQ, 2, 1, 3),
                branch(Instruction.BNE, 3, -3), pal(Instruction.BPT));
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(literal(Instruction.BIS, 31, 1, 2)).putInt(jump(Instruction.RET, 31, 26));
        machine.load(DATA, bytes.array());
        Thread runner = Thread.ofPlatform().daemon().start(machine::run);
        sleep(200);
        UserContext writer = machine.processor.create(machine.space);
        machine.load(CODE + TestMachine.PAGE, words(memory(Instruction.STL, 4, 0, 1), pal(Instruction.IMB),
                literal(Instruction.BIS, 31, 1, 0), EXIT));
        writer.setPc(CODE + TestMachine.PAGE);
        writer.setRegister(1, DATA);
        writer.setRegister(4, literal(Instruction.BIS, 31, 7, 2));
        machine.processor.run(writer);
        runner.join();
        assertEquals(7, machine.context.register(2));
    }

    private static byte[] words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    @Test
    void protectionThatAnotherThreadTakesAwayEndsALoop() throws InterruptedException {
        TestMachine machine = machine(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.STQ, 3, 0, 1),
                literal(Instruction.ADDQ, 3, 1, 3), branch(Instruction.BR, 31, -4));
        Frame frame = machine.memory.allocate();
        machine.space.map(DATA, frame, TranslationContext.READ | TranslationContext.WRITE);
        Thread runner = Thread.ofPlatform().daemon().start(machine::run);
        sleep(200);
        machine.space.protect(DATA, TranslationContext.READ);
        // After protect has returned nobody stores any more.
        byte[] bytes = new byte[8];
        frame.read(0, bytes, 0, 8);
        runner.join();
        byte[] after = new byte[8];
        frame.read(0, after, 0, 8);
        assertEquals(ByteBuffer.wrap(bytes).getLong(), ByteBuffer.wrap(after).getLong());
        assertEquals(CODE + 4, machine.context.pc());
    }

    @Test
    void attentionThatComesOftenLosesNothing() throws InterruptedException {
        // Counts to a million while somebody asks for attention all the time.
        TestMachine machine = new TestMachine() {
            @Override
            public void deliver(UserContext user) {
                attentions++;
            }
        };
        machine.code(CODE, literal(Instruction.ADDQ, 2, 1, 2), operate(Instruction.CMPLT, 2, 3, 4),
                branch(Instruction.BNE, 4, -3), EXIT);
        machine.context.setRegister(0, 1);
        machine.context.setRegister(3, 1_000_000);
        Thread asker = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                machine.context.requestAttention();
            }
        });
        machine.run();
        asker.interrupt();
        asker.join();
        assertEquals(1_000_000, machine.context.register(2));
        assertEquals(3_000_001, machine.context.instructions());
    }

    @Test
    void codeCrossesPages() {
        TestMachine machine = new TestMachine();
        machine.code(CODE + TestMachine.PAGE - 8, literal(Instruction.ADDQ, 2, 1, 2),
                literal(Instruction.ADDQ, 2, 1, 2), literal(Instruction.ADDQ, 2, 1, 2), pal(Instruction.BPT));
        machine.run();
        assertEquals(3, machine.context.register(2));
        assertEquals(CODE + TestMachine.PAGE + 4, machine.trapPc);
    }

    @Test
    void processorsShareMemory() throws InterruptedException {
        // Each adds 1 to a counter 20000 times by LDQ_L and STQ_C.
        int[] words = {memory(Instruction.LDQ_L, 2, 0, 1), literal(Instruction.ADDQ, 2, 1, 2),
                memory(Instruction.STQ_C, 2, 0, 1), branch(Instruction.BEQ, 2, -4), function(Instruction.MB, 31, 31),
                literal(Instruction.SUBQ, 3, 1, 3), branch(Instruction.BNE, 3, -7), EXIT};
        TestMachine machine = machine(words);
        machine.space.map(DATA, machine.memory.allocate(), TranslationContext.READ | TranslationContext.WRITE);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            UserContext context = machine.processor.create(machine.space);
            context.setPc(CODE);
            context.setRegister(0, 1);
            context.setRegister(1, DATA);
            context.setRegister(3, 20000);
            threads.add(Thread.ofPlatform().daemon().start(() -> machine.processor.run(context)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        byte[] bytes = new byte[8];
        machine.context.copyIn(DATA, bytes, 0, 8);
        assertEquals(80000, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    @Test
    void unmappingIsSeenByARunningProcessor() throws InterruptedException {
        TestMachine machine = machine(memory(Instruction.STQ, 1, 0, 1), branch(Instruction.BR, 31, -2));
        Frame frame = machine.memory.allocate();
        machine.space.map(DATA, frame, TranslationContext.READ | TranslationContext.WRITE);
        Thread runner = Thread.ofPlatform().daemon().start(machine::run);
        byte[] bytes = new byte[8];
        while (bytes[2] == 0) {
            frame.read(0, bytes, 0, 8);
        }
        machine.space.unmap(DATA);
        frame.write(0, new byte[8], 0, 8);
        runner.join();
        frame.read(0, bytes, 0, 8);
        assertEquals(0, bytes[2]);
        assertEquals(DATA, machine.badAddress);
    }

    @Test
    void floatingExceptionsWithoutSoftwareCompletion() {
        long one = 0x3FF0_0000_0000_0000L;
        check(Instruction.DIVT, 2, one, 0, 4, 1L << 53);
        check(Instruction.ADDT, 2, one, 0x7FF0_0000_0000_0000L, 2, 1L << 52);
        check(Instruction.ADDT, 2, one, 1, 2, 0);
        check(Instruction.MULT, 2, 0x7FE0_0000_0000_0000L, 0x7FE0_0000_0000_0000L, 8, 1L << 54 | 1L << 56);
        check(Instruction.CVTTQ, 4, 0, 0x43F0_0000_0000_0000L, 64, 1L << 57 | 1L << 56);
    }

    private static void check(Instruction instruction, int qualifiers, long a, long b, long summary, long status) {
        TestMachine machine = machine(qualified(instruction, qualifiers, 1, 2, 3));
        machine.context.setRegister(33, a);
        machine.context.setRegister(34, b);
        machine.context.setRegister(35, 5);
        machine.run();
        assertEquals(Kind.ARITHMETIC, machine.trap, instruction.name());
        assertEquals(summary, machine.trapInfo, instruction.name());
        assertEquals(status, machine.context.register(FPCR) & 0x3FL << 52, instruction.name());
        assertEquals(5, machine.context.register(35));
    }

    @Test
    void softwareCompletionTrapsForEnabledExceptions() {
        TestMachine machine = machine(qualified(Instruction.DIVT, 0x16, 1, 31, 3));
        machine.context.setRegister(33, 0x3FF0_0000_0000_0000L);
        machine.context.setRegister(FPCR, machine.context.register(FPCR) & ~(1L << 50));
        machine.run();
        assertEquals(Kind.ARITHMETIC, machine.trap);
        assertEquals(5, machine.trapInfo);
        assertTrue(machine.context.register(FPCR) < 0, "summary bit");
    }

    @Test
    void vaxFormatsInMemory() {
        // 1.0 in F format is 0x4080 in its first word; in a register its exponent is biased by 1024.
        TestMachine machine = machine(memory(Instruction.STQ, 2, 0, 1), memory(Instruction.LDF, 3, 0, 1),
                memory(Instruction.STF, 3, 8, 1), memory(Instruction.LDQ, 4, 8, 1),
                operate(Instruction.ITOFF, 5, 31, 6), pal(Instruction.BPT));
        machine.ranges.put(DATA, DATA + TestMachine.PAGE);
        machine.context.setRegister(2, 0x4080);
        machine.context.setRegister(5, 0x4080_0000);
        machine.run();
        assertEquals(0x4010_0000_0000_0000L, machine.context.register(35));
        assertEquals(0x4080, machine.context.register(4));
        assertEquals(0x4010_0000_0000_0000L, machine.context.register(38));
    }

    @Test
    void registers() {
        TestMachine machine = machine();
        machine.context.setRegister(31, 5);
        assertEquals(0, machine.context.register(31));
        assertThrows(IndexOutOfBoundsException.class, () -> machine.context.register(65));
        assertThrows(IndexOutOfBoundsException.class, () -> machine.context.setRegister(67, 1));
        assertFalse(machine.context.failed());
    }

    @Test
    void cycleCounterRuns() {
        TestMachine machine = run(function(Instruction.RPCC, 2, 31), function(Instruction.RPCC, 3, 31),
                pal(Instruction.BPT));
        assertTrue((int) (machine.context.register(3) - machine.context.register(2)) >= 0);
    }
}
