package kernel.ext.vm.api;

import java.util.List;

/** Makes address spaces. Thread-safe. */
public interface AddressSpaces {

    /** A new, empty space. Whoever makes it destroys it. */
    AddressSpace create(String name);

    /**
     * New memory to be mapped in several places. Whoever makes it closes it.
     *
     * @param pager fills its pages
     */
    MemoryObject object(Pager pager);

    /**
     * Pages that several regions begin with: a region that shows a template has its pages until it writes to one, and then a
     * copy of that page (copy on write). So a program that runs many times has its pages once, and what the processor has
     * decoded of them. Whoever makes it closes it.
     *
     * @param pager fills its pages
     */
    MemoryObject template(Pager pager);

    /** Those that are not destroyed. */
    List<AddressSpace> spaces();

    /** What was done so far. */
    MemoryStatistics statistics();
}
