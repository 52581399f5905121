package kernel.core.domain;

import java.util.List;

/**
 * A bundle as the linker sees it, at one moment. Immutable.
 *
 * @param id the bundle's number
 * @param name its symbolic name and version, for people
 * @param trusted whether nothing of what it does is looked at
 * @param why the rule by which it is trusted, or that none says so
 * @param violations what its code reaches without being allowed to; a bundle with any is not linked
 * @param limit microseconds that a call of its handlers may take, where it sets no limit itself; 0 for any time
 */
public record Domain(long id, String name, boolean trusted, String why, List<Violation> violations, long limit) {

    /** @param violations copied */
    public Domain {
        violations = List.copyOf(violations);
    }

    /** Whether it may run. */
    public boolean linked() {
        return violations.isEmpty();
    }
}
