package run.measure.soak;

import java.util.ArrayList;
import java.util.List;

/** What went wrong so far; enough of it ends the soak. Thread-safe. */
public final class Failures {

    private static final int ENOUGH = 10;

    private final List<String> found = new ArrayList<>();

    /** One more. */
    public synchronized void add(String failure) {
        if (found.size() < ENOUGH) {
            found.add(failure);
        }
    }

    /** Whether the soak had better end. */
    public synchronized boolean enough() {
        return found.size() == ENOUGH;
    }

    /** All that were kept. */
    public synchronized List<String> list() {
        return List.copyOf(found);
    }
}
