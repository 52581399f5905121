package kernel.ext.vm.provider;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import kernel.core.memory.Frame;
import kernel.core.memory.LentFrame;
import kernel.ext.vm.api.MemoryStatistics;
import kernel.ext.vm.api.PageStore;

/**
 * The stores that pages go to.
 *
 * <p>Concurrency: the list is replaced as a whole, under the monitor. Each store has a lock, shared by those who store and
 * exclusive for who ends that: afterwards its pages can only become fewer, and are fetched one by one.
 */
final class Stores {

    private static final System.Logger LOG = System.getLogger("kernel.ext.vm");

    private volatile List<Store> all = List.of();
    private final LongAdder lost = new LongAdder();

    /**
     * Contents in a store.
     *
     * @param number the store's own
     */
    record Place(Store store, long number) {

        void load(Frame frame) throws IOException {
            store.load(number, frame);
        }

        /** The store need not keep them any more. Only then is the page none of its any more: whoever ends its use waits for that. */
        void free(Page page) {
            try {
                store.service.free(number);
            } catch (RuntimeException e) {
                store.failed("forget a page", e);
            } finally {
                store.pages.remove(page);
            }
        }

        boolean keepsLoaded() {
            try {
                return !store.going && store.service.keepsLoaded();
            } catch (RuntimeException e) {
                store.failed("say whether it keeps a page", e);
                return false;
            }
        }
    }

    /** A store, and whose contents it has. */
    static final class Store {
        private final PageStore service;
        private final String name;
        private final int ranking;
        private final Set<Page> pages = ConcurrentHashMap.newKeySet();
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final LongAdder stored = new LongAdder();
        private final LongAdder loaded = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private volatile boolean going;

        private Store(PageStore service, String name, int ranking) {
            this.service = service;
            this.name = name;
            this.ranking = ranking;
        }

        private Place store(Page page, Frame frame) {
            lock.readLock().lock();
            try {
                long number = going ? PageStore.NONE : keep(frame);
                if (number < 0) {
                    return null;
                }
                pages.add(page);
                stored.increment();
                return new Place(this, number);
            } catch (IOException | RuntimeException e) {
                failed("keep a page", e);
                return null;
            } finally {
                lock.readLock().unlock();
            }
        }

        private long keep(Frame frame) throws IOException {
            LentFrame lent = new LentFrame(frame);
            try {
                return service.store(lent);
            } finally {
                lent.end();
            }
        }

        private void load(long number, Frame frame) throws IOException {
            LentFrame lent = new LentFrame(frame);
            try {
                service.load(number, lent);
                loaded.increment();
            } catch (IOException | RuntimeException e) {
                failed("give a page back", e);
                throw new IOException(name + ": " + e.getMessage(), e);
            } finally {
                lent.end();
            }
        }

        private void failed(String what, Exception e) {
            failures.increment();
            if (failures.sum() == 1) {
                LOG.log(System.Logger.Level.WARNING, "page store {0} cannot {1}: {2}; said once", name, what, e);
            }
        }

        private boolean full() {
            try {
                return service.used() >= service.capacity();
            } catch (RuntimeException e) {
                failed("say whether it has room", e);
                return true;
            }
        }

        private MemoryStatistics.Store statistics() {
            return new MemoryStatistics.Store(name, service.capacity(), service.used(), stored.sum(), loaded.sum(),
                    failures.sum(), service.note());
        }
    }

    /** Begins to use a store. */
    synchronized void add(PageStore service, String name, int ranking) {
        List<Store> more = new ArrayList<>(all);
        more.add(new Store(service, name, ranking));
        more.sort(Comparator.comparingInt((Store store) -> store.ranking).reversed());
        all = List.copyOf(more);
    }

    /** Ends the use of a store, and fetches what it has. Not to be called with a lock of a space held. */
    void remove(PageStore service) {
        Store store = leave(service);
        if (store == null) {
            return;
        }
        store.lock.writeLock().lock();
        try {
            store.going = true;
        } finally {
            store.lock.writeLock().unlock();
        }
        int gone = 0;
        while (!store.pages.isEmpty()) {
            for (Page page : store.pages) {
                gone += page.fetchFrom(store) ? 0 : 1;
            }
        }
        lost.add(gone);
        if (gone > 0) {
            LOG.log(System.Logger.Level.ERROR, "page store {0} has gone with {1} pages for which there was no room"
                    + " elsewhere: programs that use them end", store.name, gone);
        }
    }

    private synchronized Store leave(PageStore service) {
        for (Store store : all) {
            if (store.service == service) {
                List<Store> less = new ArrayList<>(all);
                less.remove(store);
                all = List.copyOf(less);
                return store;
            }
        }
        return null;
    }

    /** Stores a page in the first store that takes it; null if none does. */
    Place store(Page page, Frame frame) {
        for (Store store : all) {
            Place place = store.store(page, frame);
            if (place != null) {
                return place;
            }
        }
        return null;
    }

    /** Whether none has room. */
    boolean full() {
        for (Store store : all) {
            if (!store.full()) {
                return false;
            }
        }
        return true;
    }

    /** Pages whose contents went with a store. */
    long lost() {
        return lost.sum();
    }

    List<MemoryStatistics.Store> statistics() {
        return all.stream().map(Store::statistics).toList();
    }
}
