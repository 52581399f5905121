package hw.alpha.isa;

/**
 * The instruction set: the one table from which decoder, disassembler and the interpreter's operation numbers
 * ({@link Op}) follow. Columns: format, opcode, function. Sections are those of the Alpha Architecture Reference Manual,
 * fourth edition (AARM); opcodes are from its appendix C.
 */
public enum Instruction {
    // @formatter:off

    /** No instruction: reserved, privileged, or of an extension that the machine does not have. */
    RESERVED    (null, -1, -1),

    // 4.2 Memory integer load/store
    LDA         (Format.ADDRESS, 0x08, 0),
    LDAH        (Format.ADDRESS, 0x09, 0),
    LDBU        (Format.LOAD, 0x0A, 0),
    LDWU        (Format.LOAD, 0x0C, 0),
    LDL         (Format.LOAD, 0x28, 0),
    LDQ         (Format.LOAD, 0x29, 0),
    LDQ_U       (Format.LOAD, 0x0B, 0),
    LDL_L       (Format.LOAD, 0x2A, 0),
    LDQ_L       (Format.LOAD, 0x2B, 0),
    STB         (Format.STORE, 0x0E, 0),
    STW         (Format.STORE, 0x0D, 0),
    STL         (Format.STORE, 0x2C, 0),
    STQ         (Format.STORE, 0x2D, 0),
    STQ_U       (Format.STORE, 0x0F, 0),
    STL_C       (Format.STORE_CONDITIONAL, 0x2E, 0),
    STQ_C       (Format.STORE_CONDITIONAL, 0x2F, 0),

    // 4.3 Control
    BR          (Format.BRANCH, 0x30, 0),
    BSR         (Format.BRANCH, 0x34, 0),
    BEQ         (Format.CONDITION, 0x39, 0),
    BNE         (Format.CONDITION, 0x3D, 0),
    BLT         (Format.CONDITION, 0x3A, 0),
    BLE         (Format.CONDITION, 0x3B, 0),
    BGE         (Format.CONDITION, 0x3E, 0),
    BGT         (Format.CONDITION, 0x3F, 0),
    BLBC        (Format.CONDITION, 0x38, 0),
    BLBS        (Format.CONDITION, 0x3C, 0),
    JMP         (Format.JUMP, 0x1A, 0),
    JSR         (Format.JUMP, 0x1A, 1),
    RET         (Format.JUMP, 0x1A, 2),
    JSR_COROUTINE (Format.JUMP, 0x1A, 3),

    // 4.4 Integer arithmetic
    ADDL        (Format.OPERATE, 0x10, 0x00),
    ADDQ        (Format.OPERATE, 0x10, 0x20),
    ADDLV       (Format.OPERATE, 0x10, 0x40),
    ADDQV       (Format.OPERATE, 0x10, 0x60),
    S4ADDL      (Format.OPERATE, 0x10, 0x02),
    S4ADDQ      (Format.OPERATE, 0x10, 0x22),
    S8ADDL      (Format.OPERATE, 0x10, 0x12),
    S8ADDQ      (Format.OPERATE, 0x10, 0x32),
    SUBL        (Format.OPERATE, 0x10, 0x09),
    SUBQ        (Format.OPERATE, 0x10, 0x29),
    SUBLV       (Format.OPERATE, 0x10, 0x49),
    SUBQV       (Format.OPERATE, 0x10, 0x69),
    S4SUBL      (Format.OPERATE, 0x10, 0x0B),
    S4SUBQ      (Format.OPERATE, 0x10, 0x2B),
    S8SUBL      (Format.OPERATE, 0x10, 0x1B),
    S8SUBQ      (Format.OPERATE, 0x10, 0x3B),
    CMPEQ       (Format.OPERATE, 0x10, 0x2D),
    CMPLT       (Format.OPERATE, 0x10, 0x4D),
    CMPLE       (Format.OPERATE, 0x10, 0x6D),
    CMPULT      (Format.OPERATE, 0x10, 0x1D),
    CMPULE      (Format.OPERATE, 0x10, 0x3D),
    CMPBGE      (Format.OPERATE, 0x10, 0x0F),
    MULL        (Format.OPERATE, 0x13, 0x00),
    MULQ        (Format.OPERATE, 0x13, 0x20),
    UMULH       (Format.OPERATE, 0x13, 0x30),
    MULLV       (Format.OPERATE, 0x13, 0x40),
    MULQV       (Format.OPERATE, 0x13, 0x60),
    CTPOP       (Format.OPERATE, 0x1C, 0x30),
    CTLZ        (Format.OPERATE, 0x1C, 0x32),
    CTTZ        (Format.OPERATE, 0x1C, 0x33),

