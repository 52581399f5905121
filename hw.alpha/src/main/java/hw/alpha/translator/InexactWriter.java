package hw.alpha.translator;

import hw.alpha.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes what finds out whether a floating-point result is exact (AARM 4.7.8, FPCR's INE), for instructions that record
 * it or do not round to nearest, by the host's arithmetic alone.
 */
final class InexactWriter {

    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final MethodTypeDesc DOUBLE = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double);
    private static final MethodTypeDesc FUSED = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double,
            ConstantDescs.CD_double, ConstantDescs.CD_double);
    private static final long INE = 1L << 56;

    private final Code code;
    private final CodeBuilder out;
    private final int result;

    /** @param result variable of the result */
    InexactWriter(Code code, int result) {
        this.code = code;
        this.out = code.out;
        this.result = result;
    }

    /**
     * Records that the result, a number rounded to nearest, is not the exact one. What was rounded off is a double, unless
     * something is very small, which is left to the interpreter: of a sum by Knuth's TwoSum, else by a fused operation.
     */
    void recordIfInexact(int operation, int a, int b) {
        Label exact = out.newLabel();
        int other = code.variable("residual");
        switch (operation) {
            case Op.ADDT, Op.SUBT -> {
                boolean sum = operation == Op.ADDT;
                out.dload(result);
                code.loadDouble(a);
                out.dsub().dstore(other);
                code.loadDouble(a);
                out.dload(result).dload(other).dsub().dsub();
                code.loadDouble(b);
                if (!sum) {
                    out.dneg();
                }
                out.dload(other).dsub().dadd();
            }
            case Op.MULT -> {
                large(result, exact);
                code.loadDouble(a);
                code.loadDouble(b);
                out.dload(result).dneg().invokestatic(MATH, "fma", FUSED);
            }
            default -> {
                int operand = code.variable("operand");
                code.loadDouble(operation == Op.DIVT ? a : b);
                out.dstore(operand);
                large(operand, exact);
                if (operation == Op.DIVT) {
                    large(result, exact);
                }
                out.dload(result).dneg();
                if (operation == Op.DIVT) {
                    code.loadDouble(b);
                } else {
                    out.dload(result);
                }
                out.dload(operand).invokestatic(MATH, "fma", FUSED);
            }
        }
        out.dconst_0().dcmpl().ifeq(exact);
        record();
        out.labelBinding(exact);
    }

    /** Leaves if a variable is so small that what was rounded off may be no double; zero is exact. */
    private void large(int variable, Label zero) {
        out.dload(variable).dconst_0().dcmpl().ifeq(zero);
        out.dload(variable).invokestatic(MATH, "abs", DOUBLE).loadConstant(0x1p-900).dcmpl().ifle(code.refuse());
    }

    /** DIVT/C as the interpreter does it: the host's rounded quotient is right or one too large, which an exact residual tells. */
    void divideChopped(int a, int b, boolean record) {
        Label zero = out.newLabel();
        code.loadDouble(a);
        out.dconst_0().dcmpl().ifeq(zero);
        within(a, 0x1p-800, 0x1p800);
        out.labelBinding(zero);
        within(b, 0x1p-200, 0x1p200);
        code.loadDouble(a);
        code.loadDouble(b);
        out.ddiv().dstore(result);
        int residual = code.variable("residual");
        out.dload(result).dneg();
        code.loadDouble(b);
        code.loadDouble(a);
        out.invokestatic(MATH, "fma", FUSED).dstore(residual);
        Label right = out.newLabel();
        out.dload(residual).dconst_0().dcmpl().ifeq(right);
        if (record) {
            record();
        }
        // The product has the sign of the residual times that of the dividend.
        out.dload(residual);
        code.toBits();
        code.loadDouble(a);
        code.toBits();
        out.lxor().lconst_0().lcmp().ifge(right);
        out.dload(result);
        code.toBits();
        out.lconst_1().lsub();
        code.fromBits();
        out.dstore(result);
        out.labelBinding(right);
    }

    private void within(int register, double least, double most) {
        int magnitude = code.variable("magnitude");
        code.loadDouble(register);
        out.invokestatic(MATH, "abs", DOUBLE).dstore(magnitude);
        out.dload(magnitude).loadConstant(least).dcmpl().ifle(code.refuse());
        out.dload(magnitude).loadConstant(most).dcmpg().ifge(code.refuse());
    }

    /** Records an inexact result. */
    void record() {
        out.aload(Code.STATE_SLOT).dup().getfield(Code.STATE, "control", ConstantDescs.CD_long);
        out.loadConstant(INE).lor().putfield(Code.STATE, "control", ConstantDescs.CD_long);
    }
}
