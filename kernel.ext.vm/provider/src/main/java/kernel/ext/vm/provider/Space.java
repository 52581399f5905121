package kernel.ext.vm.provider;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;

/**
 * An address space.
 *
 * <p>Concurrency: {@link #lock} guards the areas, the frames, the counters and every change of the translation, so that the
 * three always agree. Pagers run without it, for they may wait; afterwards the area is looked up again, and what was filled
 * for nothing is thrown away. Nothing is called with the lock held but {@link PhysAddr} and the translation; {@link #copy}
 * takes the lock of the new space, which nobody else looks for yet, with its own.
 */
final class Space implements AddressSpace {

    /** How a fault ended. */
    enum Outcome {
        /** Try the access again. */
        RESOLVED,
        /** No area has the address. */
        NOT_ALLOCATED,
        /** The area forbids it, or its pager has no such page. */
        FORBIDDEN,
        /** There is no free frame. */
        EXHAUSTED
    }

    private final String name;
    private final TranslationContext translation;
    private final PhysAddr memory;
    private final long pageSize;
    private final long limit;
    private final Function<String, Space> maker;
    private final Runnable onDestroy;

    private final ReentrantLock lock = new ReentrantLock();
    private final Areas areas = new Areas();
    /** Pages by the address that they are mapped at. One that others have too is mapped without WRITE, if it is not common. */
    private final TreeMap<Long, Page> pages = new TreeMap<>();
    private long faults;
    private boolean destroyed;

    /**
     * @param limit first address beyond what user code can address
     * @param maker makes another empty space
     * @param onDestroy runs once, when the space is destroyed
     */
    Space(String name, TranslationContext translation, PhysAddr memory, long limit, Function<String, Space> maker,
            Runnable onDestroy) {
        this.name = name;
        this.translation = translation;
        this.memory = memory;
        this.pageSize = memory.pageSize();
        this.limit = limit & -pageSize;
        this.maker = maker;
        this.onDestroy = onDestroy;
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
            if (!destroyed) {
                release(start, end);
                areas.add(new Area(start, end, protection, pager, origin, label));
            }
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
            pages.subMap(start, end).forEach((at, page) -> translation.protect(at, allowed(protection, page)));
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
    public int resident() {
        lock.lock();
        try {
            return pages.size();
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
            pages.values().forEach(page -> page.release(memory));
            pages.clear();
            areas.clear();
        } finally {
            lock.unlock();
        }
        onDestroy.run();
    }

    /** Makes a page that was touched present, if the space allows the access. */
    Outcome resolve(long address, Access access) {
        long page = address & -pageSize;
        while (true) {
            Area area;
            lock.lock();
            try {
                area = areas.at(page);
                Outcome known = area == null ? Outcome.NOT_ALLOCATED : check(area, page, access);
                if (known != null) {
                    return known;
                }
            } finally {
                lock.unlock();
            }
            Page filled;
            try {
                filled = fill(area, page);
            } catch (IOException e) {
                return Outcome.FORBIDDEN;
            }
            if (filled == null) {
                return Outcome.EXHAUSTED;
            }
            if (install(area, page, filled)) {
                return Outcome.RESOLVED;
            }
            filled.release(memory);
        }
    }

    /** A page with the contents that an area gives it, or null if there is no free frame. */
    private Page fill(Area area, long page) throws IOException {
        if (area.pager() instanceof SharedPages shared) {
            return shared.page(page - area.origin());
        }
        Frame frame = memory.allocate();
        if (frame == null) {
            return null;
        }
        Page filled = new Page(frame, false);
        boolean done = false;
        try {
            area.pager().fill(page - area.origin(), frame);
            done = true;
            return filled;
        } finally {
            if (!done) {
                filled.release(memory);
            }
        }
    }

    /** What can be said without a page to be filled; null if one is needed. The caller holds the lock. */
    private Outcome check(Area area, long at, Access access) {
        if ((area.protection() & access.protection()) == 0) {
            return Outcome.FORBIDDEN;
        }
        Page page = pages.get(at);
        if (page == null) {
            return null;
        }
        if (access == Access.WRITE && !page.writable()) {
            Frame frame = memory.allocate();
            if (frame == null) {
                return Outcome.EXHAUSTED;
            }
            // Nobody can write to it: whoever has it has it without WRITE.
            frame.copyFrom(page.frame(), (int) pageSize);
            Page copy = new Page(frame, false);
            pages.put(at, copy);
            translation.map(at, frame, area.protection());
            page.release(memory);
        } else {
            // Another strand was faster, the protection was loosened meanwhile, or the others have let go of the page.
            translation.protect(at, allowed(area.protection(), page));
        }
        faults++;
        return Outcome.RESOLVED;
    }

    private static int allowed(int protection, Page page) {
        return page.writable() ? protection : protection & ~TranslationContext.WRITE;
    }

    /** Maps a filled page, unless what is there has changed since its area was looked up. */
    private boolean install(Area filledFor, long at, Page page) {
        lock.lock();
        try {
            Area area = areas.at(at);
            if (area == null || area.pager() != filledFor.pager() || area.origin() != filledFor.origin()
                    && area.pager() != Pager.ZERO || pages.containsKey(at)) {
                return false;
            }
            translation.map(at, page.frame(), allowed(area.protection(), page));
            pages.put(at, page);
            faults++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public AddressSpace copy(String newName) {
        Space copy = maker.apply(newName);
        lock.lock();
        copy.lock.lock();
        try {
            areas.all().forEach(area -> {
                copy.areas.add(area);
                pages.subMap(area.start(), area.end()).forEach((at, page) -> {
                    page.retain();
                    int protection = allowed(area.protection(), page);
                    translation.protect(at, protection);
                    copy.translation.map(at, page.frame(), protection);
                    copy.pages.put(at, page);
                });
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
                Page page = entry.getValue();
                translation.unmap(at);
                translation.map(at + shift, page.frame(), allowed(areas.at(at + shift).protection(), page));
                pages.put(at + shift, page);
                pages.remove(at);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Unmaps the pages between two addresses and lets go of them. The caller holds the lock. */
    private void release(long start, long end) {
        Map<Long, Page> gone = pages.subMap(start, end);
        gone.forEach((at, page) -> {
            translation.unmap(at);
            page.release(memory);
        });
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
