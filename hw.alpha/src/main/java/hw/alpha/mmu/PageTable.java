package hw.alpha.mmu;

import hw.alpha.host.Bytes;
import hw.alpha.mmu.PageTree.Leaf;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;

/**
 * Page table of one address space. It is guarded by its monitor; so is filling a translation buffer from it, so that an entry
 * never allows what the table does not. It may allow less: who is given a right asks for it when he misses it, so only
 * rights that are taken away concern processors. Thread-safe.
 */
public final class PageTable implements TranslationContext {

    /** What asking for a page can give. */
    public enum Outcome {
        /** It is there now. */
        DONE,
        /** No page is mapped. */
        NOT_PRESENT,
        /** The page may not be used so. */
        FORBIDDEN
    }

    /** What {@link #windowBase} is without a window: no page has rights. Where the host has no windows at all it is 0. */
    public static final long NO_WINDOW = Window.NO_RIGHTS == 0 ? 0 : Window.NO_RIGHTS + Window.PAGES;
    /** Pages of a window, from address 0 on. */
    public static final long WINDOW_PAGES = Window.PAGES;
    /** Rights in the table of a window; shifted by one, the same for a page and the next together. */
    public static final int LOAD = Window.LOAD, STORE = Window.STORE;

    private static final TranslationBuffer[] NONE = {};
    private static final int ALL = READ | WRITE | EXECUTE;

    /** The capability by which it was made, or null: the machine's own. */
    final TranslationCapability maker;
    private final Translations unit;
    /** Those that are attached; the array is replaced, never changed. */
    private TranslationBuffer[] buffers = NONE;
    /** Null: destroyed. */
    private PageTree tree = new PageTree();
    private volatile Window window;
    /** How often code was mapped or protected otherwise here. Written under the monitor. */
    private volatile int epoch;

    PageTable(Translations unit) {
        this(unit, null);
    }

    PageTable(Translations unit, TranslationCapability maker) {
        this.unit = unit;
        this.maker = maker;
    }

    /** Unmaps all frames of an account. */
    void expel(MemoryCapability account) {
        pagesOf(account).forEach(this::unmap);
    }

    private synchronized List<Long> pagesOf(MemoryCapability account) {
        return tree == null ? List.of() : tree.pages(frame -> frame.account == account);
    }

    @Override
    public Frame map(long address, Frame frame, int protection) {
        if (address < 0 || address >= Translations.LIMIT) {
            throw new IllegalArgumentException("address " + Long.toHexString(address) + " is beyond user space");
        }
        checkProtection(protection);
        if (!(Objects.requireNonNull(frame) instanceof PageFrame page)) {
            throw new IllegalArgumentException("not a frame of this machine");
        }
        PageFrame before;
        TranslationBuffer[] users = NONE;
        synchronized (this) {
            if (tree == null) {
                throw new IllegalStateException("the translation context was destroyed");
            }
            Leaf leaf = tree.make(address);
            int i = PageTree.index(address);
            before = leaf.frames[i];
            if (before == page) {
                users = change(leaf, address & TranslationBuffer.PAGE_MASK, i, protection);
            } else {
                page.checkUse();
                leaf.used += before == null ? 1 : 0;
                leaf.frames[i] = page;
                leaf.protections[i] = (byte) protection;
                if (before != null) {
                    users = invalidate(leaf, address & TranslationBuffer.PAGE_MASK, 1, ALL);
                }
            }
        }
        settle(users);
        return before;
    }

    @Override
    public Frame unmap(long address) {
        PageFrame before;
        TranslationBuffer[] users;
        synchronized (this) {
            Leaf leaf = leaf(address);
            int i = PageTree.index(address);
            if (leaf == null || leaf.frames[i] == null) {
                return null;
            }
            before = leaf.frames[i];
            leaf.frames[i] = null;
            if (--leaf.used == 0) {
                tree.remove(address);
            }
            users = invalidate(leaf, address & TranslationBuffer.PAGE_MASK, 1, ALL);
            if (leaf.used == 0 && leaf.mappings != 0) {
                settle(users);
                window.hide(address & -PageTree.LEAF_BYTES, PageTree.LEAF_BYTES, leaf.mappings);
            }
        }
        settle(users);
        return before;
    }

