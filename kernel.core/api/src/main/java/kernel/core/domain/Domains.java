package kernel.core.domain;

import java.util.List;

/**
 * What the linker knows of bundles. A service of the linker; without one nothing is looked at and every bundle is trusted.
 * Thread-safe.
 */
public interface Domains {

    /**
     * One bundle. Its code is looked at when it was not before, which takes some milliseconds.
     *
     * @param bundle its number
     * @throws IllegalArgumentException there is no such bundle
     */
    Domain of(long bundle);

    /** All bundles, in the order of their numbers. */
    List<Domain> all();
}
