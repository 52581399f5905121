package hw.alpha.mmu;

import hw.alpha.host.Libc;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Host memory that can be seen at several addresses: a file without a name ({@code memfd_create}), all of it mapped once as
 * physical memory, and parts of it again in {@link Window}s. The host provides what is touched. On 64-bit Linux only.
 * Thread-safe. Unmapped when nobody can reach it any more.
 */
final class SharedPages {

    static final Cleaner CLEANER = Cleaner.create();
    /** Linux's mman.h, on all machines that it runs a JVM on. */
    private static final int READ_WRITE = 3, SHARED = 1, PRIVATE = 2, FIXED = 0x10, ANONYMOUS = 0x20,
            NORESERVE = 0x4000,
            POPULATE = 0x8000;
    private static final Calls CALLS = Calls.find();
    /**
     * Separate mappings that windows make at most, all together: the host allows a process 65,530 (vm.max_map_count), and the
     * virtual machine needs some itself.
     */
    private static final int MAPPINGS = 50_000;
    private static final AtomicInteger MAPPED = new AtomicInteger();
    /**
     * Memories beyond which each new one first has those found that nobody can reach. Each has an open file, of which a host
     * allows a process a thousand or some; to the virtual machine they are a few small objects, for which it collects nothing.
     */
    private static final int MANY = 500;
    /** Milliseconds that a new memory then waits for the files to be closed. */
    private static final int PATIENCE = 100;
    private static final AtomicInteger OPEN = new AtomicInteger();

    private record Calls(Libc mmap, Libc munmap, Libc create, Libc truncate, Libc close) {

        static Calls find() {
            boolean linux = System.getProperty("os.name").equals("Linux")
                    && System.getProperty("os.arch").matches("amd64|aarch64");
            if (!linux || Boolean.getBoolean("spin.alpha.windowless")) {
                return null;
            }
            return new Calls(new Libc("mmap"), new Libc("munmap"), new Libc("memfd_create"), new Libc("ftruncate"),
                    new Libc("close"));
        }
    }

    /** Address of the first byte. */
    final long address;
    private final int file;

    private SharedPages(int file, long address) {
        this.file = file;
        this.address = address;
    }

    /** Memory of so many bytes, or null if the host cannot share memory so. */
    static SharedPages create(long bytes) {
        if (CALLS == null) {
            return null;
        }
        closeUnreachable();
        try (java.lang.foreign.Arena arena = java.lang.foreign.Arena.ofConfined()) {
            int file = CALLS.create.call(arena.allocateFrom("alpha-memory").address(), 1, 0);
            try {
                CALLS.truncate.call(file, bytes, 0);
                long address = CALLS.mmap.callLong(0, bytes, READ_WRITE, SHARED | NORESERVE, file, 0);
                SharedPages pages = new SharedPages(file, address);
                OPEN.incrementAndGet();
                CLEANER.register(pages, () -> {
                    unmap(address, bytes);
                    close(file);
                    OPEN.decrementAndGet();
                });
                return pages;
            } catch (Libc.Failed e) {
                close(file);
                throw e;
            }
        } catch (Libc.Failed e) {
            System.getLogger("hw.alpha").log(System.Logger.Level.DEBUG, "memory cannot be shared with windows", e);
            return null;
        }
    }

    private static void closeUnreachable() {
        if (OPEN.get() < MANY) {
            return;
        }
        System.gc();
        for (int i = 0; i < PATIENCE && OPEN.get() >= MANY; i++) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void close(int file) {
        try {
            CALLS.close.call(file, 0, 0);
        } catch (Libc.Failed e) {
            throw new IllegalStateException("the host's close", e);
        }
    }

    /**
     * Sets addresses aside.
     *
     * @param zeroes bytes that are there at once, of the host's pages
     * @param bytes behind them, where nothing may be yet
     * @return the first, or 0 if the host has none left
     */
    static long reserve(long zeroes, long bytes) {
        long address = 0;
        try {
            address = CALLS.mmap.callLong(0, zeroes + bytes, 0, PRIVATE | ANONYMOUS | NORESERVE, -1, 0);
            return CALLS.mmap.callLong(address, zeroes, READ_WRITE, PRIVATE | ANONYMOUS | NORESERVE | FIXED, -1, 0);
        } catch (Libc.Failed e) {
            if (address != 0) {
                unmap(address, zeroes + bytes);
            }
            return 0;
        }
    }

    static void unmap(long address, long bytes) {
        try {
            CALLS.munmap.call(address, bytes, 0);
        } catch (Libc.Failed e) {
            throw new IllegalStateException("the host's munmap", e);
        }
    }

    /**
     * Lets a frame be seen at another address as well, in the place of what was there.
     *
     * @param offset of the frame
     * @param mappings how many more the host has then, for its limit
     * @return whether the host did it
     */
    boolean show(long offset, long at, int mappings) {
        if (MAPPED.get() + mappings > MAPPINGS) {
            return false;
        }
        try {
            CALLS.mmap.callLong(at, PageFrame.SIZE, READ_WRITE, SHARED | FIXED | NORESERVE | POPULATE, file, offset);
            MAPPED.addAndGet(mappings);
            return true;
        } catch (Libc.Failed e) {
            return false;
        }
    }

    /** So many of {@link #show}'s mappings are gone, for addresses were unmapped. */
    static void hidden(int mappings) {
        MAPPED.addAndGet(-mappings);
    }

    /** Takes away what is to be seen at some addresses, which stay set aside; these were so many mappings. */
    static void hide(long address, long bytes, int mappings) {
        try {
            CALLS.mmap.callLong(address, bytes, 0, PRIVATE | ANONYMOUS | NORESERVE | FIXED, -1, 0);
            hidden(mappings);
        } catch (Libc.Failed e) {
            System.getLogger("hw.alpha").log(System.Logger.Level.DEBUG, "pages stay in a window without rights", e);
        }
    }
}
