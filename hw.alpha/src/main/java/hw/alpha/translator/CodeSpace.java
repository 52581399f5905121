package hw.alpha.translator;

import hw.alpha.mmu.CodePage;

/** Addresses with code: what regions are made from, and compared with. */
public interface CodeSpace {

    /** The decoded page that an address is in, or null if there is no code there now; raises no event. */
    CodePage codeAt(long address);
}
