package kernel.ext.vm.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;

/**
 * An address space.
 *
 * <p>Concurrency: {@link #lock} guards the areas, the frames, the counters and every change of the translation, so that the
 * three always agree. Pagers and stores run without it, for they may wait, and frames are allocated without it, for that may take
 * one of this space's; afterwards everything is looked up again, and what was made for nothing is thrown away. Nothing is called
 * with the lock held but {@link Page} and the translation; {@link #copy} takes the lock of the new space, which nobody else
 * looks for yet, with its own.
 */
final class Space implements AddressSpace {

    private final String name;
    private final TranslationContext translation;
    final Paging paging;
    private final long pageSize;
    private final long limit;
    private final Function<String, Space> maker;
    private final SpacesCapability holder;
    private final Runnable onDestroy;

    final ReentrantLock lock = new ReentrantLock();
    final Areas areas = new Areas();
    /** Pages that were touched, in memory or not, by their address. */
    final TreeMap<Long, Mapping> pages = new TreeMap<>();
    private long faults;
    private boolean destroyed;
    private final Streams streams;

    /**
     * @param limit first address beyond what user code can address
     * @param maker makes another empty space
     * @param holder the capability by which it was made, or null
     * @param onDestroy runs once, when the space is destroyed
     */
    Space(String name, TranslationContext translation, Paging paging, long limit, Function<String, Space> maker,
            SpacesCapability holder, Runnable onDestroy) {
        this.name = name;
        this.translation = translation;
        this.paging = paging;
        this.pageSize = paging.memory.pageSize();
        this.limit = limit & -pageSize;
        this.maker = maker;
        this.holder = holder;
        this.onDestroy = onDestroy;
        streams = new Streams(pageSize);
    }

