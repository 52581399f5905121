package kernel.ext.vm.provider;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;
import kernel.ext.vm.api.RightsPager;

/**
 * Pages that several spaces map: to have them in common, or to begin with them (a template, copied on write).
 *
 * <p>Concurrency: {@link #lock} guards the pages. It is taken with no lock of a space held, and nothing is called with it
 * held but {@link Page}; the pager runs without it, and who was second throws its page away.
 */
final class SharedPages implements MemoryObject, Pager {

    private final Pager pager;
    private final Paging paging;
    private final boolean common;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Long, Page> pages = new TreeMap<>();
    private boolean closed;

    /** @param common whether all who map a page see what any of them writes */
    SharedPages(Pager pager, Paging paging, boolean common) {
        this.pager = pager;
        this.paging = paging;
        this.common = common;
    }

    /** Whether all who map a page see what any of them writes. */
    boolean common() {
        return common;
    }

    /**
     * The page at an offset, made now if it was not there. If the object was closed it is nobody's.
     *
     * @return null if there is no free frame
     * @throws IOException the page cannot be had
     */
    Page page(long offset) throws IOException {
        return page(offset, false);
    }

    /** The same. @param ahead whether nobody has touched it yet; then null can mean that it is there */
    Page page(long offset, boolean ahead) throws IOException {
        Page page = present(offset);
        if (page != null) {
            return page;
        }
        Page filled = new Page(paging, common, pager, offset);
        boolean added = false;
        try {
            if (!(ahead ? filled.fetchAhead() : filled.bringIn())) {
                return null;
            }
            Page kept = add(offset, filled);
            added = kept == filled;
            return kept;
        } finally {
            if (!added) {
                filled.abandon();
            }
        }
    }

    private Page present(long offset) {
        lock.lock();
        try {
            return pages.get(offset);
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
                    page.hold();
                    pages.put(offset, page);
                }
            }
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
    public boolean ahead() {
        return pager.ahead();
    }

    @Override
    public Set<Long> touched() {
        lock.lock();
        try {
            return new TreeSet<>(pages.keySet());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean read(long offset, byte[] to) throws IOException {
        Page page = present(offset);
        return page != null && page.read(to);
    }

    /** Asks the pager for a right that a page lacks. The caller holds no lock. @throws IOException the pager does not give it */
    void unlock(long offset, Access access) throws IOException {
        if (!(pager instanceof RightsPager asked)) {
            throw new IOException("the right was taken from the page, and its pager gives none");
        }
        asked.unlock(offset, access);
    }

    @Override
    public void supply(long offset, byte[] contents, int rights) throws IOException {
        Page page = page(offset);
        if (page == null) {
            throw new IOException("no memory is free for a page that was supplied");
        }
        try {
            page.supply(contents, rights);
        } finally {
            page.abandon(); // if the object was closed meanwhile
        }
    }

    @Override
    public void setRights(long offset, int rights) {
        Page page = present(offset);
        if (page != null) {
            page.setRights(rights);
        }
    }

    @Override
    public void discard(long offset) {
        Page page = present(offset);
        if (page != null) {
            page.discard();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            pages.values().forEach(Page::letGo);
            pages.clear();
        } finally {
            lock.unlock();
        }
    }
}
