package kernel.ext.vm.provider;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.MemoryStatistics;

/** What all pages have together: memory, stores, and an account of what happened. Thread-safe. */
final class Paging {

    final PhysAddr memory;
    final Stores stores = new Stores();
    final ReadAhead ahead;

    /** How often a page has begun to leave memory. */
    final AtomicLong departures = new AtomicLong();

    final LongAdder filled = new LongAdder();
    final LongAdder zero = new LongAdder();
    final LongAdder copied = new LongAdder();
    final LongAdder loaded = new LongAdder();
    final LongAdder mapped = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder exhausted = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder stored = new LongAdder();
    final LongAdder rescued = new LongAdder();

    /** @param memory where frames come from */
    Paging(PhysAddr memory) {
        this.memory = memory;
        ahead = new ReadAhead(memory);
    }

    MemoryStatistics statistics() {
        return new MemoryStatistics(filled.sum() + zero.sum(), zero.sum(), copied.sum(), loaded.sum(), mapped.sum(),
                failed.sum(), exhausted.sum(), dropped.sum(), stored.sum(), rescued.sum(), stores.lost(),
                ahead.fetched.sum(), ahead.used.sum(), ahead.given.sum(), stores.statistics());
    }
}
