package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;

/** How translated code gets from an Alpha's address to the host's. Used by one {@link MemoryWriter}. */
interface Reach {

    /** Written where the region begins. */
    void prologue();

    /** Written before the access at a position does anything: leaves the region if it may not be done. */
    void check(int i, long decoded);

    /** Pushes the host's address of the access at a position, which was checked. */
    void host(int i, long decoded);

    /** Pushes the Alpha's address of an access. */
    static void address(Code code, long decoded) {
        int operation = Decoder.operation(decoded);
        long immediate = Decoder.immediate(decoded);
        code.load(Decoder.second(decoded));
        if (immediate != 0) {
            code.out.loadConstant(immediate).ladd();
        }
        if (operation == Op.LDQ_U || operation == Op.STQ_U) {
            code.out.loadConstant(-8L).land();
        }
    }
}
