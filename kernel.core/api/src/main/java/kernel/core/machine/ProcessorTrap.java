package kernel.core.machine;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/** Event: an instruction of user code could not be executed, or asked for a trap. Memory faults are in {@link kernel.core.memory}. */
@Event(binders = Binders.ANYONE)
public interface ProcessorTrap {

    /** Why. */
    enum Kind {
        /** Reserved or privileged instruction; {@code info} is the instruction word. */
        ILLEGAL_INSTRUCTION,
        /** Breakpoint instruction. */
        BREAKPOINT,
        /** {@code CALL_PAL bugchk}. */
        BUG_CHECK,
        /** {@code CALL_PAL gentrap}; {@code info} is its code (register a0). */
        SOFTWARE_TRAP,
        /** Arithmetic trap; {@code info} is the exception summary (Alpha Architecture Reference Manual, EXC_SUM). */
        ARITHMETIC,
        /** An access that must be aligned was not, and is not fixed up; {@code info} is the address. */
        UNALIGNED,
        /** The program counter is not the address of an instruction; {@code info} is it. */
        BAD_PC
    }

    /**
     * @param context whose instruction; its program counter is that of the instruction
     * @param kind why
     * @param info see {@link Kind}
     */
    void trap(UserContext context, Kind kind, long info);
}
