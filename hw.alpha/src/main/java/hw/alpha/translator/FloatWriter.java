package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes floating-point instructions (AARM 4.7 to 4.10) by the host's arithmetic, under the same conditions as the
 * interpreter: operands and results are zero or normal numbers, rounding is the host's, and nobody wants to know of an inexact
 * result. What is known to be such a number already is not looked at again. All else is left to the interpreter.
 */
final class FloatWriter {

    private static final ClassDesc SUPPORT = ClassDesc.of(Support.class.getName());
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final MethodTypeDesc DOUBLE = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double);
    private static final MethodTypeDesc LONG = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long);
    private static final double TRUE = 2.0;
    private static final long FRACTION = 0x000F_FFFF_FFFF_FFFFL;

    /** High half of a double, its sign shifted out: least normal, and number of normals, for both precisions. */
    private static final int LEAST = 0x0020_0000, NORMALS = 0x7FE << 21;
    private static final int LEAST_SINGLE = 0x381 << 21, NORMALS_SINGLE = 0xFE << 21;

    private final Code code;
    private final CodeBuilder out;
    private final int result;
    private final InexactWriter inexact;
    /** Registers that are known to hold zero or a normal number, or such a one of single precision. */
    private long ordinary;
    private long ordinarySingle;

    FloatWriter(Code code) {
        this.code = code;
        this.out = code.out;
        result = code.variable("result");
        inexact = new InexactWriter(code, result);
    }

    /** Forgets what is known: control may come from elsewhere. */
    void join() {
        ordinary = 0;
        ordinarySingle = 0;
    }

    /** What an instruction needs: bits of {@link GuestState#fast} in the low half, of {@link GuestState#careless} above. */
    static long needs(long decoded) {
        long bit = 1L << Translatable.qualifiers(decoded);
        boolean chopped = chopped(decoded);
        boolean recorded = records(decoded);
        return switch (Decoder.operation(decoded)) {
            case Op.ADDT, Op.SUBT, Op.MULT, Op.SQRTT -> plain(decoded) ? 0 : bit;
            case Op.ADDS, Op.SUBS, Op.MULS, Op.DIVS, Op.SQRTS, Op.CVTTS -> bit;
            case Op.DIVT -> chopped ? recorded ? 0 : bit << 32 : plain(decoded) ? 0 : bit;
            case Op.CVTTQ -> recorded || !chopped ? 0 : bit << 32;
            case Op.CVTQS, Op.CVTQT -> alwaysConverts(decoded) ? 0 : bit;
            default -> 0;
        };
    }

    private static boolean chopped(long decoded) {
        return (Translatable.qualifiers(decoded) & 3) == Translatable.CHOPPED;
    }

    /** Whether an inexact result must be recorded in FPCR, as nobody has asked before whether it needs to be. */
    private static boolean records(long decoded) {
        return (Translatable.qualifiers(decoded) & 0x1C) == 0;
    }

    /** Whether it rounds to nearest and must record an inexact result. */
    private static boolean plain(long decoded) {
        return Translatable.qualifiers(decoded) == Translatable.NORMAL;
    }

    /** Without {@code /I} and rounding to nearest nobody asks whether the conversion was exact. */
    private static boolean alwaysConverts(long decoded) {
        return (Translatable.qualifiers(decoded) & 8) == 0
                && (Translatable.qualifiers(decoded) & 3) == Translatable.NORMAL;
    }

    /** Leaves at once if the floating-point control register does not allow what the region does. */
    void prologue(long needs, Label refuse) {
        int fast = (int) needs;
        int careless = (int) (needs >>> 32);
        if (fast != 0) {
            check("fast", fast, refuse);
        }
        if (careless != 0) {
            check("careless", careless, refuse);
        }
    }

    private void check(String field, int mask, Label refuse) {
        out.aload(Code.STATE_SLOT).getfield(Code.STATE, field, ConstantDescs.CD_int);
        out.loadConstant(mask).iand().loadConstant(mask).if_icmpne(refuse);
    }

    /** Tells that a register was written by others. */
    void forget(int register) {
        if (register < 64) {
            ordinary &= ~(1L << register);
            ordinarySingle &= ~(1L << register);
        }
    }

    private boolean known(int register, boolean single) {
        return register == 63 || ((single ? ordinarySingle : ordinary) >>> register & 1) != 0;
    }

    private void learn(int register, boolean single) {
        if (register < 64) {
            ordinary |= 1L << register;
            ordinarySingle = single ? ordinarySingle | 1L << register : ordinarySingle & ~(1L << register);
        }
    }

    /** Writes an instruction. */
    void write(long decoded) {
        int operation = Decoder.operation(decoded);
        int a = Decoder.first(decoded);
        int b = Decoder.second(decoded);
        int to = Decoder.destination(decoded);
        switch (operation) {
            case Op.ADDT, Op.SUBT, Op.MULT, Op.SQRTT -> arithmetic(operation, a, b, to, false, plain(decoded));
            case Op.DIVT -> {
                if (chopped(decoded)) {
                    inexact.divideChopped(a, b, records(decoded));
                    out.dload(result);
                    code.storeDouble(to);
                    learn(to, false);
                } else {
                    arithmetic(operation, a, b, to, false, plain(decoded));
                }
            }
            case Op.ADDS, Op.SUBS, Op.MULS, Op.DIVS, Op.SQRTS, Op.CVTTS -> arithmetic(operation, a, b, to, true, false);
            case Op.CMPTUN, Op.CMPTEQ, Op.CMPTLT, Op.CMPTLE -> compareNumbers(operation, a, b, to);
            case Op.CVTQS, Op.CVTQT -> {
                code.load(b);
                out.with(ConvertInstruction.of(operation == Op.CVTQS ? Opcode.L2F : Opcode.L2D));
                if (operation == Op.CVTQS) {
                    out.f2d();
                }
                code.storeDouble(to);
                learn(to, operation == Op.CVTQS);
            }
            case Op.CVTST, Op.CVTSTS -> {
                require(b, true);
                code.loadDouble(b);
                code.storeDouble(to);
                learn(to, true);
            }
            case Op.MF_FPCR -> readControl(to);
            case Op.MT_FPCR -> writeControl(a);
            case Op.CVTTQ -> toInteger(decoded, b, to);
            default -> move(operation, a, b, to);
        }
    }

    // Checks

    private void require(int register, boolean single) {
        if (known(register, single)) {
            return;
        }
        code.loadDouble(register);
        if (single) {
            code.toBits();
            out.loadConstant(0x1FFF_FFFFL).land().lconst_0().lcmp().ifne(code.refuse());
            code.loadDouble(register);
        }
        Label good = normal(single);
        code.loadDouble(register);
        out.dconst_0().dcmpl().ifne(code.refuse());
        out.labelBinding(good);
        if (register < 64) {
            ordinary |= 1L << register;
            ordinarySingle |= single ? 1L << register : 0;
        }
    }

    /** Pops a double. @return label to bind, to which it goes if that is a normal number */
    private Label normal(boolean single) {
        Label good = out.newLabel();
        exponent(single);
        out.if_icmplt(good);
        return good;
    }

    /** Pops a double; pushes two ints of which the first is less if it is a normal number. */
    private void exponent(boolean single) {
        code.toBits();
        out.loadConstant(32).lushr().l2i().iconst_1().ishl();
        out.loadConstant(Integer.MIN_VALUE - (single ? LEAST_SINGLE : LEAST)).iadd();
        out.loadConstant(Integer.MIN_VALUE + (single ? NORMALS_SINGLE : NORMALS));
    }

    // Arithmetic

    private void arithmetic(int operation, int a, int b, int to, boolean single, boolean record) {
        boolean unary = operation == Op.SQRTT || operation == Op.SQRTS || operation == Op.CVTTS;
        boolean singleOperands = single && operation != Op.CVTTS;
        if (!unary) {
            require(a, singleOperands);
        }
        require(b, singleOperands);
        // Nothing may be on the stack where the region can be left, so only now.
        if (!unary) {
            code.loadDouble(a);
        }
        code.loadDouble(b);
        switch (operation) {
            case Op.ADDT, Op.ADDS -> out.dadd();
            case Op.SUBT, Op.SUBS -> out.dsub();
            case Op.MULT, Op.MULS -> out.dmul();
            case Op.DIVT, Op.DIVS -> out.ddiv();
            case Op.SQRTT, Op.SQRTS -> out.invokestatic(MATH, "sqrt", DOUBLE);
            default -> {
                // CVTTS: rounding is all there is
            }
        }
        out.dstore(result);
        Label bad = out.newLabel();
        out.dload(result);
        if (single) {
            // A result next to the least normal number may be rounded up to it: that is underflow or not, see SoftFloat.
            exponent(true);
            out.if_icmpge(bad);
            out.dload(result).d2f().f2d().dstore(result).dload(result);
        }
        Label good = normal(single);
        out.labelBinding(bad);
        zero(operation, a, b);
        out.labelBinding(good);
        if (record) {
            inexact.recordIfInexact(operation, a, b);
        }
        out.dload(result);
        code.storeDouble(to);
        learn(to, single);
    }

    /** Leaves unless the result is zero, and exactly so: a zero may be an underflow unless the operation is a sum. */
    private void zero(int operation, int a, int b) {
        out.dload(result).dconst_0().dcmpl().ifne(code.refuse());
        switch (operation) {
            case Op.MULT, Op.MULS -> {
                Label exact = out.newLabel();
                code.loadDouble(a);
                out.dconst_0().dcmpl().ifeq(exact);
                code.loadDouble(b);
                out.dconst_0().dcmpl().ifne(code.refuse());
                out.labelBinding(exact);
            }
            case Op.DIVT, Op.DIVS -> {
                code.loadDouble(a);
                out.dconst_0().dcmpl().ifne(code.refuse());
            }
            case Op.CVTTS -> {
                code.loadDouble(b);
                out.dconst_0().dcmpl().ifne(code.refuse());
            }
            default -> {
                // exact
            }
        }
        // That of a sum, a product or a quotient of single precision was not rounded yet, but is zero anyway.
    }

    /**
     * CVTTQ. One that rounds to nearest, as rint(3) and lrint(3) have it, asks for itself whether the host's arithmetic serves: functions with
     * it have other ways, which go on without.
     */
    private void toInteger(long decoded, int b, int to) {
        boolean chopped = chopped(decoded);
        if (!chopped) {
            check("fast", 1 << Translatable.qualifiers(decoded), code.refuse());
        }
        require(b, false);
        code.loadDouble(b);
        out.invokestatic(MATH, "abs", DOUBLE).loadConstant(0x1p63).dcmpg().ifge(code.refuse());
        if (chopped && records(decoded)) {
            Label exact = out.newLabel();
            code.loadDouble(b);
            out.d2l().l2d();
            code.loadDouble(b);
            out.dcmpl().ifeq(exact);
            inexact.record();
            out.labelBinding(exact);
        }
        code.loadDouble(b);
        if (!chopped) {
            out.invokestatic(MATH, "rint", DOUBLE);
        }
        out.d2l();
        code.store(to);
        forget(to);
    }

    private void readControl(int to) {
        out.aload(Code.STATE_SLOT).getfield(Code.STATE, "control", ConstantDescs.CD_long);
        out.invokestatic(SUPPORT, "withSummary", LONG);
        code.store(to);
        forget(to);
    }

    /** Writing back what was there when translated code was entered changes nothing that it builds on; else it is left. */
    private void writeControl(int from) {
        Label same = out.newLabel();
        MethodTypeDesc test = MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_long, ConstantDescs.CD_long);
        for (String field : new String[]{"control", "controlBefore"}) {
            code.load(from);
            out.aload(Code.STATE_SLOT).getfield(Code.STATE, field, ConstantDescs.CD_long);
            out.invokestatic(SUPPORT, "sameControl", test);
            if (field.equals("control")) {
                out.ifne(same);
            } else {
                out.ifeq(code.refuse());
            }
        }
        out.aload(Code.STATE_SLOT).dup().getfield(Code.STATE, "controlBefore", ConstantDescs.CD_long);
        out.putfield(Code.STATE, "control", ConstantDescs.CD_long);
        out.labelBinding(same);
    }

    private void compareNumbers(int operation, int a, int b, int to) {
        require(a, false);
        require(b, false);
        if (to == Decoder.SINK) {
            return;
        }
        if (operation == Op.CMPTUN) {
            out.dconst_0();
            code.storeDouble(to);
            learn(to, true);
            return;
        }
        Label yes = out.newLabel();
        Label end = out.newLabel();
        out.branch(comparison(operation, a, b), yes);
        out.dconst_0().goto_(end).labelBinding(yes).loadConstant(TRUE).labelBinding(end);
        code.storeDouble(to);
        learn(to, true);
    }

    private Opcode comparison(int operation, int a, int b) {
        code.loadDouble(a);
        code.loadDouble(b);
        out.dcmpg();
        return switch (operation) {
            case Op.CMPTEQ -> Opcode.IFEQ;
            case Op.CMPTLT -> Opcode.IFLT;
            default -> Opcode.IFLE;
        };
    }

    // Moves and branches

    private void move(int operation, int a, int b, int to) {
        if (operation >= Op.FCMOVEQ && operation <= Op.FCMOVGT) {
            conditionalMove(operation, a, b, to);
            return;
        }
        if (Translatable.mayLeave(code.shape.decoded[code.at])) {
            // CVTQL: if it does not fit that is an exception.
            code.load(b);
            out.l2i().i2l();
            code.load(b);
            out.lcmp().ifne(code.refuse());
        }
        boolean copy = (operation == Op.CPYS || operation == Op.CPYSN) && to < 64;
        boolean plain = copy && operation == Op.CPYS && a == b;
        if (plain) {
            code.loadDouble(b);
            code.storeDouble(to);
        } else {
            bits(operation, a, b);
            code.store(to);
        }
        if (copy && known(b, false)) {
            learn(to, known(b, true));
        } else {
            forget(to);
        }
    }

    private void bits(int operation, int a, int b) {
        switch (operation) {
            case Op.CPYS, Op.CPYSN -> copySign(a, b, Long.MIN_VALUE, operation == Op.CPYSN);
            case Op.CPYSE -> copySign(a, b, ~FRACTION, false);
            case Op.ITOFT, Op.FTOIT -> code.load(a);
            case Op.ITOFS -> {
                code.load(a);
                out.l2i().invokestatic(SUPPORT, "fromS", MethodTypeDesc.of(ConstantDescs.CD_long,
                        ConstantDescs.CD_int));
            }
            case Op.FTOIS -> {
                code.load(a);
                out.invokestatic(SUPPORT, "toS", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long));
                out.i2l();
            }
            case Op.CVTLQ -> {
                code.load(b);
                out.invokestatic(SUPPORT, "toS", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long));
                out.i2l();
            }
            case Op.CVTQL, Op.CVTQLV, Op.CVTQLSV -> {
                code.load(b);
                out.invokestatic(SUPPORT, "quadwordToLongword", LONG);
            }
            default -> throw new IllegalStateException("operation " + operation);
        }
    }

    private void copySign(int a, int b, long mask, boolean negated) {
        code.load(a);
        if (negated) {
            out.loadConstant(-1L).lxor();
        }
        out.loadConstant(mask).land();
        code.load(b);
        out.loadConstant(~mask).land().lor();
    }

    /** Pushes what a branch on a floating register tests (AARM 4.9). @return the branch that is taken when it holds */
    Opcode condition(int operation, int a) {
        code.load(a);
        switch (operation) {
            case Op.FBEQ, Op.FBNE, Op.FCMOVEQ, Op.FCMOVNE -> out.iconst_1().lshl();
            // Minus zero counts as zero; it is the least integer.
            case Op.FBLT, Op.FBGE, Op.FCMOVLT, Op.FCMOVGE -> {
                out.invokestatic(SUPPORT, "withoutMinusZero", LONG);
            }
            default -> {
                // Minus zero is less than zero as an integer, and so not greater either way.
            }
        }
        out.lconst_0().lcmp();
        return switch (operation) {
            case Op.FBEQ, Op.FCMOVEQ -> Opcode.IFEQ;
            case Op.FBNE, Op.FCMOVNE -> Opcode.IFNE;
            case Op.FBLT, Op.FCMOVLT -> Opcode.IFLT;
            case Op.FBGE, Op.FCMOVGE -> Opcode.IFGE;
            case Op.FBLE, Op.FCMOVLE -> Opcode.IFLE;
            default -> Opcode.IFGT;
        };
    }

    private void conditionalMove(int operation, int a, int b, int to) {
        if (to == Decoder.SINK) {
            return;
        }
        Label end = out.newLabel();
        out.branch(IntegerWriter.opposite(condition(operation, a)), end);
        code.loadDouble(b);
        code.putDouble(to);
        out.labelBinding(end);
        code.storeAlso(to);
        boolean both = known(to, false) && known(b, false);
        boolean singles = known(to, true) && known(b, true);
        forget(to);
        if (both) {
            learn(to, singles);
        }
    }
}
