package kernel.ext.vm.api;

import java.util.List;

/**
 * What the virtual memory did since it started.
 *
 * @param filled faults that were resolved by a region's pager, page by page
 * @param zero of these, by pages of zeros
 * @param copied by copying a page that was shared until it was written to
 * @param loaded by fetching a page from a store
 * @param mapped by a page that was in memory and only had to be mapped, or to be given a right
 * @param failed faults that could not be resolved, for want of a region, a right or the pager's page
 * @param exhausted how often there was no memory for a page
 * @param dropped pages taken from memory whose contents their pager gives again, or a store still has
 * @param stored pages taken from memory and stored
 * @param rescued pages that were used again while they were being stored
 * @param lost pages whose contents a store lost
 * @param ahead pages that were fetched before they were touched, because those before them were touched one after the other
 * @param aheadUsed of these, those that were touched afterwards
 * @param aheadGiven of these, those whose frames were needed for something else before
 * @param stores where pages go, the first choice first
 */
public record MemoryStatistics(long filled, long zero, long copied, long loaded, long mapped, long failed,
        long exhausted,
        long dropped, long stored, long rescued, long lost, long ahead, long aheadUsed,
        long aheadGiven, List<Store> stores) {

    /** Copies the list. */
    public MemoryStatistics {
        stores = List.copyOf(stores);
    }

    /**
     * A {@link PageStore}.
     *
     * @param name its name
     * @param capacity pages that it can keep
     * @param used pages that it keeps
     * @param stored pages that it was given
     * @param loaded pages that it gave back
     * @param failures how often it failed
     * @param note what else there is to say
     */
    public record Store(String name, long capacity, long used, long stored, long loaded, long failures, String note) {}
}
