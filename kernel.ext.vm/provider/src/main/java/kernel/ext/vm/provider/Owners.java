package kernel.ext.vm.provider;

import java.util.function.Consumer;

/** Who has a page: the spaces at whose mappings it is, and the object that it is a page of. The page's monitor guards it. */
final class Owners {

    private Mapping mappings;
    private boolean held;
    private int pins;

    /** One more space has it. */
    Mapping add(Mapping mapping) {
        mapping.next = mappings;
        if (mappings != null) {
            mappings.before = mapping;
        }
        mappings = mapping;
        return mapping;
    }

    /** A space that has it has it no longer. */
    void remove(Mapping mapping) {
        if (mapping.before == null) {
            mappings = mapping.next;
        } else {
            mapping.before.next = mapping.next;
        }
        if (mapping.next != null) {
            mapping.next.before = mapping.before;
        }
    }

    /** Whether an object has it. */
    void hold(boolean now) {
        held = now;
    }

    /** Does something at each of its mappings. */
    void each(Consumer<Mapping> action) {
        for (Mapping mapping = mappings; mapping != null; mapping = mapping.next) {
            action.accept(mapping);
        }
    }

    /** Says whether the page is to stay in memory for a mapping's sake. @return whether that is new */
    boolean pin(Mapping mapping, boolean pinned) {
        boolean changes = mapping.pinned != pinned;
        mapping.pinned = pinned;
        pins += !changes ? 0 : pinned ? 1 : -1;
        return changes;
    }

    /** Whether the page is to stay in memory for the sake of one of them. */
    boolean pinned() {
        return pins > 0;
    }

    boolean none() {
        return mappings == null && !held;
    }

    /** Whether one space has it and nobody else. */
    boolean single() {
        return mappings != null && mappings.next == null && !held;
    }

    /** Whether more than one space, or an object, has it. */
    boolean several() {
        return held || mappings != null && mappings.next != null;
    }
}
