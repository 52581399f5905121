package hw.alpha.cpu;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.literal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.isa.Instruction;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import hw.alpha.time.VirtualClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.core.machine.UserContext;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The interval timer interrupts user code after exactly as many instructions as fit into the time. */
@Timeout(60)
class IntervalTest {

    private static final long CODE = 0x10000;
    private static final int PAGE = 8192;
    private static final int STRAIGHT = 3000; // more than a page

    private final VirtualClock clock = new VirtualClock(seed -> {});
    private final PhysicalMemory memory = new PhysicalMemory(16L << 20);
    private final TranslationContext space = new Translations().create();
    private int interrupts;
    private final AlphaProcessor processor = new AlphaProcessor(new Events((context, number) -> context.stop(),
            (context, kind, info) -> context.stop(), this::interrupted, (context, address, access) -> false,
            (context, address, access) -> false), clock);

    private void interrupted(UserContext context) {
        interrupts++;
        context.stop();
    }

    /** Counts in r1: straight on for more than a page, then in a loop of two instructions for ever. */
    private UserContext counter() {
        ByteBuffer code = ByteBuffer.allocate(2 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < STRAIGHT; i++) {
            code.putInt(literal(Instruction.ADDQ, 1, 1, 1));
        }
        code.putInt(literal(Instruction.ADDQ, 1, 1, 1)).putInt(branch(Instruction.BR, 31, -2));
        for (int page = 0; page < 2; page++) {
            Frame frame = memory.allocate();
            frame.write(0, code.array(), page * PAGE, PAGE);
            space.map(CODE + (long) page * PAGE, frame, TranslationContext.READ | TranslationContext.EXECUTE);
        }
        UserContext context = processor.create(space);
        context.setPc(CODE);
        return context;
    }

    @Test
    void interruptsAfterExactlySoManyInstructions() {
        UserContext context = counter();
        long done = 0;
        for (int step : new int[]{1, 1, 2, 3, 7, 63, 64, 65, 500, 1400, 2, 2048, 2049, 2050, 5000, 1, 100_001, 30}) {
            clock.interruptAt(clock.monotonicTime() + step * VirtualClock.INSTRUCTION);
            int before = interrupts;
            processor.run(context);
            done += step;
            assertEquals(before + 1, interrupts);
            assertEquals(done, context.instructions(), "after a step of " + step);
            assertEquals(done * VirtualClock.INSTRUCTION, clock.monotonicTime());
            long looped = Math.max(0, done - STRAIGHT);
            assertEquals(done - looped / 2, context.register(1), "after " + done + " instructions");
        }
    }
}