    // 4.5 Logical and shift
    AND         (Format.OPERATE, 0x11, 0x00),
    BIC         (Format.OPERATE, 0x11, 0x08),
    BIS         (Format.OPERATE, 0x11, 0x20),
    ORNOT       (Format.OPERATE, 0x11, 0x28),
    XOR         (Format.OPERATE, 0x11, 0x40),
    EQV         (Format.OPERATE, 0x11, 0x48),
    CMOVEQ      (Format.OPERATE, 0x11, 0x24),
    CMOVNE      (Format.OPERATE, 0x11, 0x26),
    CMOVLT      (Format.OPERATE, 0x11, 0x44),
    CMOVGE      (Format.OPERATE, 0x11, 0x46),
    CMOVLE      (Format.OPERATE, 0x11, 0x64),
    CMOVGT      (Format.OPERATE, 0x11, 0x66),
    CMOVLBS     (Format.OPERATE, 0x11, 0x14),
    CMOVLBC     (Format.OPERATE, 0x11, 0x16),
    SLL         (Format.OPERATE, 0x12, 0x39),
    SRL         (Format.OPERATE, 0x12, 0x34),
    SRA         (Format.OPERATE, 0x12, 0x3C),

    // 4.6 Byte manipulation
    EXTBL       (Format.OPERATE, 0x12, 0x06),
    EXTWL       (Format.OPERATE, 0x12, 0x16),
    EXTLL       (Format.OPERATE, 0x12, 0x26),
    EXTQL       (Format.OPERATE, 0x12, 0x36),
    EXTWH       (Format.OPERATE, 0x12, 0x5A),
    EXTLH       (Format.OPERATE, 0x12, 0x6A),
    EXTQH       (Format.OPERATE, 0x12, 0x7A),
    INSBL       (Format.OPERATE, 0x12, 0x0B),
    INSWL       (Format.OPERATE, 0x12, 0x1B),
    INSLL       (Format.OPERATE, 0x12, 0x2B),
    INSQL       (Format.OPERATE, 0x12, 0x3B),
    INSWH       (Format.OPERATE, 0x12, 0x57),
    INSLH       (Format.OPERATE, 0x12, 0x67),
    INSQH       (Format.OPERATE, 0x12, 0x77),
    MSKBL       (Format.OPERATE, 0x12, 0x02),
    MSKWL       (Format.OPERATE, 0x12, 0x12),
    MSKLL       (Format.OPERATE, 0x12, 0x22),
    MSKQL       (Format.OPERATE, 0x12, 0x32),
    MSKWH       (Format.OPERATE, 0x12, 0x52),
    MSKLH       (Format.OPERATE, 0x12, 0x62),
    MSKQH       (Format.OPERATE, 0x12, 0x72),
    SEXTB       (Format.OPERATE, 0x1C, 0x00),
    SEXTW       (Format.OPERATE, 0x1C, 0x01),
    ZAP         (Format.OPERATE, 0x12, 0x30),
    ZAPNOT      (Format.OPERATE, 0x12, 0x31),

    // 4.8 Memory floating-point load/store
    LDF         (Format.FLOAT_LOAD, 0x20, 0),
    LDG         (Format.FLOAT_LOAD, 0x21, 0),
    LDS         (Format.FLOAT_LOAD, 0x22, 0),
    LDT         (Format.FLOAT_LOAD, 0x23, 0),
    STF         (Format.FLOAT_STORE, 0x24, 0),
    STG         (Format.FLOAT_STORE, 0x25, 0),
    STS         (Format.FLOAT_STORE, 0x26, 0),
    STT         (Format.FLOAT_STORE, 0x27, 0),

