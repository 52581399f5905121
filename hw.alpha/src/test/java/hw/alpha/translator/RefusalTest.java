package hw.alpha.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a failed check tells through the address at which its region is left. */
class RefusalTest {

    private static final long PC = 0x3FF_FFFF_FFFCL;

    @Test
    void theAddressIsLeftAsItIs() {
        long next = PC | Region.PERFORM | Refusal.of(8191, 8192, true, true);
        assertEquals(PC, Refusal.address(next));
        assertEquals(Region.PERFORM, next & Region.LEAVE);
        assertEquals(0, Refusal.wanted(PC | Region.PERFORM));
    }

    @Test
    void atLeastWhatWasWantedIsToldAndLittleMore() {
        for (int before = 0; before < 8192; before++) {
            for (int length : new int[]{1, 8, 16, 17, before + 1, before + 8, 8192}) {
                if (length > before && length <= 8192) {
                    int wanted = Refusal.wanted(PC | Region.PERFORM | Refusal.of(before, length, true, false));
                    int told = Refusal.before(wanted);
                    assertTrue(told >= before && told < before + 16, before + " " + told);
                    int end = Refusal.length(wanted) - told;
                    assertTrue(end >= length - before && end < length - before + 16, before + " " + length + " " + end);
                }
            }
        }
    }

    @Test
    void rightsAreToldApart() {
        int loads = Refusal.wanted(Refusal.of(0, 8, true, false));
        int stores = Refusal.wanted(Refusal.of(0, 8, false, true));
        assertTrue(Refusal.loads(loads) && !Refusal.stores(loads));
        assertTrue(Refusal.stores(stores));
        assertFalse(Refusal.loads(stores));
    }
}
