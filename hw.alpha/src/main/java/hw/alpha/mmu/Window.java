package hw.alpha.mmu;

import java.lang.ref.Cleaner;

/**
 * Addresses of the host at which the pages of an address space lie as they lie there, for translated code: the byte at
 * virtual address A is at {@link #base} + A, if the page's byte in a table of rights says so. Frames are shown here when
 * translated code first asks for a page; a page that is unmapped or protected only loses its rights, which costs no call
 * of the host.
 *
 * <p>Rights follow the rules of {@link TranslationBuffer}: who takes them away waits until each processor has polled. Reading
 * them needs no lock; changing them takes the monitor, which is taken after those of a page table and a frame: a frame
 * takes the right to store away without the locks of page tables.
 */
final class Window {

    /** Addresses below 2 to this power are in the window: program, heap and where mappings begin. */
    static final int BITS = 36;
    static final int PAGES = 1 << BITS - TranslationBuffer.PAGE_SHIFT;
    /** Rights: to load from a page; from it and the next; to store to a page; to it and the next. */
    static final int LOAD = 1, LOAD_BOTH = 2, STORE = 4, STORE_BOTH = 8;

    /** A table that gives no rights, for who has no window; or 0 where there are none at all. */
    static final long NO_RIGHTS = noRights();

    /** Address of virtual address 0. */
    final long base;
    /** Address of the table of rights, a byte a page; it ends at {@link #base}, so that translated code need only know that. */
    final long rights;
    private final Mappings mappings;
    private final Cleaner.Cleanable cleanable;
    private volatile boolean closed;

    /** What must be undone, by whoever does it first. */
    private static final class Mappings implements Runnable {
        private final long rights;
        private int count;

        Mappings(long rights) {
            this.rights = rights;
        }

        @Override
        public void run() {
            SharedPages.unmap(rights, PAGES + (1L << BITS));
            SharedPages.hidden(count);
        }
    }

    private Window(long rights) {
        this.base = rights + PAGES;
        this.rights = rights;
        mappings = new Mappings(rights);
        cleanable = SharedPages.CLEANER.register(this, mappings);
    }

    private static long noRights() {
        SharedPages shared = SharedPages.create(PageFrame.SIZE);
        return shared == null ? 0 : SharedPages.reserve(PAGES, 0);
    }

    /** A window without pages, or null if the host has no room for it. */
    static Window create() {
        long rights = NO_RIGHTS == 0 ? 0 : SharedPages.reserve(PAGES, 1L << BITS);
        return rights == 0 ? null : new Window(rights);
    }

    /** Whether an address is one that the window can show. */
    static boolean has(long address) {
        return address >>> BITS == 0;
    }

    /**
     * Shows a frame in the place of another one; the page must have no rights.
     *
     * @param more mappings of the host: 0 if what is to be seen beside it continues there
     */
    boolean show(long page, PageFrame frame, int more) {
        if (!frame.show(base + page, more)) {
            return false;
        }
        mappings.count += more;
        return true;
    }

    /** Shows nothing any more in a range of pages, which have no rights and for which so many mappings were counted. */
    void hide(long start, long bytes, int fewer) {
        SharedPages.hide(base + start, bytes, fewer);
        mappings.count -= fewer;
    }

    /** Gives a page, whose frame is shown, rights: {@link #LOAD}, {@link #STORE} or both. */
    synchronized void allow(long page, int given) {
        long at = at(page);
        int own = Host.MEMORY.get(Host.BYTE, at) | given;
        if (has(page + PageFrame.SIZE)) {
            own |= (Host.MEMORY.get(Host.BYTE, at + 1) & given) << 1;
        }
        Host.MEMORY.set(Host.BYTE, at, (byte) own);
        if (page != 0) {
            int before = Host.MEMORY.get(Host.BYTE, at - 1);
            Host.MEMORY.set(Host.BYTE, at - 1, (byte) (before | (before & given) << 1));
        }
    }

    /**
     * Takes rights away from pages. To be waited for by the caller.
     *
     * @param first the first page, which the window has; others may be beyond it
     * @param taken {@link #LOAD}, {@link #STORE}, or both
     */
    synchronized void forbid(long first, int count, int taken) {
        if (closed) {
            return;
        }
        long start = at(first);
        long end = Math.min(start + count, rights + PAGES);
        boolean any = false;
        for (long at = start; at < end; at++) {
            int own = Host.MEMORY.get(Host.BYTE, at);
            if ((own & taken) != 0) {
                any = true;
                Host.MEMORY.set(Host.BYTE, at, (byte) (own & ~(taken | taken << 1)));
            }
        }
        if (any && first != 0) {
            Host.MEMORY.set(Host.BYTE, start - 1, (byte) (Host.MEMORY.get(Host.BYTE, start - 1) & ~(taken << 1)));
        }
    }

    private long at(long page) {
        return rights + (page >>> TranslationBuffer.PAGE_SHIFT);
    }

    boolean closed() {
        return closed;
    }

    /** Gives the addresses back. No processor may use them any more. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        cleanable.clean();
    }
}
