package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace.Region;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.Pager;

/**
 * Where a program's heap ends and where mappings go. Several threads, and after vfork(2) two processes, may have it together:
 * the monitor guards it, and system calls that look before they change hold it meanwhile. It ends with the last who has it.
 */
public final class MemoryMap {

    /** Labels of regions without a file. */
    public static final String ANONYMOUS = "[anon]", HEAP = "[heap]", STACK = "[stack]";

    private static final int READ_WRITE = TranslationContext.READ | TranslationContext.WRITE;

    private final AddressSpace space;
    private final SharedMappings shared;
    private final List<ProgramFile> programs;
    private final long heapStart;
    private long heapEnd;
    private boolean pinsLater;
    private final AtomicInteger barriers = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * @param space the process's
     * @param registry of shared mappings
     * @param programs the files that pages of the program come from; this lets go of them at its end
     * @param heapStart first page after the program
     */
    MemoryMap(AddressSpace space, SharedContents.Registry registry, List<ProgramFile> programs, long heapStart) {
        this(space, new SharedMappings(space, registry), programs, heapStart, heapStart);
    }

    private MemoryMap(AddressSpace space, SharedMappings shared, List<ProgramFile> programs, long heapStart,
            long heapEnd) {
        this.space = space;
        this.shared = shared;
        this.programs = List.copyOf(programs);
        this.heapStart = heapStart;
        this.heapEnd = heapEnd;
    }

    /** A copy with the same contents (fork(2)). */
    synchronized MemoryMap copy() {
        AddressSpace copy = space.copy(space.name());
        programs.forEach(ProgramFile::retain);
        var made = new MemoryMap(copy, shared.copy(copy), programs, heapStart, heapEnd);
        made.barriers.set(barriers.get());
        return made;
    }

    /** A program wants to use barriers of some kind (membarrier(2)); a copy inherits it. @param command by which it says so, one bit */
    public void registerBarriers(int command) {
        barriers.getAndAccumulate(command, (old, more) -> old | more);
    }

    /** The commands by which it did. */
    public int barriersRegistered() {
        return barriers.get();
    }

    /** One more has it. */
    MemoryMap retain() {
        users.incrementAndGet();
        return this;
    }

    /** One less has it. */
    void release() {
        if (users.decrementAndGet() == 0) {
            synchronized (this) {
                shared.close();
                space.destroy();
                programs.forEach(ProgramFile::release);
            }
        }
    }

    /** Whether what is mapped from now on stays in memory (mlockall(2)). A copy does not inherit it. */
    public synchronized void pinLater(boolean pins) {
        pinsLater = pins;
    }

    /** As {@link #pinLater} said last. */
    public synchronized boolean pinsLater() {
        return pinsLater;
    }

    /** Where the heap begins and ends. */
    public synchronized long[] heap() {
        return new long[]{heapStart, heapEnd};
    }

    /** The space. */
    public AddressSpace space() {
        return space;
    }

    /** Mappings whose changes go back to a file. */
    public SharedMappings shared() {
        return shared;
    }

    /**
     * Moves the end of the heap (brk(2)).
     *
     * @return the new end, or the old one if it cannot be there
     */
    public synchronized long moveHeapEnd(long end) {
        if (end < heapStart || end > Layout.MMAP_BASE) {
            return heapEnd;
        }
        long from = Layout.ceil(heapEnd);
        long to = Layout.ceil(end);
        if (to > from) {
            if (space.findGap(from, to - from) != from) {
                return heapEnd;
            }
            space.map(from, to - from, READ_WRITE, Pager.ZERO, HEAP);
        } else if (to < from) {
            space.unmap(to, from - to);
        }
        heapEnd = end;
        return end;
    }

    /**
     * Finds room for a mapping.
     *
     * @param hint address wanted, or 0
     * @param length bytes, more than 0
     * @throws ErrnoException ENOMEM
     */
    public long place(long hint, long length) throws ErrnoException {
        long wanted = Layout.ceil(hint);
        if (wanted >= Layout.LOWEST && space.findGap(wanted, length) == wanted) {
            return wanted;
        }
        long found = space.findGap(Layout.MMAP_BASE, length);
        if (found < Layout.LOWEST) {
            throw Errno.ENOMEM.exception();
        }
        return found;
    }

    /**
     * Checks a range that a call names.
     *
     * @throws ErrnoException EINVAL: not at a page, or not within the addresses of programs
     */
    public static void checkRange(long address, long length) throws ErrnoException {
        if ((address & Layout.PAGE - 1) != 0 || address < 0 || length < 0 || length > Layout.TASK_SIZE - address) {
            throw Errno.EINVAL.exception();
        }
    }

    /** The region that an address belongs to, or null. */
    public Region region(long address) {
        for (Region region : space.regions()) {
            if (region.start() <= address && address < region.end()) {
                return region;
            }
        }
        return null;
    }

    /** Protection bits of PROT_ bits, which have the same values; what can be written can be read on the Alpha's Linux. */
    public static int protection(long prot) {
        int bits = (int) prot & (READ_WRITE | TranslationContext.EXECUTE);
        return (bits & TranslationContext.WRITE) != 0 ? bits | TranslationContext.READ : bits;
    }
}
