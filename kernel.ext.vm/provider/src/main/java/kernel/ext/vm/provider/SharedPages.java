package kernel.ext.vm.provider;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;

/**
 * Pages that several spaces map.
 *
 * <p>Concurrency: {@link #lock} guards the pages. It is taken with no lock of a space held, and nothing is called with it
 * held but {@link PhysAddr}; the pager runs without it, and who was second throws its page away.
 */
final class SharedPages implements MemoryObject, Pager {

    private final Pager pager;
    private final PhysAddr memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Page> pages = new HashMap<>();
    private boolean closed;

    SharedPages(Pager pager, PhysAddr memory) {
        this.pager = pager;
        this.memory = memory;
    }

    /**
     * The page at an offset, filled now if it was not there; the caller is one more who has it.
     *
     * @return null if there is no free frame
     * @throws IOException the page cannot be had
     */
    Page page(long offset) throws IOException {
        Page page = present(offset);
        if (page != null) {
            return page;
        }
        Frame frame = memory.allocate();
        if (frame == null) {
            return null;
        }
        Page filled = new Page(frame, true);
        try {
            pager.fill(offset, frame);
            return add(offset, filled);
        } finally {
            filled.release(memory);
        }
    }

    private Page present(long offset) {
        lock.lock();
        try {
            Page page = pages.get(offset);
            if (page != null) {
                page.retain();
            }
            return page;
        } finally {
            lock.unlock();
        }
    }

    private Page add(long offset, Page filled) {
        lock.lock();
        try {
            Page page = pages.get(offset);
            if (page == null) {
                page = filled;
                if (!closed) {
                    page.retain();
                    pages.put(offset, page);
                }
            }
            page.retain();
            return page;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void fill(long offset, Frame frame) {
        throw new IllegalStateException("shared pages are mapped, not filled");
    }

    @Override
    public Map<Long, Frame> pages() {
        lock.lock();
        try {
            Map<Long, Frame> present = new TreeMap<>();
            pages.forEach((offset, page) -> present.put(offset, page.frame()));
            return present;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            pages.values().forEach(page -> page.release(memory));
            pages.clear();
        } finally {
            lock.unlock();
        }
    }
}
