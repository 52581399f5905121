package run.measure.soak.relink;

import java.util.ArrayList;
import java.util.List;

/** What went wrong so far; enough of it ends the soak. Thread-safe. */
final class Failures {

    private static final int ENOUGH = 10;

    private final List<String> found = new ArrayList<>();

    synchronized void add(String failure) {
        if (found.size() < ENOUGH) {
            found.add(failure);
        }
    }

    synchronized boolean enough() {
        return found.size() == ENOUGH;
    }

    synchronized List<String> list() {
        return List.copyOf(found);
    }
}
