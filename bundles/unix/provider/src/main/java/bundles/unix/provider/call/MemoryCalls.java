package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.MemoryMap;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpace.Region;
import kernel.ext.vm.api.Pager;

/** System calls on the address space: brk(2), mmap(2), munmap(2), mprotect(2), mremap(2), madvise(2). */
final class MemoryCalls {

    /** asm/mman.h, linux/mman.h. */
    private static final long MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_SHARED_VALIDATE = 3, MAP_TYPE = 15,
            MAP_ANONYMOUS = 0x10,
            MAP_FIXED = 0x100, MAP_FIXED_NOREPLACE = 0x200000;
    private static final long MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2;
    private static final int MOST_REGIONS = 65_530;
    private static final long MADV_WILLNEED = 3, MADV_DONTNEED = 6, MADV_FREE = 8, MADV_COLLAPSE = 25;
    private static final long MS_ASYNC = 1, MS_SYNC = 2, MS_INVALIDATE = 4;

    private MemoryCalls() {}

    static List<Call> calls() {
        return List.of(full(17, "brk", "x", locked(MemoryCalls::brk)),
                partly(71, "mmap", "xdxxfd",
                        "changes through shared mappings reach the file, and who reads it, at msync,"
                                + " munmap and exit only",
                        locked(MemoryCalls::mmap)),
                full(73, "munmap", "xd", locked(MemoryCalls::munmap)),
                full(74, "mprotect", "xdx", locked(MemoryCalls::mprotect)),
                partly(341, "mremap", "xddxx", "what is added to a private mapping of a file is anonymous",
                        locked(MemoryCalls::mremap)),
                partly(75, "madvise", "xdd",
                        "MADV_DONTNEED and MADV_FREE leave the stack alone; other advice is not needed",
                        locked(MemoryCalls::madvise)),
                full(217, "msync", "xdx", locked(MemoryCalls::msync)),
                full(375, "mincore", "xdx", MemoryCalls::mincore),
                full(64, "getpagesize", "", (t, c) -> Layout.PAGE));
    }

    /** Threads that share an address space change it one after the other. */
    private static Call.Function locked(Call.Function function) {
        return (thread, context) -> {
            synchronized (thread.map()) {
                return function.serve(thread, context);
            }
        };
    }

    /** The new end of the heap, or the old one if there is no room or a limit forbids it. */
    private static long brk(UnixThread thread, UserContext context) {
        long wanted = context.argument(0);
        long[] heap = thread.map().heap();
        long more = Layout.ceil(wanted) - Layout.ceil(heap[1]);
        if (wanted >= heap[0] && wanted <= Layout.MMAP_BASE && more > 0
                && !MemoryLimits.allows(thread, -1, more, true)) {
            return heap[1];
        }
        if (more > 0) {
            try {
                PinCalls.checkNew(thread, more);
            } catch (ErrnoException e) {
                return heap[1];
            }
        }
        long end = thread.map().moveHeapEnd(wanted);
        PinCalls.pinNew(thread, Layout.ceil(heap[1]), Layout.ceil(end) - Layout.ceil(heap[1]));
        return end;
    }

