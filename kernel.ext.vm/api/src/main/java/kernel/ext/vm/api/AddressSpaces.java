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

    /** Those that are not destroyed. */
    List<AddressSpace> spaces();

    /** What was done so far. */
    MemoryStatistics statistics();
}
