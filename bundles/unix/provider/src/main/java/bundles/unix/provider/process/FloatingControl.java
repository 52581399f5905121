package bundles.unix.provider.process;

import kernel.core.machine.UserContext;

/**
 * The IEEE floating-point control that Linux/Alpha offers beyond the control register: trap enables, kept by the kernel, and
 * status, which is in the register (asm/fpu.h, ieee_set_fp_control). Belongs to the process's strand.
 */
public final class FloatingControl {

    private static final long TRAP_ENABLES = 0x7E;
    private static final long MAP_DENORMALS = 1 << 12;
    private static final long MAP_UNDERFLOWS = 1 << 13;
    private static final long STATUS = 0x7E_0000;
    private static final long WORD = TRAP_ENABLES | MAP_DENORMALS | MAP_UNDERFLOWS | STATUS;
    private static final long SUMMARY = 1L << 63;
    private static final long UNDERFLOW_TO_ZERO = 1L << 60 | 1L << 61;
    private static final long ROUNDING = 3L << 58;
    private static final long ROUND_TO_NEAREST = 2L << 58;

    private long enables;

    /** The control register of a program that has set nothing: no traps, rounding to nearest. */
    public static long initial() {
        return ROUND_TO_NEAREST | toRegister(0);
    }

    /** The same settings for another thread. */
    FloatingControl copy() {
        var copy = new FloatingControl();
        copy.enables = enables;
        return copy;
    }

    /** The control word. */
    public long get(UserContext context) {
        return enables & (TRAP_ENABLES | MAP_DENORMALS | MAP_UNDERFLOWS)
                | context.register(UserContext.FPCR) >>> 35 & STATUS;
    }

    /** Sets the control word, and the register to agree with it; the rounding mode stays. */
    public void set(UserContext context, long word) {
        enables = word & WORD;
        context.setRegister(UserContext.FPCR, context.register(UserContext.FPCR) & ROUNDING | toRegister(word));
    }

    /**
     * Adds exceptions to the status.
     *
     * @param exceptions status bits
     * @return those of them whose trap is enabled, as trap-enable bits
     */
    public long raise(UserContext context, long exceptions) {
        long status = exceptions & STATUS;
        long register = context.register(UserContext.FPCR) | status << 35;
        context.setRegister(UserContext.FPCR, status != 0 ? register | SUMMARY : register);
        return status >>> 16 & enables & TRAP_ENABLES;
    }

    private static long toRegister(long word) {
        long register = (word & STATUS) << 35 | (word & MAP_DENORMALS) << 36;
        register |= (word & STATUS) != 0 ? SUMMARY : 0;
        // Disable bits: INVD, DZED, OVFD at 49-51, UNFD and INED at 61-62, DNOD at 47.
        register |= (~word & 0x0E) << 48 | (~word & 0x30) << 57 | (~word & 0x40) << 41;
        return register | ((word & MAP_UNDERFLOWS) != 0 ? UNDERFLOW_TO_ZERO : 0);
    }
}