    private static long mmap(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long hint = context.argument(0);
        long length = context.argument(1);
        long flags = context.argument(3);
        long offset = context.argument(5);
        long type = flags & MAP_TYPE;
        if (length <= 0 || type < MAP_SHARED || type > MAP_SHARED_VALIDATE || (offset & Layout.PAGE - 1) != 0) {
            throw Errno.EINVAL.exception();
        }
        if (length > Layout.TASK_SIZE) {
            throw Errno.ENOMEM.exception();
        }
        if ((flags & MAP_ANONYMOUS) == 0 && (offset < 0 || offset > Long.MAX_VALUE - Layout.TASK_SIZE)) {
            throw Errno.EOVERFLOW.exception();
        }
        checkRegions(thread);
        boolean fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
        int protection = MemoryMap.protection(context.argument(2));
        if (fixed) {
            MemoryMap.checkRange(hint, length);
            if (hint < Layout.LOWEST) {
                throw Errno.EPERM.exception();
            }
            if ((flags & MAP_FIXED_NOREPLACE) != 0
                    && thread.map().space().findGap(hint, Layout.ceil(length)) != hint) {
                throw Errno.EEXIST.exception();
            }
        }
        OpenFile file = (flags & MAP_ANONYMOUS) != 0 ? null : mappable(thread.file(context.argument(4)));
        boolean shared = type != MAP_PRIVATE;
        if (shared && file != null && (file.flags() & OpenFlags.O_ACCMODE) != OpenFlags.O_RDWR
                && (protection & TranslationContext.WRITE) != 0) {
            throw Errno.EACCES.exception();
        }
        MemoryLimits.check(thread, fixed ? hint : -1, Layout.ceil(length),
                !shared && (protection & TranslationContext.WRITE) != 0);
        PinCalls.checkNew(thread, Layout.ceil(length));
        long address = fixed ? hint : thread.map().place(Math.max(0, hint), length);
        thread.map().shared().remove(address, address + Layout.ceil(length));
        AddressSpace space = thread.map().space();
        String label = file == null ? MemoryMap.ANONYMOUS : file.path() == null ? "[device]" : file.path().toString();
        if (shared) {
            thread.map().shared().map(address, length, protection, file, file == null ? 0 : offset, label);
        } else if (file == null) {
            space.map(address, length, protection, Pager.ZERO, label);
        } else {
            space.map(address, length, protection, thread.map().shared().pager(file, offset), label);
        }
        PinCalls.pinNew(thread, address, length);
        return address;
    }

    /** A call that may split regions needs room for two more (Linux: vm.max_map_count). */
    private static void checkRegions(UnixThread thread) throws ErrnoException {
        if (thread.map().space().regions().size() > MOST_REGIONS - 2) {
            throw Errno.ENOMEM.exception();
        }
    }