    // 4.9 Branch floating-point
    FBEQ        (Format.FLOAT_CONDITION, 0x31, 0),
    FBLT        (Format.FLOAT_CONDITION, 0x32, 0),
    FBLE        (Format.FLOAT_CONDITION, 0x33, 0),
    FBNE        (Format.FLOAT_CONDITION, 0x35, 0),
    FBGE        (Format.FLOAT_CONDITION, 0x36, 0),
    FBGT        (Format.FLOAT_CONDITION, 0x37, 0),

    // 4.10 Floating-point operate: copies, moves and the control register
    CVTLQ       (Format.FLOAT, 0x17, 0x010),
    CPYS        (Format.FLOAT, 0x17, 0x020),
    CPYSN       (Format.FLOAT, 0x17, 0x021),
    CPYSE       (Format.FLOAT, 0x17, 0x022),
    MT_FPCR     (Format.FLOAT_SOURCE, 0x17, 0x024),
    MF_FPCR     (Format.FLOAT, 0x17, 0x025),
    FCMOVEQ     (Format.FLOAT, 0x17, 0x02A),
    FCMOVNE     (Format.FLOAT, 0x17, 0x02B),
    FCMOVLT     (Format.FLOAT, 0x17, 0x02C),
    FCMOVGE     (Format.FLOAT, 0x17, 0x02D),
    FCMOVLE     (Format.FLOAT, 0x17, 0x02E),
    FCMOVGT     (Format.FLOAT, 0x17, 0x02F),
    CVTQL       (Format.FLOAT, 0x17, 0x030),
    CVTQLV      (Format.FLOAT, 0x17, 0x130),
    CVTQLSV     (Format.FLOAT, 0x17, 0x530),

    // 4.10 Floating-point operate: IEEE arithmetic; qualifiers in function bits 10:6 (appendix C.3)
    ADDS        (Format.QUALIFIED, 0x16, 0x00),
    SUBS        (Format.QUALIFIED, 0x16, 0x01),
    MULS        (Format.QUALIFIED, 0x16, 0x02),
    DIVS        (Format.QUALIFIED, 0x16, 0x03),
    ADDT        (Format.QUALIFIED, 0x16, 0x20),
    SUBT        (Format.QUALIFIED, 0x16, 0x21),
    MULT        (Format.QUALIFIED, 0x16, 0x22),
    DIVT        (Format.QUALIFIED, 0x16, 0x23),
    CMPTUN      (Format.QUALIFIED, 0x16, 0x24),
    CMPTEQ      (Format.QUALIFIED, 0x16, 0x25),
    CMPTLT      (Format.QUALIFIED, 0x16, 0x26),
    CMPTLE      (Format.QUALIFIED, 0x16, 0x27),
    CVTTS       (Format.QUALIFIED, 0x16, 0x2C),
    CVTTQ       (Format.QUALIFIED, 0x16, 0x2F),
    CVTQS       (Format.QUALIFIED, 0x16, 0x3C),
    CVTQT       (Format.QUALIFIED, 0x16, 0x3E),
    // The two below have the code of CVTTS with a trap qualifier that it cannot have, and so come before it.
    CVTST       (Format.FLOAT, 0x16, 0x2AC),
    CVTSTS      (Format.FLOAT, 0x16, 0x6AC),
    SQRTS       (Format.QUALIFIED, 0x14, 0x0B),
    SQRTT       (Format.QUALIFIED, 0x14, 0x2B),
    ITOFS       (Format.INTEGER_TO_FLOAT, 0x14, 0x004),
    ITOFF       (Format.INTEGER_TO_FLOAT, 0x14, 0x014),
    ITOFT       (Format.INTEGER_TO_FLOAT, 0x14, 0x024),
    FTOIT       (Format.FLOAT_TO_INTEGER, 0x1C, 0x70),
    FTOIS       (Format.FLOAT_TO_INTEGER, 0x1C, 0x78),

