package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;

/** Which instructions are translated; the others end a region. Stateless. */
public final class Translatable {

    /** Rounding modes in qualifiers: chopped, to minus infinity, to nearest, as FPCR says. */
    static final int CHOPPED = 0, DOWN = 1, NORMAL = 2, DYNAMIC = 3;

    private Translatable() {}

    /** Rounding and trap qualifiers of a floating-point instruction: five bits. */
    static int qualifiers(long decoded) {
        return Decoder.immediate(decoded) >>> 6 & 31;
    }

    /** Whether it can be translated; control flow apart, which {@link RegionShape} knows. */
    public static boolean is(long decoded) {
        int operation = Decoder.operation(decoded);
        int rounding = qualifiers(decoded) & 3;
        return switch (operation) {
            case Op.ADDLV, Op.SUBLV, Op.MULLV, Op.ADDQV, Op.SUBQV, Op.MULQV, Op.LDF, Op.LDG, Op.STF, Op.STG,
                    Op.RESERVED ->
                false;
            case Op.ADDT, Op.SUBT, Op.MULT, Op.SQRTT, Op.ADDS, Op.SUBS, Op.MULS, Op.DIVS, Op.SQRTS, Op.CVTTS,
                    Op.CVTQS, Op.CVTQT ->
                rounding == NORMAL || rounding == DYNAMIC;
            case Op.DIVT -> rounding != DOWN;
            case Op.CVTTQ -> rounding != DOWN;
            case Op.CVTST, Op.CVTSTS, Op.CVTLQ, Op.CVTQL, Op.CVTQLV, Op.CVTQLSV, Op.CMPTUN, Op.CMPTEQ, Op.CMPTLT,
                    Op.CMPTLE, Op.CPYS, Op.CPYSN,
                    Op.CPYSE,
                    Op.ITOFT, Op.ITOFS, Op.FTOIT, Op.FTOIS, Op.LDS, Op.LDT, Op.STS, Op.STT, Op.MF_FPCR, Op.MT_FPCR ->
                true;
            case Op.TRAPB, Op.EXCB, Op.MB, Op.WMB, Op.FETCH, Op.FETCH_M, Op.ECB, Op.WH64, Op.WH64EN, Op.RDUNIQUE,
                    Op.WRUNIQUE ->
                true;
            default ->
                Multimedia.is(operation) || operation < Op.LDF || operation >= Op.FCMOVEQ && operation <= Op.FCMOVGT;
        };
    }

    /** Whether a translated instruction may find that the interpreter must perform it after all. */
    static boolean mayLeave(long decoded) {
        int operation = Decoder.operation(decoded);
        return switch (operation) {
            case Op.MT_FPCR -> true;
            case Op.ADDT, Op.SUBT, Op.MULT, Op.SQRTT, Op.DIVT, Op.ADDS, Op.SUBS, Op.MULS, Op.DIVS, Op.SQRTS, Op.CVTTS,
                    Op.CVTTQ, Op.CVTST, Op.CVTSTS, Op.CVTQL, Op.CVTQLV, Op.CVTQLSV, Op.CMPTUN, Op.CMPTEQ, Op.CMPTLT,
                    Op.CMPTLE ->
                true;
            default -> MemoryWriter.is(operation);
        };
    }
}