    private static OpenFile mappable(OpenFile file) throws ErrnoException, IOException {
        FileStatus status = file.status();
        if (!status.is(FileStatus.S_IFREG) && !status.is(FileStatus.S_IFCHR)) {
            throw Errno.ENODEV.exception();
        }
        if ((file.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_WRONLY) {
            throw Errno.EACCES.exception();
        }
        return file;
    }

    private static long munmap(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        MemoryMap.checkRange(context.argument(0), context.argument(1));
        if (context.argument(1) == 0) {
            throw Errno.EINVAL.exception();
        }
        long end = context.argument(0) + Layout.ceil(context.argument(1));
        Region around = thread.map().region(context.argument(0));
        if (around != null && around.start() < context.argument(0) && end < around.end()) {
            checkRegions(thread);
        }
        thread.map().shared().remove(context.argument(0), end);
        thread.map().space().unmap(context.argument(0), context.argument(1));
        return 0;
    }

    private static long mprotect(UnixThread thread, UserContext context) throws ErrnoException {
        if ((context.argument(0) & Layout.PAGE - 1) != 0) {
            throw Errno.EINVAL.exception();
        }
        checkRegions(thread);
        long length = Layout.ceil(context.argument(1));
        if (length != 0 && !thread.map().space().protect(context.argument(0), length,
                MemoryMap.protection(context.argument(2)))) {
            throw Errno.ENOMEM.exception();
        }
        return 0;
    }

    private static long checkCovered(UnixThread thread, UserContext context) throws ErrnoException {
        long start = Layout.floor(context.argument(0));
        if (!thread.map().space().covers(start, context.argument(0) - start + context.argument(1))) {
            throw Errno.ENOMEM.exception();
        }
        return 0;
    }

    private static long msync(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long start = context.argument(0);
        MemoryMap.checkRange(start, context.argument(1));
        long flags = context.argument(2);
        if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0
                || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC)) {
            throw Errno.EINVAL.exception();
        }
        checkCovered(thread, context);
        thread.map().shared().writeBack(start, start + Layout.ceil(context.argument(1)));
        return 0;
    }

    private static long mincore(UnixThread thread, UserContext context) throws ErrnoException {
        long start = context.argument(0);
        MemoryMap.checkRange(start, context.argument(1));
        AddressSpace space = thread.map().space();
        if (!space.covers(start, context.argument(1))) {
            throw Errno.ENOMEM.exception();
        }
        byte[] one = new byte[1];
        for (long page = 0; page < Layout.ceil(context.argument(1)) / Layout.PAGE; page++) {
            one[0] = (byte) (space.translation().frame(start + page * Layout.PAGE) == null ? 0 : 1);
            thread.memory().write(context.argument(2) + page, one, 0, 1);
        }
        return 0;
    }

    /** Gives pages back, so that they read as zero, or as the file, again. */
    private static long madvise(UnixThread thread, UserContext context) throws ErrnoException {
        long start = context.argument(0);
        MemoryMap.checkRange(start, context.argument(1));
        long advice = context.argument(2);
        if (advice < 0 || advice > MADV_COLLAPSE || advice > MADV_WILLNEED && advice < MADV_DONTNEED
                || advice == MADV_DONTNEED + 1) {
            throw Errno.EINVAL.exception();
        }
        long end = start + Layout.ceil(context.argument(1));
        AddressSpace space = thread.map().space();
        if (!space.covers(start, end - start)) {
            throw Errno.ENOMEM.exception();
        }
        if (context.argument(2) == MADV_DONTNEED || context.argument(2) == MADV_FREE) {
            for (Region region : space.regions()) {
                long from = Math.max(start, region.start());
                long to = Math.min(end, region.end());
                // What the stack held at first is not to come back.
                if (from < to && !region.label().equals(MemoryMap.STACK)) {
                    space.discard(from, to - from);
                }
            }
        }
        return 0;
    }

    private static long mremap(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long old = context.argument(0);
        long oldLength = Layout.ceil(context.argument(1));
        long length = Layout.ceil(context.argument(2));
        long flags = context.argument(3);
        MemoryMap.checkRange(old, oldLength);
        if (length <= 0 || length > Layout.TASK_SIZE || oldLength == 0
                || (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) != 0
                || flags == MREMAP_FIXED) {
            throw Errno.EINVAL.exception();
        }
        AddressSpace space = thread.map().space();
        Region region = thread.map().region(old);
        if (region == null || old + oldLength > region.end()) {
            throw Errno.EFAULT.exception();
        }
        if ((flags & MREMAP_FIXED) != 0) {
            long to = context.argument(4);
            MemoryMap.checkRange(to, length);
            if (to < old + oldLength && old < to + length) {
                throw Errno.EINVAL.exception();
            }
            if (length > oldLength) {
                MemoryLimits.check(thread, to, length - oldLength, MemoryLimits.isData(thread, region));
            }
            thread.map().shared().remove(to, to + length);
            shrink(thread, old, oldLength, length);
            return move(thread, region, old, Math.min(oldLength, length), to, length);
        }
        if (length <= oldLength) {
            shrink(thread, old, oldLength, length);
            return old;
        }
        long more = length - oldLength;
        MemoryLimits.check(thread, -1, more, MemoryLimits.isData(thread, region));
        if (old + oldLength == region.end() && space.findGap(region.end(), more) == region.end()) {
            grow(thread, region, region.end(), more);
            return old;
        }
        if ((flags & MREMAP_MAYMOVE) == 0) {
            throw Errno.ENOMEM.exception();
        }
        return move(thread, region, old, oldLength, thread.map().place(0, length), length);
    }

    private static void shrink(UnixThread thread, long start, long oldLength, long length)
            throws ErrnoException, IOException {
        if (length < oldLength) {
            thread.map().shared().remove(start + length, start + oldLength);
            thread.map().space().unmap(start + length, oldLength - length);
        }
    }

    private static void grow(UnixThread thread, Region region, long end, long more) {
        if (!thread.map().shared().extend(end, more, region.protection(), region.label())) {
            thread.map().space().map(end, more, region.protection(), Pager.ZERO, region.label());
        }
    }

    private static long move(UnixThread thread, Region region, long from, long oldLength, long to, long length)
            throws ErrnoException, IOException {
        AddressSpace space = thread.map().space();
        space.unmap(to, length);
        space.move(from, oldLength, to);
        thread.map().shared().moved(from, from + oldLength, to);
        if (length > oldLength) {
            grow(thread, region, to + oldLength, length - oldLength);
        }
        return to;
    }
}
