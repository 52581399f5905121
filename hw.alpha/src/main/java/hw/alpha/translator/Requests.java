package hw.alpha.translator;

import java.util.HashMap;
import java.util.Map;

/**
 * Regions that were asked for and are not made yet. Making one takes milliseconds, and a program begins with hundreds: the one that was
 * asked for most often comes first. Thread-safe.
 */
final class Requests {

    /** A region that was asked for. */
    static final class Wanted {
        final RegionShape shape;
        /** The region that it is to replace, or null. */
        final Region before;
        /** Whether it is made again because much is executed in it; then it comes before all that are new. */
        final boolean grown;
        /** How often it was asked for. */
        private int asked;
        /** What such a region has executed in an earlier machine. */
        long work;
        /** Whether it is compiled without having been observed. */
        boolean blind;
        /** Where it is to have registers, as an earlier machine found; null if the region before tells. */
        Registers registers;

        Wanted(RegionShape shape, Region before, boolean grown) {
            this.shape = shape;
            this.before = before;
            this.grown = grown;
            asked = grown ? Integer.MAX_VALUE : 1;
        }
    }

    /** By entry. Guarded by itself. */
    private final Map<Long, Wanted> waiting = new HashMap<>();

    /** Asks for a region the first time. */
    void add(Wanted wanted) {
        synchronized (waiting) {
            waiting.put(wanted.shape.entry, wanted);
        }
    }

    /** Somebody else asks for the region that begins at an address, if it still waits. */
    void askedAgain(long entry) {
        synchronized (waiting) {
            Wanted wanted = waiting.get(entry);
            if (wanted != null && wanted.asked < Integer.MAX_VALUE) {
                wanted.asked++;
            }
        }
    }

    /** Takes out the one that was asked for most often, or null if there is none. */
    Wanted takeMost() {
        synchronized (waiting) {
            Wanted most = null;
            for (Wanted wanted : waiting.values()) {
                most = most == null || wanted.asked > most.asked ? wanted : most;
            }
            if (most != null) {
                waiting.remove(most.shape.entry);
            }
            return most;
        }
    }

    boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    void clear() {
        synchronized (waiting) {
            waiting.clear();
        }
    }
}
