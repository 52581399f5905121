package kernel.ext.vm.api;

import java.util.List;

/** Makes address spaces. Thread-safe. */
public interface AddressSpaces {

    /** A new, empty space. Whoever makes it destroys it. */
    AddressSpace create(String name);

    /** Those that are not destroyed. */
    List<AddressSpace> spaces();
}
