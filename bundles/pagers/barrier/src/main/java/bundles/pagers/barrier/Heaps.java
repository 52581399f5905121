package bundles.pagers.barrier;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import kernel.core.memory.TranslationContext;
import org.osgi.service.component.annotations.Component;

/** The heap that each program watches. Thread-safe; who has ended is forgotten. */
@Component(service = Heaps.class)
public final class Heaps {

    /**
     * A heap.
     *
     * @param start first address, of a page
     * @param end first address after it, of a page
     * @param written pages that may have been written to
     */
    record Heap(long start, long end, ConcurrentSkipListSet<Long> written) {}

    private final Map<TranslationContext, Heap> heaps = Collections.synchronizedMap(new WeakHashMap<>());

    /** A program watches this heap from now on; null: none. */
    void watch(TranslationContext space, Heap heap) {
        if (heap == null) {
            heaps.remove(space);
        } else {
            heaps.put(space, heap);
        }
    }

    /** The heap of a program, or null. */
    Heap of(TranslationContext space) {
        return heaps.get(space);
    }
}