    @Override
    public void protect(long address, int protection) {
        checkProtection(protection);
        TranslationBuffer[] users;
        synchronized (this) {
            Leaf leaf = leaf(address);
            int i = PageTree.index(address);
            if (leaf == null || leaf.frames[i] == null) {
                return;
            }
            users = change(leaf, address & TranslationBuffer.PAGE_MASK, i, protection);
        }
        settle(users);
    }

    @Override
    public void protect(long address, long length, int protection) {
        checkProtection(protection);
        long start = Math.max(address & TranslationBuffer.PAGE_MASK, 0);
        long end = length > Translations.LIMIT - start ? Translations.LIMIT : address + length;
        TranslationBuffer[] users = NONE;
        synchronized (this) {
            long next;
            for (long from = start; from < end; from = next) {
                next = Math.min((from & -PageTree.LEAF_BYTES) + PageTree.LEAF_BYTES, end);
                Leaf leaf = leaf(from);
                int count = (int) (next - from + PageFrame.SIZE - 1 >>> TranslationBuffer.PAGE_SHIFT);
                int taken = leaf == null ? 0 : leaf.protect(PageTree.index(from), count, protection);
                if (taken != 0) {
                    users = invalidate(leaf, from, count, taken);
                }
            }
        }
        settle(users);
    }

    /** Changes what may be done with a page that is mapped. @return who must be waited for */
    private TranslationBuffer[] change(Leaf leaf, long page, int i, int protection) {
        int taken = leaf.protections[i] & ~protection;
        leaf.protections[i] = (byte) protection;
        return taken == 0 ? NONE : invalidate(leaf, page, 1, taken);
    }

    @Override
    public synchronized void refresh(long address) {
        Leaf leaf = leaf(address);
        if (leaf != null && leaf.frames[PageTree.index(address)] != null) {
            // Nobody waits: an access through an old entry is one that was not noticed, no more.
            invalidate(leaf, address & TranslationBuffer.PAGE_MASK, 1, ALL);
        }
    }

    private static void checkProtection(int protection) {
        if ((protection & ~(READ | WRITE | EXECUTE)) != 0) {
            throw new IllegalArgumentException("protection " + protection);
        }
    }

    @Override
    public synchronized int examine(long address) {
        Leaf leaf = leaf(address);
        int i = PageTree.index(address);
        return leaf == null || leaf.frames[i] == null ? UNMAPPED : leaf.protections[i];
    }

    @Override
    public synchronized Frame frame(long address) {
        Leaf leaf = leaf(address);
        return leaf == null ? null : leaf.frames[PageTree.index(address)];
    }

    @Override
    public void destroy() {
        TranslationBuffer[] users;
        unit.forget(this);
        synchronized (this) {
            tree = null;
            users = buffers;
            for (TranslationBuffer user : users) {
                user.clear();
            }
            codeChanged();
        }
        settle(users);
        synchronized (this) {
            closeWindow();
        }
    }

    /** When nobody can run there any more: who has left user mode may still know the window. */
    private void closeWindow() {
        if (tree == null && window != null && buffers.length == 0) {
            window.close();
            window = null;
        }
    }

    /**
     * Address of the host where virtual address 0 would be, or {@link #NO_WINDOW}; below it are {@link #WINDOW_PAGES} bytes, the rights to
     * pages. Any thread that is attached.
     */
    public long windowBase() {
        Window now = window;
        return now == null ? NO_WINDOW : now.base;
    }

    /** The rights to a page in a window: bits of {@link #LOAD} and {@link #STORE}, none beyond it. @param base of the window */
    public static int rights(long base, long page) {
        return Window.has(page)
                ? Host.MEMORY.get(Host.BYTE, base - WINDOW_PAGES + (page >>> TranslationBuffer.PAGE_SHIFT))
                : 0;
    }