    // 4.10 Floating-point operate: VAX arithmetic
    ADDF        (Format.QUALIFIED, 0x15, 0x00),
    SUBF        (Format.QUALIFIED, 0x15, 0x01),
    MULF        (Format.QUALIFIED, 0x15, 0x02),
    DIVF        (Format.QUALIFIED, 0x15, 0x03),
    CVTDG       (Format.QUALIFIED, 0x15, 0x1E),
    ADDG        (Format.QUALIFIED, 0x15, 0x20),
    SUBG        (Format.QUALIFIED, 0x15, 0x21),
    MULG        (Format.QUALIFIED, 0x15, 0x22),
    DIVG        (Format.QUALIFIED, 0x15, 0x23),
    CMPGEQ      (Format.QUALIFIED, 0x15, 0x25),
    CMPGLT      (Format.QUALIFIED, 0x15, 0x26),
    CMPGLE      (Format.QUALIFIED, 0x15, 0x27),
    CVTGF       (Format.QUALIFIED, 0x15, 0x2C),
    CVTGD       (Format.QUALIFIED, 0x15, 0x2D),
    CVTGQ       (Format.QUALIFIED, 0x15, 0x2F),
    CVTQF       (Format.QUALIFIED, 0x15, 0x3C),
    CVTQG       (Format.QUALIFIED, 0x15, 0x3E),
    SQRTF       (Format.QUALIFIED, 0x14, 0x0A),
    SQRTG       (Format.QUALIFIED, 0x14, 0x2A),

    // 4.11 Miscellaneous
    AMASK       (Format.OPERATE, 0x11, 0x61),
    IMPLVER     (Format.OPERATE, 0x11, 0x6C),
    TRAPB       (Format.BARRIER, 0x18, 0x0000),
    EXCB        (Format.BARRIER, 0x18, 0x0400),
    MB          (Format.BARRIER, 0x18, 0x4000),
    WMB         (Format.BARRIER, 0x18, 0x4400),
    FETCH       (Format.HINT, 0x18, 0x8000),
    FETCH_M     (Format.HINT, 0x18, 0xA000),
    RPCC        (Format.COUNTER, 0x18, 0xC000),
    RC          (Format.COUNTER, 0x18, 0xE000),
    ECB         (Format.HINT, 0x18, 0xE800),
    RS          (Format.COUNTER, 0x18, 0xF000),
    WH64        (Format.HINT, 0x18, 0xF800),
    WH64EN      (Format.HINT, 0x18, 0xFC00),

    // 4.13 Multimedia
    PERR        (Format.OPERATE, 0x1C, 0x31),
    UNPKBW      (Format.OPERATE, 0x1C, 0x34),
    UNPKBL      (Format.OPERATE, 0x1C, 0x35),
    PKWB        (Format.OPERATE, 0x1C, 0x36),
    PKLB        (Format.OPERATE, 0x1C, 0x37),
    MINSB8      (Format.OPERATE, 0x1C, 0x38),
    MINSW4      (Format.OPERATE, 0x1C, 0x39),
    MINUB8      (Format.OPERATE, 0x1C, 0x3A),
    MINUW4      (Format.OPERATE, 0x1C, 0x3B),
    MAXUB8      (Format.OPERATE, 0x1C, 0x3C),
    MAXUW4      (Format.OPERATE, 0x1C, 0x3D),
    MAXSB8      (Format.OPERATE, 0x1C, 0x3E),
    MAXSW4      (Format.OPERATE, 0x1C, 0x3F),

    // II-A 2.1 Unprivileged PALcode of OSF/1 (and Linux)
    BPT         (Format.PAL, 0x00, 0x80),
    BUGCHK      (Format.PAL, 0x00, 0x81),
    CALLSYS     (Format.PAL, 0x00, 0x83),
    IMB         (Format.PAL, 0x00, 0x86),
    RDUNIQUE    (Format.PAL_RESULT, 0x00, 0x9E),
    WRUNIQUE    (Format.PAL_ARGUMENT, 0x00, 0x9F),
    GENTRAP     (Format.PAL_ARGUMENT, 0x00, 0xAA);
    // @formatter:on

    final Format format;
    final int opcode;
    final int function;

    Instruction(Format format, int opcode, int function) {
        this.format = format;
        this.opcode = opcode;
        this.function = function;
    }