    /** The capability by which it was made, or null. */
    SpacesCapability holder() {
        return holder;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TranslationContext translation() {
        return translation;
    }

    @Override
    public void map(long address, long length, int protection, Pager pager, String label) {
        add(address, length, protection, pager, address & -pageSize, label);
    }

    @Override
    public void map(long address, long length, int protection, MemoryObject object, long offset, String label) {
        if (!(object instanceof SharedPages shared)) {
            throw new IllegalArgumentException("not a memory object of this service");
        }
        add(address, length, protection, shared, (address & -pageSize) - offset, label);
    }

    private void add(long address, long length, int protection, Pager pager, long origin, String label) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            throw new IllegalArgumentException("no region of %d bytes at 0x%x: addresses end at 0x%x".formatted(length,
                    address, limit));
        }
        lock.lock();
        try {
            if (destroyed) {
                throw new IllegalStateException("the address space " + name + " was destroyed");
            }
            release(start, end);
            areas.add(new Area(start, end, protection, pager, origin, label, false));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long findGap(long hint, long length) {
        long pages = length + pageSize - 1 & -pageSize;
        if (length <= 0 || pages <= 0 || pages > limit) {
            return -1;
        }
        long from = hint < 0 || hint >= limit ? 0 : hint & -pageSize;
        lock.lock();
        try {
            // Page 0 stays free, so that null pointers fault.
            long gap = areas.gap(Math.max(from, pageSize), pages, limit);
            return gap < 0 ? areas.gap(pageSize, pages, limit) : gap;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void unmap(long address, long length) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            return;
        }
        lock.lock();
        try {
            areas.remove(start, end);
            release(start, end);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void discard(long address, long length) {
        long start = address & -pageSize;
        long end = end(address, length);
        lock.lock();
        try {
            if (end > start) {
                release(start, end);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean protect(long address, long length, int protection) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            return length == 0;
        }
        lock.lock();
        try {
            if (!areas.covers(start, end)) {
                return false;
            }
            areas.protect(start, end, protection);
            protectPages(start, end, protection);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the translation of neighbouring pages at once, after all of them have been told: the way through each page's monitor
     * and the translation's is twice as long. A page that departs in between would take what the translation said before for
     * the will of an extension, so then it is done one by one as well. Nobody but the strand that takes frames away changes
     * anything here while this holds the lock.
     */
    private void protectPages(long start, long end, int protection) {
        long departures = paging.departures.get();
        Map<Long, Mapping> affected = pages.subMap(start, end);
        long from = start;
        int together = protection;
        for (Map.Entry<Long, Mapping> entry : affected.entrySet()) {
            Mapping mapping = entry.getValue();
            int allowed = mapping.page.grant(mapping, protection);
            if (allowed != together) {
                translation.protect(from, entry.getKey() - from, together);
                from = entry.getKey();
                together = allowed;
            }
        }
        translation.protect(from, end - from, together);
        if (paging.departures.get() != departures) {
            affected.values().forEach(mapping -> mapping.page.protect(mapping, protection));
        }
    }

    @Override
    public boolean pin(long address, long length, boolean pinned) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            return length == 0;
        }
        lock.lock();
        try {
            if (!areas.covers(start, end)) {
                return false;
            }
            areas.pin(start, end, pinned);
            pages.subMap(start, end).values().forEach(mapping -> {
                if (pinned) {
                    mapping.page.pin(mapping);
                } else {
                    mapping.page.unpin(mapping);
                }
            });
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean covers(long address, long length) {
        long end = end(address, length);
        if (length == 0) {
            return true;
        }
        if (end <= address) {
            return false;
        }
        lock.lock();
        try {
            return areas.covers(address & -pageSize, end);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Region> regions() {
        lock.lock();
        try {
            return areas.all().stream().map(Area::region).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean blank(long address) {
        lock.lock();
        try {
            Area area = areas.at(address);
            return area != null && area.pager() == Pager.ZERO && !pages.containsKey(address & -pageSize);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int resident() {
        return count(Page::resident);
    }

    @Override
    public int shared() {
        return count(page -> page.resident() && page.shared());
    }

    @Override
    public int swapped() {
        return count(Page::swapped);
    }

    private int count(Predicate<Page> which) {
        lock.lock();
        try {
            int count = 0;
            for (Mapping mapping : pages.values()) {
                count += which.test(mapping.page) ? 1 : 0;
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long faults() {
        lock.lock();
        try {
            return faults;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void destroy() {
        lock.lock();
        try {
            if (destroyed) {
                return;
            }
            destroyed = true;
            translation.destroy();
            pages.values().forEach(mapping -> mapping.page.detach(mapping));
            pages.clear();
            areas.clear();
        } finally {
            lock.unlock();
        }
        onDestroy.run();
    }

    /** Makes a page that was touched present, if the space allows the access. The caller holds no lock. */
    Outcome resolve(long address, Access access) {
        return new Resolver(this).resolve(address & -pageSize, access);
    }

    /** A page was touched that had to be fetched, or had been fetched ahead. The caller holds no lock. */
    void ahead(long at) {
        Streams.Range range = streams.touched(at);
        if (range != null) {
            paging.ahead.request(this, range);
        }
    }

    /** Maps a page at an address that has none. The caller holds the lock. @return {@code false}: it has just gone, look again */
    boolean install(Page page, Area area, long at, boolean touched) {
        Mapping mapping = page.attach(translation, at);
        if (mapping == null) {
            return false;
        }
        if (area.pinned()) {
            page.pin(mapping);
        }
        pages.put(at, mapping);
        if (touched) {
            page.show(mapping, area.protection(), Access.READ);
            faults++;
        }
        return true;
    }

    /** Puts a copy in a page's place. The caller holds the lock. @return {@code false}: one of the two is not in memory now */
    boolean copy(Mapping mapping, Page spare, long at, int protection) {
        Mapping copy = mapping.page.copyTo(spare, mapping, translation, at, protection);
        if (copy == null) {
            return false;
        }
        if (areas.at(at).pinned()) {
            spare.pin(copy);
        }
        pages.put(at, copy);
        paging.copied.increment();
        faults++;
        return true;
    }

    /** The caller holds the lock. */
    void resolved() {
        faults++;
    }

    @Override
    public AddressSpace copy(String newName) {
        Space copy = maker.apply(newName);
        lock.lock();
        copy.lock.lock();
        try {
            areas.all().forEach(area -> {
                copy.areas.add(area.with(false)); // pins are not inherited
                pages.subMap(area.start(), area.end()).forEach((at, mapping) -> copy.pages.put(at,
                        mapping.page.share(mapping, copy.translation, at, area.protection())));
            });
            return copy;
        } finally {
            copy.lock.unlock();
            lock.unlock();
        }
    }

    @Override
    public void move(long address, long length, long to) {
        long start = address & -pageSize;
        long end = end(address, length);
        long shift = (to & -pageSize) - start;
        if (end <= start || end(to, length) <= to || Math.abs(shift) < end - start) {
            throw new IllegalArgumentException("cannot move %d bytes from 0x%x to 0x%x".formatted(length, address, to));
        }
        lock.lock();
        try {
            release(start + shift, end + shift);
            areas.remove(start + shift, end + shift);
            for (Area area : areas.cut(start, end)) {
                areas.add(area.shifted(shift));
            }
            var moved = new ArrayList<>(pages.subMap(start, end).entrySet());
            for (var entry : moved) {
                long at = entry.getKey();
                Mapping mapping = entry.getValue();
                mapping.page.move(mapping, at + shift, areas.at(at + shift).protection());
                pages.put(at + shift, mapping);
                pages.remove(at);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Unmaps the pages between two addresses and lets go of them. The caller holds the lock. */
    private void release(long start, long end) {
        Map<Long, Mapping> gone = pages.subMap(start, end);
        gone.values().forEach(mapping -> mapping.page.detach(mapping));
        gone.clear();
    }

    /** End of a range, widened to whole pages; not above {@code address} if the range is empty or not addressable. */
    private long end(long address, long length) {
        if (address < 0 || length <= 0 || address > limit || length > limit - address) {
            return Long.MIN_VALUE;
        }
        return address + length + pageSize - 1 & -pageSize;
    }
}
