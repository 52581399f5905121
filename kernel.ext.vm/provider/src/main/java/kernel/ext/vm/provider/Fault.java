package kernel.ext.vm.provider;

import kernel.core.memory.Access;

/** An access that is being made possible, by one strand. */
final class Fault {

    final long at;
    final Access access;
    /** What was found when it was looked up last. */
    Area area;
    Mapping mapping;
    Shown shown;
    /** A page for a copy, nobody's yet. */
    Page spare;
    /** Whether the page's pager was asked for a right. */
    boolean asked;
    /** Whether the page had to be fetched, or had been fetched ahead: what comes next may be worth fetching now. */
    boolean fetched;

    /** @param at of the page */
    Fault(long at, Access access) {
        this.at = at;
        this.access = access;
    }
}
