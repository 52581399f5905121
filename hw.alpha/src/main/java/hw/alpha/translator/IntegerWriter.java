package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Instruction;
import hw.alpha.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Locale;
import java.util.stream.IntStream;

/** Writes integer operate instructions (AARM 4.4 to 4.6, 4.13), branch conditions, and conditional moves. */
final class IntegerWriter {

    private static final ClassDesc SUPPORT = ClassDesc.of(Support.class.getName());
    private static final ClassDesc MULTIMEDIA = ClassDesc.of(Multimedia.class.getName());
    /** From {@link Op#PERR} to {@link Op#MAXSW4}. */
    private static final String[] MULTIMEDIA_METHODS = IntStream.rangeClosed(Op.PERR, Op.MAXSW4)
            .mapToObj(operation -> Instruction.values()[operation].name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
    private static final ClassDesc LONG_CLASS = ConstantDescs.CD_Long;
    private static final MethodTypeDesc BINARY = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_long);
    private static final MethodTypeDesc COUNT = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long);

    private final Code code;
    private final CodeBuilder out;
    private final Ranges ranges;
    private final Comparisons comparisons;
    private final Rotations rotations;

    /** An operand that is kept although its register is overwritten. */
    private record Copy(int position, boolean first) {}

    /** The low longword of a register; see {@link Rotations}. */
    private record Longword(int register) {}

    /**
     * @param ranges what is known of the region's registers
     * @param comparisons null if branches are to test results
     * @param rotations null if no longword is to be computed by itself
     */
    IntegerWriter(Code code, Ranges ranges, Comparisons comparisons, Rotations rotations) {
        this.code = code;
        this.out = code.out;
        this.ranges = ranges;
        this.comparisons = comparisons;
        this.rotations = rotations;
    }

    /** Writes an instruction. */
    void write(long decoded) {
        int operation = Decoder.operation(decoded);
        int a = Decoder.first(decoded);
        int b = Decoder.second(decoded);
        int to = Decoder.destination(decoded);
        if (operation >= Op.CMOVEQ && operation <= Op.CMOVLBC) {
            conditionalMove(operation, a, b, to);
            return;
        }
        if (to == Decoder.SINK) {
            return;
        }
        if (operation == Op.LDA) {
            code.load(b);
            if (Decoder.immediate(decoded) != 0) {
                out.loadConstant((long) Decoder.immediate(decoded)).ladd();
            }
        } else if (operation >= Op.CMPEQ && operation <= Op.CMPULE) {
            copy(a, b);
            truth(operation, a, b);
        } else if (operation >= Op.EXTBL && operation <= Op.ZAPNOT) {
            bytes(operation, a, b);
        } else if (Multimedia.is(operation)) {
            code.load(a);
            code.load(b);
            out.invokestatic(MULTIMEDIA, MULTIMEDIA_METHODS[operation - Op.PERR], BINARY);
        } else if (!longword(operation, a, b, to)) {
            arithmetic(operation, a, b);
        }
        code.store(to);
    }

    /** Computes a result's low longword by itself where that pays. @return whether the result was pushed with that */
    private boolean longword(int operation, int a, int b, int to) {
        Rotations.Low low = rotations == null ? null : rotations.at(code.at);
        if (low == null) {
            return false;
        }
        if (low.how() == Rotations.How.ROTATE) {
            code.load(low.source());
            out.l2i().loadConstant(low.count()).ishl();
            code.load(low.source());
            out.l2i().loadConstant(32 - low.count()).iushr().ior();
        } else {
            longword(a, low.first());
            longword(b, low.second());
            longwords(operation);
        }
        out.istore(code.variable(new Longword(to)));
        if (operation == Op.ADDL || operation == Op.SUBL) {
            out.iload(code.variable(new Longword(to))).i2l();
            return true;
        }
        return false;
    }

    private void longword(int register, boolean computed) {
        if (computed) {
            out.iload(code.variable(new Longword(register)));
        } else {
            code.load(register);
            out.l2i();
        }
    }

    private void longwords(int operation) {
        switch (operation) {
            case Op.ADDL, Op.ADDQ -> out.iadd();
            case Op.SUBL, Op.SUBQ -> out.isub();
            case Op.AND -> out.iand();
            case Op.BIS -> out.ior();
            case Op.XOR -> out.ixor();
            case Op.BIC -> out.iconst_m1().ixor().iand();
            case Op.ORNOT -> out.iconst_m1().ixor().ior();
            case Op.EQV -> out.iconst_m1().ixor().ixor();
            default -> throw new IllegalStateException("operation " + operation);
        }
    }

    private void arithmetic(int operation, int a, int b) {
        if (operation == Op.BIS && (a == 31 || a == b)) {
            code.load(b);
            return;
        }
        if (operation != Op.CTPOP && operation != Op.CTLZ && operation != Op.CTTZ) {
            code.load(a);
        }
        switch (operation) {
            case Op.S4ADDL, Op.S4ADDQ, Op.S4SUBL, Op.S4SUBQ -> out.iconst_2().lshl();
            case Op.S8ADDL, Op.S8ADDQ, Op.S8SUBL, Op.S8SUBQ -> out.iconst_3().lshl();
            default -> {
                // not scaled
            }
        }
        code.load(b);
        switch (operation) {
            case Op.ADDQ, Op.S4ADDQ, Op.S8ADDQ -> out.ladd();
            case Op.SUBQ, Op.S4SUBQ, Op.S8SUBQ -> out.lsub();
            case Op.ADDL, Op.S4ADDL, Op.S8ADDL -> out.ladd().l2i().i2l();
            case Op.SUBL, Op.S4SUBL, Op.S8SUBL -> out.lsub().l2i().i2l();
            case Op.MULL -> out.lmul().l2i().i2l();
            case Op.MULQ -> out.lmul();
            case Op.UMULH -> out.invokestatic(ClassDesc.of("java.lang.Math"), "unsignedMultiplyHigh", BINARY);
            case Op.CTPOP -> out.invokestatic(LONG_CLASS, "bitCount", COUNT).i2l();
            case Op.CTLZ -> out.invokestatic(LONG_CLASS, "numberOfLeadingZeros", COUNT).i2l();
            case Op.CTTZ -> out.invokestatic(LONG_CLASS, "numberOfTrailingZeros", COUNT).i2l();
            case Op.AND -> out.land();
            case Op.BIS -> out.lor();
            case Op.XOR -> out.lxor();
            case Op.BIC -> not().land();
            case Op.ORNOT -> not().lor();
            case Op.EQV -> not().lxor();
            case Op.SLL -> out.l2i().lshl();
            case Op.SRL -> out.l2i().lushr();
            case Op.SRA -> out.l2i().lshr();
            case Op.CMPBGE -> out.invokestatic(SUPPORT, "compareBytes", BINARY);
            default -> throw new IllegalStateException("operation " + operation);
        }
    }

    private CodeBuilder not() {
        return out.loadConstant(-1L).lxor();
    }

    /** Keeps what the comparison at the present position compares, where that is wanted later. */
    private void copy(int a, int b) {
        if (comparisons != null && comparisons.copiesFirst(code.at)) {
            code.load(a);
            out.lstore(code.variable(new Copy(code.at, true)));
        }
        if (comparisons != null && comparisons.copiesSecond(code.at)) {
            code.load(b);
            out.lstore(code.variable(new Copy(code.at, false)));
        }
    }

    /** Position of the comparison that the instruction at a position tests the result of, or -1. */
    int tested(int i) {
        return comparisons == null ? -1 : comparisons.tested(i);
    }

    /** Compares what the comparison at a position has compared. @return the branch that is taken when it holds */
    Opcode compare(int position) {
        long decoded = code.shape.decoded[position];
        return compare(Decoder.operation(decoded),
                () -> operand(Decoder.first(decoded), comparisons.copiesFirst(position), new Copy(position, true)),
                () -> operand(Decoder.second(decoded), comparisons.copiesSecond(position), new Copy(position, false)));
    }

    private void operand(int register, boolean copied, Copy copy) {
        if (copied) {
            out.lload(code.variable(copy));
        } else {
            code.load(register);
        }
    }

    /** Pushes both operands and compares them. @return the branch that is taken when the comparison holds */
    Opcode compare(int operation, int a, int b) {
        return compare(operation, () -> code.load(a), () -> code.load(b));
    }

    private Opcode compare(int operation, Runnable a, Runnable b) {
        boolean unsigned = operation == Op.CMPULT || operation == Op.CMPULE;
        a.run();
        if (unsigned) {
            out.loadConstant(Long.MIN_VALUE).ladd();
        }
        b.run();
        if (unsigned) {
            out.loadConstant(Long.MIN_VALUE).ladd();
        }
        out.lcmp();
        return switch (operation) {
            case Op.CMPEQ -> Opcode.IFEQ;
            case Op.CMPLT, Op.CMPULT -> Opcode.IFLT;
            default -> Opcode.IFLE;
        };
    }

    /**
     * Pushes whether a comparison holds, 1 or 0, without a branch: compilers use comparisons by themselves where they expect that
     * a branch would be mispredicted. What is compared is in variables, so that it may be pushed again.
     */
    private void truth(int operation, int a, int b) {
        switch (operation) {
            case Op.CMPEQ -> {
                nonZero(a, b);
                out.lconst_1().lxor();
            }
            case Op.CMPLT -> less(a, b);
            case Op.CMPLE -> {
                less(b, a);
                out.lconst_1().lxor();
            }
            case Op.CMPULT -> below(a, b);
            default -> {
                below(b, a);
                out.lconst_1().lxor();
            }
        }
    }

    /** Pushes 1 if two registers differ, else 0. */
    private void nonZero(int a, int b) {
        boolean positive = ranges.positive(code.at, a) && ranges.positive(code.at, b);
        if (positive) {
            out.lconst_0();
            difference(a, b);
            out.lsub();
        } else {
            difference(a, b);
            difference(a, b);
            out.lneg().lor();
        }
        out.loadConstant(63).lushr();
    }

    private void difference(int a, int b) {
        code.load(a);
        if (!zero(b)) {
            code.load(b);
            out.lxor();
        }
    }

    private static boolean zero(int register) {
        return register == 31 || register == Decoder.LITERALS;
    }

    /** Pushes 1 if a register is less than another, else 0. */
    private void less(int a, int b) {
        code.load(a);
        if (!zero(b)) {
            code.load(b);
            out.lsub();
            if (!ranges.small(code.at, a) || !ranges.small(code.at, b)) {
                // The sign of the difference, corrected where it overflows: ((a - b ^ a) & (a ^ b)) ^ a - b.
                code.load(a);
                code.load(b);
                out.lsub();
                code.load(a);
                out.lxor();
                code.load(a);
                code.load(b);
                out.lxor().land().lxor();
            }
        }
        out.loadConstant(63).lushr();
    }

    /** Pushes 1 if a register is less than another as unsigned numbers, else 0. */
    private void below(int a, int b) {
        boolean first = ranges.positive(code.at, a);
        boolean second = ranges.positive(code.at, b);
        if (zero(a)) {
            nonZero(b, 31);
            return;
        }
        code.load(a);
        code.load(b);
        out.lsub();
        if (!first && second) {
            // The difference does not overflow if a is not negative, and a is not below if it is.
            code.load(a);
            not().land();
        } else if (first && !second) {
            code.load(b);
            out.lor();
        } else if (!first) {
            // The borrow of the subtraction: ~a & b | (~a | b) & a - b.
            code.load(a);
            not();
            code.load(b);
            out.lor().land();
            code.load(a);
            not();
            code.load(b);
            out.land().lor();
        }
        out.loadConstant(63).lushr();
    }

    /** Pushes what a branch on an integer register tests. @return the branch that is taken when the condition holds */
    Opcode condition(int operation, int a) {
        code.load(a);
        if (operation == Op.BLBC || operation == Op.BLBS || operation == Op.CMOVLBC || operation == Op.CMOVLBS) {
            out.lconst_1().land();
        }
        out.lconst_0().lcmp();
        return switch (operation) {
            case Op.BEQ, Op.BLBC, Op.CMOVEQ, Op.CMOVLBC -> Opcode.IFEQ;
            case Op.BNE, Op.BLBS, Op.CMOVNE, Op.CMOVLBS -> Opcode.IFNE;
            case Op.BLT, Op.CMOVLT -> Opcode.IFLT;
            case Op.BLE, Op.CMOVLE -> Opcode.IFLE;
            case Op.BGE, Op.CMOVGE -> Opcode.IFGE;
            case Op.BGT, Op.CMOVGT -> Opcode.IFGT;
            default -> throw new IllegalStateException("condition " + operation);
        };
    }

    /** The branch that is taken when another is not. */
    static Opcode opposite(Opcode branch) {
        return switch (branch) {
            case IFEQ -> Opcode.IFNE;
            case IFNE -> Opcode.IFEQ;
            case IFLT -> Opcode.IFGE;
            case IFGE -> Opcode.IFLT;
            case IFLE -> Opcode.IFGT;
            default -> Opcode.IFLE;
        };
    }

    private void conditionalMove(int operation, int a, int b, int to) {
        if (to == Decoder.SINK) {
            return;
        }
        Label end = out.newLabel();
        int tested = tested(code.at);
        if (tested >= 0) {
            Opcode holds = compare(tested);
            out.branch(Comparisons.ifHolds(operation) ? opposite(holds) : holds, end);
        } else {
            out.branch(opposite(condition(operation, a)), end);
        }
        code.load(b);
        code.put(to);
        out.labelBinding(end);
        code.storeAlso(to);
    }

    /** Byte manipulation (AARM 4.6). */
    private void bytes(int operation, int a, int b) {
        switch (operation) {
            case Op.SEXTB -> {
                code.load(b);
                out.l2i().i2b().i2l();
            }
            case Op.SEXTW -> {
                code.load(b);
                out.l2i().i2s().i2l();
            }
            case Op.ZAP, Op.ZAPNOT -> zap(operation, a, b);
            case Op.EXTBL, Op.EXTWL, Op.EXTLL, Op.EXTQL -> {
                code.load(a);
                shift(b, false);
                mask(out.lushr(), width(operation - Op.EXTBL));
            }
            case Op.EXTWH, Op.EXTLH, Op.EXTQH -> {
                code.load(a);
                shift(b, true);
                mask(out.lshl(), width(operation - Op.EXTWH + 1));
            }
            case Op.INSBL, Op.INSWL, Op.INSLL, Op.INSQL -> {
                code.load(a);
                mask(out, width(operation - Op.INSBL));
                shift(b, false);
                out.lshl();
            }
            case Op.INSWH, Op.INSLH, Op.INSQH -> {
                code.load(a);
                mask(out, width(operation - Op.INSWH + 1));
                high(b);
            }
            case Op.MSKBL, Op.MSKWL, Op.MSKLL, Op.MSKQL -> {
                code.load(a);
                out.loadConstant(width(operation - Op.MSKBL));
                shift(b, false);
                out.lshl();
                not().land();
            }
            case Op.MSKWH, Op.MSKLH, Op.MSKQH -> {
                code.load(a);
                out.loadConstant(width(operation - Op.MSKWH + 1));
                high(b);
                not().land();
            }
            default -> throw new IllegalStateException("operation " + operation);
        }
    }

    private static long width(int log) {
        return log == 3 ? -1L : (1L << (8 << log)) - 1;
    }

    private static void mask(CodeBuilder out, long mask) {
        if (mask != -1) {
            out.loadConstant(mask).land();
        }
    }

    /** Pushes eight times the low bits of a register, perhaps negated, as a shift count. */
    private void shift(int b, boolean negated) {
        if (b >= Decoder.LITERALS) {
            int count = b - Decoder.LITERALS << 3;
            out.loadConstant((negated ? -count : count) & 63);
            return;
        }
        code.load(b);
        out.l2i().iconst_3().ishl();
        if (negated) {
            out.ineg();
        }
    }

    /** Shifts what is on the stack right by 64 less eight times the byte offset; by 64 it becomes zero. */
    private void high(int b) {
        shift(b, false);
        out.iconst_m1().ixor().lushr().iconst_1().lushr();
    }

    private void zap(int operation, int a, int b) {
        code.load(a);
        if (b >= Decoder.LITERALS) {
            long mask = Support.expand(b - Decoder.LITERALS);
            out.loadConstant(operation == Op.ZAP ? ~mask : mask).land();
            return;
        }
        code.load(b);
        out.invokestatic(SUPPORT, operation == Op.ZAP ? "zap" : "zapNot", BINARY);
    }
}
