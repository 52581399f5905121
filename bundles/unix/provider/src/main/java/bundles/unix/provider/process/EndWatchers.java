package bundles.unix.provider.process;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who is told when a process has ended, in the strand that ends it. Thread-safe. */
final class EndWatchers {

    private final List<Runnable> all = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /** One more, who is told at once if it has ended. */
    void add(Runnable told) {
        all.add(told);
        if (ended) {
            told.run();
        }
    }

    void remove(Runnable told) {
        all.remove(told);
    }

    /** It has ended. */
    void tell() {
        ended = true;
        all.forEach(Runnable::run);
    }
}