    /**
     * An instruction word (AARM 3.3) with registers, of whichever kind it has, and no displacement, literal or qualifier.
     *
     * @param a first register field, 0 to 31
     * @param b second one, where the format has it
     * @param c third one, where the format has it
     */
    public int word(int a, int b, int c) {
        int begin = opcode << 26 | a << 21;
        return switch (format) {
            case LOAD, STORE, STORE_CONDITIONAL, ADDRESS, FLOAT_LOAD, FLOAT_STORE -> begin | b << 16;
            case BARRIER, HINT, COUNTER -> begin | b << 16 | function;
            case JUMP -> begin | b << 16 | function << 14;
            case BRANCH, CONDITION, FLOAT_CONDITION -> begin;
            case OPERATE, FLOAT, FLOAT_SOURCE, INTEGER_TO_FLOAT, FLOAT_TO_INTEGER ->
                begin | b << 16 | function << 5 | c;
            // The high function bits are qualifiers: to nearest.
            case QUALIFIED -> begin | b << 16 | (function | 0x80) << 5 | c;
            case PAL, PAL_ARGUMENT, PAL_RESULT -> function;
        };
    }

    /** Which part of the processor executes an instruction. */
    public enum Group {
        /** Loads, stores and what else touches memory. */
        MEMORY,
        /** Jumps and branches. */
        CONTROL,
        /** Integer operate instructions. */
        INTEGER,
        /** IEEE arithmetic, copies and moves, and the floating-point control register. */
        FLOATING,
        /** VAX floating-point arithmetic. */
        VAX,
        /** Barriers, hints and counters. */
        MISCELLANEOUS,
        /** Calls of PALcode. */
        PAL,
        /** Not an instruction. */
        NONE
    }

    /** Which part of the processor executes it. */
    public Group group() {
        if (format == null) {
            return Group.NONE;
        }
        return switch (format) {
            case LOAD, STORE, STORE_CONDITIONAL, FLOAT_LOAD, FLOAT_STORE -> Group.MEMORY;
            case BRANCH, CONDITION, FLOAT_CONDITION, JUMP -> Group.CONTROL;
            case ADDRESS, OPERATE -> Group.INTEGER;
            case INTEGER_TO_FLOAT, FLOAT_TO_INTEGER, FLOAT, FLOAT_SOURCE -> Group.FLOATING;
            case QUALIFIED -> opcode == 0x15 || (function & 0x1F) == 0x0A ? Group.VAX : Group.FLOATING;
            case BARRIER, HINT, COUNTER -> Group.MISCELLANEOUS;
            case PAL, PAL_ARGUMENT, PAL_RESULT -> Group.PAL;
        };
    }

    /**
     * The bits that {@code amask} clears on processors that have it (AARM D.3): 1 BWX, 2 FIX, 4 CIX, 0x100 MVI; 0: all have
     * it.
     */
    long extension() {
        return switch (this) {
            case LDBU, LDWU, STB, STW, SEXTB, SEXTW -> 1;
            case SQRTF, SQRTG, SQRTS, SQRTT, ITOFF, ITOFS, ITOFT, FTOIS, FTOIT -> 2;
            case CTPOP, CTLZ, CTTZ -> 4;
            case PERR, UNPKBW, UNPKBL, PKWB, PKLB, MINSB8, MINSW4, MINUB8, MINUW4, MAXUB8, MAXUW4, MAXSB8, MAXSW4 ->
                0x100;
            default -> 0;
        };
    }

    /** As assemblers spell it: {@code addl/v} for {@link #ADDLV}. */
    String mnemonic() {
        return switch (this) {
            case ADDLV, ADDQV, SUBLV, SUBQV, MULLV, MULQV, CVTQLV -> lower(1, "/v");
            case CVTQLSV -> lower(2, "/sv");
            case CVTSTS -> lower(1, "/s");
            default -> (group() == Group.PAL ? "call_pal " : "") + lower(0, "");
        };
    }

    private String lower(int drop, String qualifier) {
        String name = name().toLowerCase(java.util.Locale.ROOT);
        return name.substring(0, name.length() - drop) + qualifier;
    }
}
