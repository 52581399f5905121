package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;

/** What the end of a thread tells those who wait for it (set_tid_address(2), set_robust_list(2)). Stateless. */
final class ThreadEnd {

    /** Bits of a robust futex's word (linux/futex.h): who waits, the owner has died, the owner's id. */
    private static final int WAITERS = 0x8000_0000, OWNER_DIED = 0x4000_0000, OWNER = 0x3FFF_FFFF;
    /** Entries of a list beyond which it is taken for damaged (ROBUST_LIST_LIMIT). */
    private static final int MOST = 2048;

    private ThreadEnd() {}

    /** Tells. In the thread's strand, after its context has stopped; its memory is still there. */
    static void tell(UnixThread thread, long clear, long robustList) {
        try {
            if (robustList != 0) {
                robust(thread, robustList);
            }
        } catch (ErrnoException e) {
            // The list is damaged: what comes after is not looked at.
        }
        thread.kernel().priorityFutexes().ended(thread);
        try {
            if (clear != 0) {
                thread.memory().writeInt(clear, 0);
                thread.kernel().futexes().wake(thread, clear, false, 1, -1);
            }
        } catch (ErrnoException e) {
            // There is no such address: nobody can wait there.
        }
    }

    private static void robust(UnixThread thread, long head) throws ErrnoException {
        long offset = thread.memory().readLong(head + 8);
        long waitsFor = thread.memory().readLong(head + 16);
        long entry = thread.memory().readLong(head);
        for (int i = 0; i < MOST && (entry & ~1L) != head; i++) {
            long next = thread.memory().readLong(entry & ~1L);
            if (entry != waitsFor) {
                release(thread, (entry & ~1L) + offset, (entry & 1) != 0);
            }
            entry = next;
        }
        if (waitsFor != 0) {
            release(thread, (waitsFor & ~1L) + offset, (waitsFor & 1) != 0);
        }
    }

    private static void release(UnixThread thread, long address, boolean inTurn) throws ErrnoException {
        if (inTurn) {
            thread.kernel().priorityFutexes().ownerDied(thread, address);
            return;
        }
        int value = thread.memory().readInt(address);
        while ((value & OWNER) == thread.id()) {
            int before = thread.memory().compareAndExchange(address, value, value & WAITERS | OWNER_DIED);
            if (before == value) {
                if ((value & WAITERS) != 0) {
                    thread.kernel().futexes().wake(thread, address, true, 1, -1);
                }
                return;
            }
            value = before;
        }
    }
}
