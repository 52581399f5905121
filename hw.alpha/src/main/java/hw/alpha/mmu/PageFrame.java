package hw.alpha.mmu;

import hw.alpha.host.Bytes;
import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;

/**
 * A page frame of {@link PhysicalMemory}. Thread-safe: the monitor guards its contents against others in the kernel, and who
 * wrote to it; the marks are volatile; its place in the {@link FrameQueue} is under the monitor of that.
 */
final class PageFrame implements Frame {

    /** Bytes in a page (AARM II-A 3.1; 8 KB on all implementations that Linux runs on). */
    static final int SIZE = 8192;

    /** Who gave it, kept reachable with it. */
    final PhysicalMemory memory;
    /** Address of its first byte on the host. */
    final long host;

    /** Who may be asked for it, or null; set once, before anybody else knows the frame. */
    FrameOwner owner;
    /** The capability by which it was allocated, or null: the machine's own; set once as well. */
    MemoryCapability account;
    /** Neighbours in the queue. */
    PageFrame older;
    PageFrame younger;

    private final int number;
    /** What became of it; null: it is in use. */
    private String gone;
    private volatile boolean used;
    private volatile boolean changed;
    /** Softly, for decoded instructions take more room than the frame: those in use are held by who runs them. */
    private SoftReference<CodePage> code;
    private boolean written;
    /** Where windows may have let it be stored to. */
    private final List<Shown> shown = new ArrayList<>(1);

    private record Shown(Window window, long page) {}

    PageFrame(PhysicalMemory memory, int number, long host) {
        this.memory = memory;
        this.number = number;
        this.host = host;
    }

    int number() {
        return number;
    }

    @Override
    public long address() {
        return (long) number * SIZE;
    }

    @Override
    public int marks() {
        return (used ? USED : 0) | (changed ? CHANGED : 0);
    }

    @Override
    public void clear(int marks) {
        if ((marks & USED) != 0) {
            used = false;
        }
        if ((marks & CHANGED) != 0) {
            changed = false;
        }
    }

    /** Notes that user code may read it from now on. */
    void use() {
        if (!used) {
            used = true;
        }
    }

    /** Notes that user code may write to it from now on. */
    void change() {
        use();
        if (!changed) {
            changed = true;
        }
    }

    @Override
    public synchronized void read(int position, byte[] to, int offset, int length) {
        check(position, length);
        Bytes.in(Host.MEMORY, host + position, to, offset, length);
    }

    @Override
    public synchronized void write(int position, byte[] from, int offset, int length) {
        check(position, length);
        Bytes.out(from, offset, Host.MEMORY, host + position, length);
        forgetCode();
    }

    /** {@inheritDoc} Takes the locks of both, one after the other: the source's contents may change meanwhile. */
    @Override
    public void copyFrom(Frame other, int size) {
        if (!(other instanceof PageFrame source)) {
            Frame.super.copyFrom(other, size);
            return;
        }
        source.checkNow(0, size);
        synchronized (this) {
            check(0, size);
            MemorySegment.copy(Host.MEMORY, source.host, Host.MEMORY, host, size);
            forgetCode();
        }
    }

    private synchronized void checkNow(int position, int length) {
        check(position, length);
    }

    synchronized int compareAndExchange(int position, int expected, int value) {
        forgetCode();
        return (int) Host.ATOMIC_LONGWORD.compareAndExchange(Host.MEMORY, host + position, expected, value);
    }

    private void check(int position, int length) {
        Objects.checkFromIndexSize(position, length, SIZE);
        checkUse();
    }

    /** @throws IllegalStateException it was freed, or taken back */
    synchronized void checkUse() {
        if (gone != null) {
            throw new IllegalStateException("page frame at 0x" + Long.toHexString(address()) + " " + gone);
        }
    }

    /** Marks it freed. @param how for who uses it nevertheless @return whether it was not before */
    synchronized boolean release(String how) {
        if (gone != null) {
            return false;
        }
        gone = how;
        CodePage page = code == null ? null : code.get();
        if (page != null) {
            page.discard();
        }
        code = null;
        return true;
    }

    /**
     * The decoded instructions. While there are any no translation buffer lets anybody store into the frame without asking
     * {@link #allow}, so that they are never older than the frame.
     *
     * @param translation who knows all translation buffers
     */
    synchronized CodePage code(Translations translation) {
        CodePage page = code == null ? null : code.get();
        if (page == null) {
            if (written) {
                shown.forEach(place -> place.window.forbid(place.page, 1, Window.STORE));
                shown.clear();
                translation.forbidStores(host);
                written = false;
            }
            page = new CodePage(host, translation);
            code = new SoftReference<>(page);
        }
        return page;
    }

    /**
     * Lets user code use the frame, and marks it so. If it may be stored to, what was decoded from it is forgotten.
     *
     * @param buffer whose entry for the page is filled, or null
     * @param window in which the frame is shown, or null
     * @param rights {@link Window#LOAD}, {@link Window#STORE} or both
     */
    void allow(TranslationBuffer buffer, Window window, long page, int rights) {
        if ((rights & Window.STORE) != 0) {
            change();
            store(buffer, window, page, rights);
            return;
        }
        use();
        if (buffer != null) {
            buffer.allowLoads(page, host);
        }
        if (window != null) {
            window.allow(page, rights);
        }
    }

    private synchronized void store(TranslationBuffer buffer, Window window, long page, int rights) {
        forgetCode();
        written = true;
        if (buffer != null) {
            buffer.allowStores(page, host, (rights & Window.LOAD) != 0);
        }
        if (window != null) {
            note(window, page);
            window.allow(page, rights);
        }
    }

    private void note(Window window, long page) {
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).window == window && shown.get(i).page == page) {
                return;
            }
        }
        shown.removeIf(place -> place.window.closed());
        shown.add(new Shown(window, page));
    }

    /** Shows it at an address of the host, see {@link SharedPages#show}. */
    boolean show(long at, int mappings) {
        return memory.show(number, at, mappings);
    }

    private void forgetCode() {
        if (code != null) {
            CodePage page = code.get();
            if (page != null) {
                page.expire();
            }
            code = null;
        }
    }
}
