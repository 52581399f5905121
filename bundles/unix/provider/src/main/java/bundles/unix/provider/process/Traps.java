package bundles.unix.provider.process;

import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import kernel.core.machine.ProcessorTrap;

/** Which signal a trap becomes (Linux: arch/alpha traps; codes of asm-generic/siginfo.h and asm/gentrap.h). */
final class Traps {

    private static final int ILL_ILLOPC = 1;
    private static final int TRAP_BRKPT = 1;
    private static final int TRAP_UNK = 5;
    private static final int BUS_ADRALN = 1;
    private static final int SEGV_MAPERR = 1;
    private static final int FPE_INTDIV = 1, FPE_INTOVF = 2, FPE_FLTDIV = 3, FPE_FLTOVF = 4, FPE_FLTUND = 5,
            FPE_FLTRES = 6,
            FPE_FLTINV = 7, FPE_FLTUNK = 14;

    private Traps() {}

    /** Whether the program goes on after the instruction when a handler returns, as the hardware's trap leaves it. */
    static boolean continuesAfter(ProcessorTrap.Kind kind) {
        return kind != ProcessorTrap.Kind.UNALIGNED && kind != ProcessorTrap.Kind.BAD_PC;
    }

    /**
     * The signal.
     *
     * @param info see {@link ProcessorTrap.Kind}
     * @param pc where the program goes on
     */
    static SignalInfo signal(ProcessorTrap.Kind kind, long info, long pc) {
        return switch (kind) {
            case ILLEGAL_INSTRUCTION -> SignalInfo.fault(Signal.SIGILL, ILL_ILLOPC, pc);
            case BREAKPOINT -> SignalInfo.fault(Signal.SIGTRAP, TRAP_BRKPT, pc);
            case BUG_CHECK -> SignalInfo.fault(Signal.SIGTRAP, TRAP_UNK, pc);
            case SOFTWARE_TRAP -> software(info, pc);
            case ARITHMETIC -> SignalInfo.fault(Signal.SIGFPE, arithmetic(info), pc);
            case UNALIGNED -> SignalInfo.fault(Signal.SIGBUS, BUS_ADRALN, info);
            case BAD_PC -> SignalInfo.fault(Signal.SIGSEGV, SEGV_MAPERR, info);
        };
    }

    private static SignalInfo software(long code, long pc) {
        int known = code >= -25 && code <= -1 ? (int) code : 0;
        return switch (known) {
            case -1 -> SignalInfo.fault(Signal.SIGFPE, FPE_INTOVF, pc);
            case -2 -> SignalInfo.fault(Signal.SIGFPE, FPE_INTDIV, pc);
            case -3 -> SignalInfo.fault(Signal.SIGFPE, FPE_FLTOVF, pc);
            case -4 -> SignalInfo.fault(Signal.SIGFPE, FPE_FLTDIV, pc);
            case -5 -> SignalInfo.fault(Signal.SIGFPE, FPE_FLTUND, pc);
            case -6 -> SignalInfo.fault(Signal.SIGFPE, FPE_FLTINV, pc);
            case -7 -> SignalInfo.fault(Signal.SIGFPE, FPE_FLTRES, pc);
            case -11 -> SignalInfo.fault(Signal.SIGFPE, FPE_FLTUNK, pc);
            default -> SignalInfo.fault(Signal.SIGTRAP, TRAP_UNK, pc);
        };
    }

    /**
     * By the exception summary: SWC, INV, DZE, OVF, UNF, INE, IOV from bit 0. Linux looks for the exception only when
     * software completion was asked for (SWC), as with /S instructions.
     */
    private static int arithmetic(long summary) {
        if ((summary & 1) == 0 || (summary & 2) != 0) {
            return FPE_FLTINV;
        }
        if ((summary & 4) != 0) {
            return FPE_FLTDIV;
        }
        if ((summary & 8) != 0) {
            return FPE_FLTOVF;
        }
        if ((summary & 0x10) != 0) {
            return FPE_FLTUND;
        }
        return (summary & 0x20) != 0 ? FPE_FLTRES : FPE_FLTINV;
    }
}
