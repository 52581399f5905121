package kernel.ext.vm.provider;

import kernel.ext.vm.api.AddressSpace.Region;
import kernel.ext.vm.api.Pager;

/**
 * A region with what fills it. Immutable.
 *
 * @param start first address, a multiple of the page size
 * @param end first address after it, a multiple of the page size, greater than {@code start}
 * @param protection bits of {@link kernel.core.memory.TranslationContext}
 * @param pager what fills its pages
 * @param origin the address at which it was mapped first: the pager's offset 0, whatever was cut off since
 * @param label for people
 * @param pinned whether its pages stay in memory
 */
record Area(long start, long end, int protection, Pager pager, long origin, String label, boolean pinned) {

    Area from(long address) {
        return new Area(address, end, protection, pager, origin, label, pinned);
    }

    Area until(long address) {
        return new Area(start, address, protection, pager, origin, label, pinned);
    }

    Area with(int newProtection) {
        return new Area(start, end, newProtection, pager, origin, label, pinned);
    }

    Area with(boolean newlyPinned) {
        return new Area(start, end, protection, pager, origin, label, newlyPinned);
    }

    /** The same elsewhere, with the same contents. */
    Area shifted(long by) {
        return new Area(start + by, end + by, protection, pager, origin + by, label, pinned);
    }

    /** Whether this and {@code next}, which begins where this ends, can be one area. */
    boolean continues(Area next) {
        return end == next.start && protection == next.protection && pager == next.pager && pinned == next.pinned
                && label.equals(next.label)
                && (origin == next.origin || pager == Pager.ZERO);
    }

    Region region() {
        boolean shared = pager instanceof SharedPages pages && pages.common();
        return new Region(start, end, protection, label, shared, pinned);
    }
}
