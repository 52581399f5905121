package hw.alpha.mmu;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.memory.Translation;
import kernel.core.memory.TranslationContext;
import org.osgi.service.component.annotations.Component;

/**
 * The memory-management unit: makes page tables, and knows those that were not destroyed and the translation buffers in use.
 * Others reach it by a {@link TranslationCapability}. Thread-safe.
 */
@Component(service = Translations.class)
public final class Translations implements Translation {

    /** First address beyond user space: half of the 43-bit virtual addresses of 8 KB pages (AARM II-A 3.2). */
    static final long LIMIT = 1L << 42;

    private final Set<TranslationBuffer> buffers = ConcurrentHashMap.newKeySet();
    private final Set<PageTable> tables = Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));
    private final AtomicInteger codeEpoch = new AtomicInteger();

    /** A unit with no translations. */
    public Translations() {}

    @Override
    public TranslationContext create() {
        return create(null);
    }

    PageTable create(TranslationCapability maker) {
        PageTable table = new PageTable(this, maker);
        tables.add(table);
        return table;
    }

    void forget(PageTable table) {
        tables.remove(table);
    }

    /** Those that were not destroyed. */
    List<PageTable> tables() {
        synchronized (tables) {
            return List.copyOf(tables);
        }
    }

    @Override
    public long limit() {
        return LIMIT;
    }

    void attach(TranslationBuffer buffer) {
        buffers.add(buffer);
    }

    void detach(TranslationBuffer buffer) {
        buffers.remove(buffer);
    }

    /** Changes whenever a page with decoded instructions was written, which many tables may map; see {@link PageTable#codeEpoch}. */
    int codeEpoch() {
        return codeEpoch.get();
    }

    /** Makes a new epoch, and all processors look. */
    void codeChanged() {
        codeEpoch.incrementAndGet();
        buffers.forEach(buffer -> buffer.request(TranslationBuffer.SHOOTDOWN));
    }

    /** Makes all stores to a frame ask first, and waits until those under way are done. */
    void forbidStores(long host) {
        for (TranslationBuffer buffer : buffers) {
            buffer.forbidStores(host);
        }
        for (TranslationBuffer buffer : buffers) {
            buffer.settle();
        }
    }
}
