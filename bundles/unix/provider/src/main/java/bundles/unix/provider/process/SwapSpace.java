package bundles.unix.provider.process;

import java.util.List;
import kernel.ext.vm.api.MemoryStatistics;

/**
 * Where pages go for which there is no memory, as programs are told of it (sysinfo(2), /proc/meminfo): all stores together.
 *
 * @param total pages that they can keep
 * @param free of these, how many more they can keep now
 */
public record SwapSpace(long total, long free) {

    /** As it is now. */
    public static SwapSpace of(Kernel kernel) {
        List<MemoryStatistics.Store> stores = kernel.spaces().statistics().stores();
        long total = stores.stream().mapToLong(MemoryStatistics.Store::capacity).sum();
        long used = stores.stream().mapToLong(store -> Math.min(store.used(), store.capacity())).sum();
        return new SwapSpace(total, total - used);
    }
}
