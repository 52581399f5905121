package hw.alpha.mmu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;

/**
 * Page table of one address space: a radix tree of three levels over the 29 bits of a page number. The table is guarded by
 * its monitor; so is filling a translation buffer from it, so that an entry is never older than the table. Thread-safe.
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

    /** Pages of a window, from address 0 on. */
    public static final long WINDOW_PAGES = Window.PAGES;
    /** Rights in the table of a window; shifted by one, the same for a page and the next together. */
    public static final int LOAD = Window.LOAD, STORE = Window.STORE;

    private static final int LEAF_BITS = 9;
    private static final int NODE_BITS = 10;
    private static final int LEAF = 1 << LEAF_BITS;
    private static final int NODE = 1 << NODE_BITS;

    private static final class Leaf {
        final PageFrame[] frames = new PageFrame[LEAF];
        final byte[] protections = new byte[LEAF];
        /** Whether somebody has fetched instructions through the entry since it was last changed. */
        final boolean[] fetched = new boolean[LEAF];
        int used;
        /** Numbers of the frames that the window shows, plus 1; null if it shows none. */
        int[] shown;
        /** Mappings of the host that this takes. */
        int mappings;

        int shown(int i) {
            return i < 0 || i >= LEAF ? 0 : shown[i];
        }
    }

    /** The capability by which it was made, or null: the machine's own. */
    final TranslationCapability maker;
    private final Translations unit;
    private final List<TranslationBuffer> buffers = new ArrayList<>();
    private Leaf[][] root = new Leaf[NODE][];
    private volatile Window window;

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
        List<Long> pages = new ArrayList<>();
        for (int high = 0; root != null && high < NODE; high++) {
            for (int middle = 0; root[high] != null && middle < NODE; middle++) {
                Leaf leaf = root[high][middle];
                for (int low = 0; leaf != null && low < LEAF; low++) {
                    if (leaf.frames[low] != null && leaf.frames[low].account == account) {
                        long number = ((long) high << NODE_BITS | middle) << LEAF_BITS | low;
                        pages.add(number << TranslationBuffer.PAGE_SHIFT);
                    }
                }
            }
        }
        return pages;
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
        List<TranslationBuffer> users;
        synchronized (this) {
            if (root == null) {
                throw new IllegalStateException("the translation context was destroyed");
            }
            page.checkUse();
            Leaf leaf = makeLeaf(address);
            int i = leafIndex(address);
            before = leaf.frames[i];
            leaf.used += before == null ? 1 : 0;
            leaf.frames[i] = page;
            leaf.protections[i] = (byte) protection;
            users = before == null ? List.of() : invalidate(leaf, address);
        }
        settle(users);
        return before;
    }

    @Override
    public Frame unmap(long address) {
        PageFrame before;
        List<TranslationBuffer> users;
        synchronized (this) {
            Leaf leaf = leaf(address);
            int i = leafIndex(address);
            if (leaf == null || leaf.frames[i] == null) {
                return null;
            }
            before = leaf.frames[i];
            leaf.frames[i] = null;
            if (--leaf.used == 0) {
                // Else a program that maps here and there would fill the host's memory with empty tables.
                root[high(address)][middle(address)] = null;
            }
            users = invalidate(leaf, address);
            if (leaf.used == 0 && leaf.mappings != 0) {
                settle(users);
                window.hide(address & -(long) PageFrame.SIZE * LEAF, (long) PageFrame.SIZE * LEAF, leaf.mappings);
            }
        }
        settle(users);
        return before;
    }

    @Override
    public void protect(long address, int protection) {
        checkProtection(protection);
        List<TranslationBuffer> users;
        synchronized (this) {
            Leaf leaf = leaf(address);
            int i = leafIndex(address);
            if (leaf == null || leaf.frames[i] == null || leaf.protections[i] == protection) {
                return;
            }
            leaf.protections[i] = (byte) protection;
            users = invalidate(leaf, address);
        }
        settle(users);
    }

    @Override
    public synchronized void refresh(long address) {
        Leaf leaf = leaf(address);
        if (leaf != null && leaf.frames[leafIndex(address)] != null) {
            // Nobody waits: an access through an old entry is one that was not noticed, no more.
            invalidate(leaf, address);
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
        int i = leafIndex(address);
        return leaf == null || leaf.frames[i] == null ? UNMAPPED : leaf.protections[i];
    }

    @Override
    public synchronized Frame frame(long address) {
        Leaf leaf = leaf(address);
        return leaf == null ? null : leaf.frames[leafIndex(address)];
    }

    @Override
    public void destroy() {
        List<TranslationBuffer> users;
        unit.forget(this);
        synchronized (this) {
            root = null;
            buffers.forEach(TranslationBuffer::clear);
            users = List.copyOf(buffers);
            unit.codeChanged();
        }
        settle(users);
        synchronized (this) {
            closeWindow();
        }
    }

    /** When nobody can run there any more: who has left user mode may still know the window. */
    private void closeWindow() {
        if (root == null && window != null && buffers.isEmpty()) {
            window.close();
            window = null;
        }
    }

    /** Address of the host where virtual address 0 would be; of no meaning without rights. Any thread. */
    public long windowBase() {
        Window now = window;
        return now == null ? 0 : now.base;
    }

    /** Address of the host where rights begin: see {@link Window}. Any thread that is attached. */
    public long windowRights() {
        Window now = window;
        return now == null ? Window.NO_RIGHTS : now.rights;
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
            int i = leafIndex(page);
            if (leaf != null && leaf.frames[i] != null) {
                if ((rights & LOAD) != 0 && (leaf.protections[i] & READ) != 0) {
                    admit(leaf, i, page, false);
                }
                if ((rights & STORE) != 0 && (leaf.protections[i] & WRITE) != 0) {
                    admit(leaf, i, page, true);
                }
            }
        }
    }

    private void admit(Leaf leaf, int i, long page, boolean store) {
        PageFrame frame = leaf.frames[i];
        if (!Window.has(page)) {
            return;
        }
        if (leaf.shown == null) {
            leaf.shown = new int[LEAF];
        }
        int number = frame.number() + 1;
        if (leaf.shown[i] != number) {
            if (leaf.shown[i] != 0) {
                // Who checked rights that the page had before may not be through yet.
                buffers.forEach(TranslationBuffer::settle);
            }
            int more = leaf.shown[i] != 0 || leaf.shown(i - 1) == number - 1 || leaf.shown(i + 1) == number + 1 ? 0 : 1;
            if (!window.show(page, frame, more)) {
                return;
            }
            leaf.shown[i] = number;
            leaf.mappings += more;
        }
        if (store) {
            frame.change();
            frame.writable(window, page);
        } else {
            frame.use();
            window.allow(page, Window.LOAD);
        }
    }

    /** See {@link Translations#codeEpoch}. */
    public int codeEpoch() {
        return unit.codeEpoch();
    }

    /** Starts keeping a buffer in step with this table. It is empty afterwards; its owner must be in kernel mode. */
    public synchronized void attach(TranslationBuffer buffer) {
        buffer.clear();
        buffers.add(buffer);
        unit.attach(buffer);
    }

    /** Ends what {@link #attach} began. The owner must be in kernel mode. */
    public synchronized void detach(TranslationBuffer buffer) {
        buffers.remove(buffer);
        unit.detach(buffer);
        buffer.clear();
        closeWindow();
    }

    /** Fills a buffer's entry for loads or stores. The owner must be in kernel mode. */
    public synchronized Outcome fill(TranslationBuffer buffer, long address, boolean store) {
        Leaf leaf = leaf(address);
        int i = leafIndex(address);
        if (leaf == null || leaf.frames[i] == null) {
            return Outcome.NOT_PRESENT;
        }
        if ((leaf.protections[i] & (store ? WRITE : READ)) == 0) {
            return Outcome.FORBIDDEN;
        }
        long page = address & TranslationBuffer.PAGE_MASK;
        if (store) {
            leaf.frames[i].change();
            leaf.frames[i].writable(buffer, page);
        } else {
            leaf.frames[i].use();
            buffer.allowLoads(page, leaf.frames[i].host);
        }
        if (window != null) {
            admit(leaf, i, page, store);
        }
        return Outcome.DONE;
    }

    /** Fills a buffer's entry for instruction fetches. The owner must be in kernel mode. */
    public synchronized Outcome fetch(TranslationBuffer buffer, long address) {
        Leaf leaf = leaf(address);
        int i = leafIndex(address);
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
        int i = leafIndex(address);
        if (leaf == null || leaf.frames[i] == null) {
            return Outcome.NOT_PRESENT;
        }
        if ((leaf.protections[i] & READ) == 0) {
            return Outcome.FORBIDDEN;
        }
        leaf.frames[i].use();
        long host = leaf.frames[i].host + (address & PageFrame.SIZE - 1);
        MemorySegment.copy(Host.MEMORY, ValueLayout.JAVA_BYTE, host, to, offset, length);
        return Outcome.DONE;
    }

    /**
     * Copies into one page.
     *
     * @return {@link Outcome#DONE} when {@code length} bytes, which must not leave the page, were copied
     */
    public synchronized Outcome copyOut(long address, byte[] from, int offset, int length) {
        Leaf leaf = leaf(address);
        int i = leafIndex(address);
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
        int i = leafIndex(address);
        if (leaf == null || leaf.frames[i] == null) {
            return -1;
        }
        if ((leaf.protections[i] & WRITE) == 0) {
            return -2;
        }
        leaf.frames[i].change();
        return leaf.frames[i].compareAndExchange((int) address & PageFrame.SIZE - 1, expected, value) & 0xFFFFFFFFL;
    }

    private List<TranslationBuffer> invalidate(Leaf leaf, long address) {
        long page = address & TranslationBuffer.PAGE_MASK;
        for (TranslationBuffer buffer : buffers) {
            buffer.invalidate(page);
        }
        if (window != null && Window.has(page)) {
            window.forbid(page, Window.LOAD | Window.STORE);
        }
        int i = leafIndex(address);
        if (leaf.fetched[i]) {
            leaf.fetched[i] = false;
            // After the buffers: who has looked up the old code has also seen the old epoch.
            unit.codeChanged();
        }
        return buffers.isEmpty() ? List.of() : List.copyOf(buffers);
    }

    private static void settle(List<TranslationBuffer> users) {
        for (TranslationBuffer user : users) {
            user.settle();
        }
    }

    private Leaf leaf(long address) {
        if (root == null || address < 0 || address >= Translations.LIMIT) {
            return null;
        }
        Leaf[] node = root[high(address)];
        return node == null ? null : node[middle(address)];
    }

    private static int high(long address) {
        return (int) (address >>> TranslationBuffer.PAGE_SHIFT + LEAF_BITS + NODE_BITS);
    }

    private static int middle(long address) {
        return (int) (address >>> TranslationBuffer.PAGE_SHIFT + LEAF_BITS) & NODE - 1;
    }

    private Leaf makeLeaf(long address) {
        int high = high(address);
        int middle = middle(address);
        if (root[high] == null) {
            root[high] = new Leaf[NODE];
        }
        if (root[high][middle] == null) {
            root[high][middle] = new Leaf();
        }
        return root[high][middle];
    }

    private static int leafIndex(long address) {
        return (int) (address >>> TranslationBuffer.PAGE_SHIFT) & LEAF - 1;
    }
}