    /** Whether the host lets address spaces have windows. */
    public static boolean windows() {
        return Window.NO_RIGHTS != 0;
    }

    /**
     * Opens a window if there is none, and shows pages there as far as they may be used so. Raises no event. The caller is
     * attached, and in kernel mode.
     *
     * @param address of the first byte that is wanted
     * @param length bytes
     * @param rights {@link #LOAD}, {@link #STORE} or both
     */
    public synchronized void open(long address, int length, int rights) {
        if (window == null && windows()) {
            window = Window.create();
        }
        long end = address + length;
        for (long page = address & TranslationBuffer.PAGE_MASK; window != null && page < end; page += PageFrame.SIZE) {
            Leaf leaf = leaf(page);
            int i = PageTree.index(page);
            if (leaf != null && leaf.frames[i] != null) {
                int allowed = rights & rights(leaf.protections[i]);
                if (allowed != 0 && show(leaf, i, page)) {
                    leaf.frames[i].allow(null, window, page, allowed);
                }
            }
        }
    }

    private static int rights(int protection) {
        return ((protection & READ) != 0 ? LOAD : 0) | ((protection & WRITE) != 0 ? STORE : 0);
    }

    /** Has the window show a page's frame. @return whether it does */
    private boolean show(Leaf leaf, int i, long page) {
        if (window == null || !Window.has(page)) {
            return false;
        }
        if (leaf.shown == null) {
            leaf.shown = new int[PageTree.LEAF];
        }
        int number = leaf.frames[i].number() + 1;
        if (leaf.shown[i] != number) {
            if (leaf.shown[i] != 0) {
                // Who checked rights that the page had before may not be through yet.
                settle(buffers);
            }
            int more = leaf.shown[i] != 0 || leaf.shown(i - 1) == number - 1 || leaf.shown(i + 1) == number + 1 ? 0 : 1;
            if (!window.show(page, leaf.frames[i], more)) {
                return false;
            }
            leaf.shown[i] = number;
            leaf.mappings += more;
        }
        return true;
    }

    /**
     * Changes whenever code that somebody may have looked up here is no longer what was found: a page with decoded instructions was written
     * ({@link Translations#codeEpoch}), or one that was fetched from here was mapped or protected otherwise. Who keeps what it found
     * elsewhere than in a translation buffer compares this each time it comes out of kernel mode or was asked to look again; with another
     * table it begins anew. Any thread.
     */
    public int codeEpoch() {
        // Both only grow, so the sum is the same only if both are.
        return unit.codeEpoch() + epoch;
    }

    /** Makes a new epoch, and all processors look that use this table: with thousands of spaces, asking all would take longer than all else. */
    private void codeChanged() {
        epoch++;
        for (TranslationBuffer buffer : buffers) {
            buffer.request(TranslationBuffer.SHOOTDOWN);
        }
    }

    /** Starts keeping a buffer in step with this table. It is empty afterwards; its owner must be in kernel mode. */
    public synchronized void attach(TranslationBuffer buffer) {
        buffer.clear();
        buffers = Arrays.copyOf(buffers, buffers.length + 1);
        buffers[buffers.length - 1] = buffer;
        unit.attach(buffer);
    }

    /** Ends what {@link #attach} began. The owner must be in kernel mode. */
    public synchronized void detach(TranslationBuffer buffer) {
        buffers = Arrays.stream(buffers).filter(one -> one != buffer).toArray(TranslationBuffer[]::new);
        unit.detach(buffer);
        buffer.clear();
        closeWindow();
    }

    /** Fills a buffer's entry for loads or stores. The owner must be in kernel mode. */
    public synchronized Outcome fill(TranslationBuffer buffer, long address, boolean store) {
        Leaf leaf = leaf(address);
        int i = PageTree.index(address);
        if (leaf == null || leaf.frames[i] == null) {
            return Outcome.NOT_PRESENT;
        }
        if ((leaf.protections[i] & (store ? WRITE : READ)) == 0) {
            return Outcome.FORBIDDEN;
        }
        long page = address & TranslationBuffer.PAGE_MASK;
        // Who may store has used the page as well, so he need not ask again to load.
        int allowed = store ? rights(leaf.protections[i]) : LOAD;
        leaf.frames[i].allow(buffer, show(leaf, i, page) ? window : null, page, allowed);
        return Outcome.DONE;
    }

