package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Instruction;
import hw.alpha.isa.Op;
import kernel.core.machine.ProcessorTrap;

/**
 * What {@link Interpreter}'s main loop does not do itself: instructions that are rare, and the rare cases of the others. The
 * context's program counter is that of the instruction. Stateless.
 */
final class Rare {

    private static final Instruction.Group[] GROUPS = new Instruction.Group[256];

    static {
        for (Instruction instruction : Instruction.values()) {
            GROUPS[instruction.ordinal()] = instruction.group();
        }
    }

    private Rare() {}

    /**
     * Performs an instruction.
     *
     * @return {@code true}: done, go on with the next; {@code false}: go on by {@link AlphaContext#resume()} at the program
     *         counter
     */
    static boolean perform(AlphaContext context, long instruction) {
        return switch (GROUPS[Decoder.operation(instruction)]) {
            case MEMORY -> MemoryAccess.perform(context, instruction);
            case INTEGER -> IntegerOperation.perform(context, instruction);
            case FLOATING -> FloatingOperation.perform(context, instruction);
            case MISCELLANEOUS -> miscellaneous(context, instruction);
            case PAL -> pal(context, instruction);
            case VAX -> VaxOperation.perform(context, instruction);
            case CONTROL, NONE -> illegal(context);
        };
    }

    /** Raises the trap for an instruction that the machine does not have. */
    static boolean illegal(AlphaContext context) {
        context.trap(ProcessorTrap.Kind.ILLEGAL_INSTRUCTION, context.word());
        return false;
    }

    private static boolean miscellaneous(AlphaContext context, long instruction) {
        long[] r = context.registers;
        switch (Decoder.operation(instruction)) {
            case Op.RPCC -> r[Decoder.destination(instruction)] = context.cycles() & 0xFFFF_FFFFL;
            // The interrupt flag (AARM II-A 2.1): RC clears it and RS sets it; both answer what it was.
            case Op.RC -> r[Decoder.destination(instruction)] = context.exchangeFlag(0);
            case Op.RS -> r[Decoder.destination(instruction)] = context.exchangeFlag(1);
            case Op.MB -> java.lang.invoke.VarHandle.fullFence();
            case Op.WMB -> java.lang.invoke.VarHandle.storeStoreFence();
            default -> {
                // TRAPB and EXCB: traps are precise. FETCH, ECB, WH64: hints.
            }
        }
        return true;
    }

    private static boolean pal(AlphaContext context, long instruction) {
        switch (Decoder.operation(instruction)) {
            case Op.CALLSYS -> {
                context.pc += 4;
                context.systemCall();
            }
            case Op.RDUNIQUE -> {
                context.registers[Decoder.destination(instruction)] = context.unique;
                return true;
            }
            case Op.WRUNIQUE -> {
                context.unique = context.registers[Decoder.first(instruction)];
                return true;
            }
            // Stores drop what was decoded from their page, so all that is left is to look the present page up again.
            case Op.IMB -> context.pc += 4;
            case Op.BPT -> context.trap(ProcessorTrap.Kind.BREAKPOINT, 0);
            case Op.BUGCHK -> context.trap(ProcessorTrap.Kind.BUG_CHECK, 0);
            case Op.GENTRAP -> context.trap(ProcessorTrap.Kind.SOFTWARE_TRAP,
                    context.registers[Decoder.first(instruction)]);
            default -> illegal(context);
        }
        return false;
    }
}
