package hw.alpha.mmu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import kernel.core.memory.TranslationContext;

/**
 * Translation buffer of one user context. Its owner looks up and fills it; any thread may invalidate entries, at any time.
 *
 * <p><b>Data entries</b> are four longs in {@link #data}: the page address that may be loaded from, the one that may be
 * stored to ({@link #NONE} if neither), what to add to a virtual address to get the host's, and nothing. An access of size
 * n hits when {@code (address & (PAGE_MASK | n - 1))} equals the tag: one comparison checks page, permission and alignment.
 *
 * <p><b>Shoot-down.</b> The owner is either in user mode, where it uses entries without locks, or in kernel mode. Each
 * change of mode and each acknowledgement changes {@link #phase}, which is odd in user mode. Who invalidates entries
 * afterwards waits, by {@link #settle}, until each owner that was in user mode has gone through {@link #acknowledge} or
 * left user mode, so that no access through an old entry is under way any more. The owner takes no lock in user mode, so
 * this wait ends even when the waiter holds locks.
 */
public final class TranslationBuffer {

    /** Data entries; a power of two. */
    public static final int ENTRIES = 2048;
    /** Tag that no address has. */
    public static final long NONE = -1;
    /** Bits of an address that name its page. */
    public static final long PAGE_MASK = -PageFrame.SIZE;
    /** Position of the page number in an address. */
    public static final int PAGE_SHIFT = 13;
    /** Between two looks at an owner that the host does not run, nanoseconds. */
    private static final long REST = 100_000;
    /** Bit of {@link #poll}: somebody wants the context's attention. */
    public static final int ATTENTION = 1;
    /** Bit of {@link #poll}: entries were invalidated; what is kept outside this buffer must be looked up again. */
    public static final int SHOOTDOWN = 2;

    /** Entries for pages of code, a power of two: 16 MB, more than the text of most programs and their libraries. */
    private static final int FETCH_ENTRIES = 2048;
    private static final VarHandle POLL;
    private static final VarHandle PHASE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            POLL = lookup.findVarHandle(TranslationBuffer.class, "poll", int.class);
            PHASE = lookup.findVarHandle(TranslationBuffer.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Data entries, see above. */
    public final long[] data = new long[4 * ENTRIES];

    private final long[] fetchTags = new long[FETCH_ENTRIES];
    private final CodePage[] fetchPages = new CodePage[FETCH_ENTRIES];
    private volatile int poll;
    private int phase;

    /** An empty buffer, its owner in kernel mode. */
    public TranslationBuffer() {
        clear();
    }

    /** Index in {@link #data} of the entry that an address uses. */
    public static int index(long address) {
        return ((int) (address >>> PAGE_SHIFT) & ENTRIES - 1) << 2;
    }

    /** What waits for the owner: {@link #ATTENTION}, {@link #SHOOTDOWN}; a plain read as far as the processor goes. */
    public int poll() {
        return poll;
    }

    /** Asks for the owner's attention. Any thread. */
    public void request(int bits) {
        POLL.getAndBitwiseOr(this, bits);
    }

    /** Takes back a request. @return whether there was one */
    public boolean take(int bits) {
        return (poll() & bits) != 0 && ((int) POLL.getAndBitwiseAnd(this, ~bits) & bits) != 0;
    }

    /**
     * The owner goes from kernel to user mode. What it goes on with it looks up only afterwards, or looks whether it has been asked to poll
     * meanwhile: with the fence that is in this, and the one in {@link #settle}, one of the two sees the other. Either the owner finds
     * its entry gone, or who took it away finds the owner in user mode, and waits.
     */
    public void enterUser() {
        PHASE.getAndAdd(this, 1);
    }

    /** The owner goes from user to kernel mode. Nobody else writes the phase, and nothing is looked up afterwards: a release will do. */
    public void leaveUser() {
        PHASE.setRelease(this, phase + 1);
    }

    /** Whether the owner is in user mode. Owner only. */
    public boolean inUser() {
        return (phase & 1) != 0;
    }

    /** The owner, in user mode, holds no translated address now. */
    public void acknowledge() {
        PHASE.getAndAdd(this, 2);
    }

    /** Whether the entry for a page allows loads, or stores. Owner only. */
    public boolean present(long address, boolean store) {
        return data[index(address) + (store ? 1 : 0)] == (address & PAGE_MASK);
    }

    /** Host address of a byte for which {@link #present} is true. Owner only. */
    public long host(long address) {
        return address + data[index(address) + 2];
    }

    /** Decoded page for an address, or null if it must be asked for at {@link PageTable#fetch}. Owner only. */
    public CodePage code(long address) {
        int slot = fetchSlot(address);
        if (fetchTags[slot] != (address & PAGE_MASK)) {
            return null;
        }
        CodePage page = fetchPages[slot];
        return page == null || page.stale() ? null : page;
    }

    private static int fetchSlot(long address) {
        return (int) (address >>> PAGE_SHIFT) & FETCH_ENTRIES - 1;
    }

    void allowLoads(long page, long host) {
        int i = index(page);
        if (data[i + 1] != page) {
            data[i + 1] = NONE;
        }
        data[i + 2] = host - page;
        data[i] = page;
    }

    void allowStores(long page, long host, boolean loads) {
        int i = index(page);
        if (loads) {
            data[i] = page;
        } else if (data[i] != page) {
            data[i] = NONE;
        }
        data[i + 2] = host - page;
        data[i + 1] = page;
    }

    void allowFetches(long page, CodePage code) {
        int slot = fetchSlot(page);
        fetchPages[slot] = code;
        fetchTags[slot] = page;
    }

    /**
     * Takes rights away.
     *
     * @param first the first page
     * @param count of pages, no more than {@link #ENTRIES}
     * @param taken bits of {@link TranslationContext}
     */
    void invalidate(long first, int count, int taken) {
        long page = first;
        for (int n = 0; n < count; n++) {
            int i = index(page);
            if ((taken & TranslationContext.READ) != 0 && data[i] == page) {
                data[i] = NONE;
            }
            if ((taken & TranslationContext.WRITE) != 0 && data[i + 1] == page) {
                data[i + 1] = NONE;
            }
            int slot = fetchSlot(page);
            if ((taken & TranslationContext.EXECUTE) != 0 && fetchTags[slot] == page) {
                fetchTags[slot] = NONE;
            }
            page += PageFrame.SIZE;
        }
        request(SHOOTDOWN);
    }

    void forbidStores(long host) {
        for (int i = 0; i < data.length; i += 4) {
            if (data[i + 1] != NONE && data[i + 1] + data[i + 2] == host) {
                data[i + 1] = NONE;
            }
        }
        request(SHOOTDOWN);
    }

    void clear() {
        Arrays.fill(data, NONE);
        Arrays.fill(fetchTags, NONE);
        Arrays.fill(fetchPages, null);
        request(SHOOTDOWN);
    }

    /** Waits until no access that began before the call goes on through an entry invalidated before the call. */
    void settle() {
        VarHandle.fullFence();
        int seen = (int) PHASE.getVolatile(this);
        if ((seen & 1) == 0) {
            return;
        }
        // The owner may have taken the request that came with the invalidation before this looked at the phase.
        request(SHOOTDOWN);
        for (int tries = 0; (int) PHASE.getVolatile(this) == seen; tries++) {
            // The owner polls within microseconds unless the host does not run it. Then this thread is better out of its way:
            // to yield would only give way to other strands, and keep the host's processor.
            if (tries < 1000) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(REST);
            }
        }
    }
}