    /** Fills a buffer's entry for instruction fetches. The owner must be in kernel mode. */
    public synchronized Outcome fetch(TranslationBuffer buffer, long address) {
        Leaf leaf = leaf(address);
        int i = PageTree.index(address);
        if (leaf == null || leaf.frames[i] == null) {
            return Outcome.NOT_PRESENT;
        }
        if ((leaf.protections[i] & EXECUTE) == 0) {
            return Outcome.FORBIDDEN;
        }
        leaf.fetched[i] = true;
        leaf.frames[i].use();
        buffer.allowFetches(address & TranslationBuffer.PAGE_MASK, leaf.frames[i].code(unit));
        return Outcome.DONE;
    }

    /**
     * Copies out of one page.
     *
     * @return {@link Outcome#DONE} when {@code length} bytes, which must not leave the page, were copied
     */
    public synchronized Outcome copyIn(long address, byte[] to, int offset, int length) {
        Leaf leaf = leaf(address);
        int i = PageTree.index(address);
        if (leaf == null || leaf.frames[i] == null) {
            return Outcome.NOT_PRESENT;
        }
        if ((leaf.protections[i] & READ) == 0) {
            return Outcome.FORBIDDEN;
        }
        leaf.frames[i].use();
        long host = leaf.frames[i].host + (address & PageFrame.SIZE - 1);
        Bytes.in(Host.MEMORY, host, to, offset, length);
        return Outcome.DONE;
    }

    /**
     * Copies into one page.
     *
     * @return {@link Outcome#DONE} when {@code length} bytes, which must not leave the page, were copied
     */
    public synchronized Outcome copyOut(long address, byte[] from, int offset, int length) {
        Leaf leaf = leaf(address);
        int i = PageTree.index(address);
        if (leaf == null || leaf.frames[i] == null) {
            return Outcome.NOT_PRESENT;
        }
        if ((leaf.protections[i] & WRITE) == 0) {
            return Outcome.FORBIDDEN;
        }
        leaf.frames[i].change();
        leaf.frames[i].write((int) address & PageFrame.SIZE - 1, from, offset, length);
        return Outcome.DONE;
    }

    /**
     * Replaces an aligned longword that may be written to if it is as expected, atomically.
     *
     * @return what it was, zero-extended; -1: no page is mapped; -2: it may not be written to
     */
    public synchronized long compareAndExchange(long address, int expected, int value) {
        Leaf leaf = leaf(address);
        int i = PageTree.index(address);
        if (leaf == null || leaf.frames[i] == null) {
            return -1;
        }
        if ((leaf.protections[i] & WRITE) == 0) {
            return -2;
        }
        leaf.frames[i].change();
        return leaf.frames[i].compareAndExchange((int) address & PageFrame.SIZE - 1, expected, value) & 0xFFFFFFFFL;
    }

    /** Takes rights to pages of a leaf away from processors. @return who must be waited for */
    private TranslationBuffer[] invalidate(Leaf leaf, long page, int count, int taken) {
        for (TranslationBuffer buffer : buffers) {
            buffer.invalidate(page, count, taken);
        }
        if (window != null && Window.has(page) && (taken & (READ | WRITE)) != 0) {
            window.forbid(page, count, rights(taken));
        }
        // After the buffers: who has looked up the old code has also seen the old epoch.
        if ((taken & EXECUTE) != 0 && leaf.forgetFetches(PageTree.index(page), count)) {
            codeChanged();
        }
        return buffers;
    }

    private static void settle(TranslationBuffer[] users) {
        for (TranslationBuffer user : users) {
            user.settle();
        }
    }

    private Leaf leaf(long address) {
        return tree == null ? null : tree.leaf(address);
    }
}
