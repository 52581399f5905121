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
import bundles.unix.provider.process.UnixProcess;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.UserContext;
import kernel.core.memory.Frame;
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
    private static final long MADV_DONTNEED = 6;

    private MemoryCalls() {}

    static List<Call> calls() {
        return List.of(full(17, "brk", "x", (p, c) -> p.map().moveHeapEnd(c.argument(0))),
                partly(71, "mmap", "xdxxfd", "shared changes reach the file at msync, munmap and exit only",
                        MemoryCalls::mmap),
                full(73, "munmap", "xd", MemoryCalls::munmap), full(74, "mprotect", "xdx", MemoryCalls::mprotect),
                partly(341, "mremap", "xddxx",
                        "what is added to the mapping of a file is anonymous; what is moved is no longer shared",
                        MemoryCalls::mremap),
                partly(75, "madvise", "xdd", "MADV_DONTNEED keeps changed pages of files; other advice is not needed",
                        MemoryCalls::madvise),
                full(217, "msync", "xdx", MemoryCalls::msync), full(375, "mincore", "xdx", MemoryCalls::mincore),
                full(314, "mlock", "xd", MemoryCalls::checkCovered),
                full(315, "munlock", "xd", MemoryCalls::checkCovered),
                full(316, "mlockall", "x", (p, c) -> 0), full(317, "munlockall", "", (p, c) -> 0),
                full(64, "getpagesize", "", (p, c) -> Layout.PAGE));
    }

    private static long mmap(UnixProcess process, UserContext context) throws ErrnoException, IOException {
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
        checkRegions(process);
        boolean fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
        int protection = MemoryMap.protection(context.argument(2));
        if (fixed) {
            MemoryMap.checkRange(hint, length);
            if (hint < Layout.LOWEST) {
                throw Errno.EPERM.exception();
            }
            if ((flags & MAP_FIXED_NOREPLACE) != 0
                    && process.map().space().findGap(hint, Layout.ceil(length)) != hint) {
                throw Errno.EEXIST.exception();
            }
        }
        OpenFile file = (flags & MAP_ANONYMOUS) != 0 ? null : mappable(process.files().get(context.argument(4)));
        boolean shared = type != MAP_PRIVATE && file != null
                && (file.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDWR;
        if (type != MAP_PRIVATE && file != null && !shared && (protection & TranslationContext.WRITE) != 0) {
            throw Errno.EACCES.exception();
        }
        long address = fixed ? hint : process.map().place(Math.max(0, hint), length);
        process.map().shared().remove(address, address + Layout.ceil(length));
        if (file == null) {
            process.map().space().map(address, length, protection, Pager.ZERO, MemoryMap.ANONYMOUS);
        } else {
            Pager pager = shared
                    ? process.map().shared().add(address, length, file, offset)
                    : (at, frame) -> fill(file, offset + at, frame);
            // Open until the process ends, for nobody tells when the last page of the mapping is gone.
            file.retain();
            String label = file.path() == null ? "[device]" : file.path().toString();
            process.map().space().map(address, length, protection, pager, label);
        }
        return address;
    }

    /** A call that may split regions needs room for two more (Linux: vm.max_map_count). */
    private static void checkRegions(UnixProcess process) throws ErrnoException {
        if (process.map().space().regions().size() > MOST_REGIONS - 2) {
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

    private static void fill(OpenFile file, long position, Frame frame) throws IOException {
        byte[] page = new byte[Layout.PAGE];
        try {
            int got = file.readAt(position, page, 0, page.length);
            if (got == 0) {
                throw new IOException("beyond the end of the file");
            }
            frame.write(0, page, 0, got);
        } catch (ErrnoException e) {
            throw new IOException(e);
        }
    }

    private static long munmap(UnixProcess process, UserContext context) throws ErrnoException, IOException {
        MemoryMap.checkRange(context.argument(0), context.argument(1));
        if (context.argument(1) == 0) {
            throw Errno.EINVAL.exception();
        }
        long end = context.argument(0) + Layout.ceil(context.argument(1));
        Region around = process.map().region(context.argument(0));
        if (around != null && around.start() < context.argument(0) && end < around.end()) {
            checkRegions(process);
        }
        process.map().shared().remove(context.argument(0), end);
        process.map().space().unmap(context.argument(0), context.argument(1));
        return 0;
    }

    private static long mprotect(UnixProcess process, UserContext context) throws ErrnoException {
        if ((context.argument(0) & Layout.PAGE - 1) != 0) {
            throw Errno.EINVAL.exception();
        }
        checkRegions(process);
        long length = Layout.ceil(context.argument(1));
        if (length != 0 && !process.map().space().protect(context.argument(0), length,
                MemoryMap.protection(context.argument(2)))) {
            throw Errno.ENOMEM.exception();
        }
        return 0;
    }

    private static long checkCovered(UnixProcess process, UserContext context) throws ErrnoException {
        long start = Layout.floor(context.argument(0));
        if (!process.map().space().covers(start, context.argument(0) - start + context.argument(1))) {
            throw Errno.ENOMEM.exception();
        }
        return 0;
    }

    private static long msync(UnixProcess process, UserContext context) throws ErrnoException, IOException {
        long start = context.argument(0);
        MemoryMap.checkRange(start, context.argument(1));
        checkCovered(process, context);
        process.map().shared().writeBack(start, start + Layout.ceil(context.argument(1)));
        return 0;
    }

    private static long mincore(UnixProcess process, UserContext context) throws ErrnoException {
        long start = context.argument(0);
        MemoryMap.checkRange(start, context.argument(1));
        AddressSpace space = process.map().space();
        if (!space.covers(start, context.argument(1))) {
            throw Errno.ENOMEM.exception();
        }
        byte[] one = new byte[1];
        for (long page = 0; page < Layout.ceil(context.argument(1)) / Layout.PAGE; page++) {
            one[0] = (byte) (space.translation().frame(start + page * Layout.PAGE) == null ? 0 : 1);
            process.memory().write(context.argument(2) + page, one, 0, 1);
        }
        return 0;
    }

    /** Gives anonymous pages back, so that they read as zero again. */
    private static long madvise(UnixProcess process, UserContext context) throws ErrnoException {
        long start = context.argument(0);
        MemoryMap.checkRange(start, context.argument(1));
        long end = start + Layout.ceil(context.argument(1));
        AddressSpace space = process.map().space();
        if (!space.covers(start, end - start)) {
            throw Errno.ENOMEM.exception();
        }
        if (context.argument(2) == MADV_DONTNEED) {
            for (Region region : space.regions()) {
                long from = Math.max(start, region.start());
                long to = Math.min(end, region.end());
                boolean anonymous = region.label().equals(MemoryMap.ANONYMOUS) || region.label().equals(MemoryMap.HEAP);
                if (from < to && anonymous) {
                    space.map(from, to - from, region.protection(), Pager.ZERO, region.label());
                }
            }
        }
        return 0;
    }

    private static long mremap(UnixProcess process, UserContext context) throws ErrnoException, IOException {
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
        AddressSpace space = process.map().space();
        Region region = process.map().region(old);
        if (region == null || old + oldLength > region.end()) {
            throw Errno.EFAULT.exception();
        }
        process.map().shared().remove(length < oldLength ? old + length : old, old + oldLength);
        if ((flags & MREMAP_FIXED) != 0) {
            long to = context.argument(4);
            MemoryMap.checkRange(to, length);
            if (to < old + oldLength && old < to + length) {
                throw Errno.EINVAL.exception();
            }
            process.map().shared().remove(to, to + length);
            return move(process, region, old, Math.min(oldLength, length), to, length);
        }
        if (length <= oldLength) {
            space.unmap(old + length, oldLength - length);
            return old;
        }
        long more = length - oldLength;
        if (old + oldLength == region.end() && space.findGap(region.end(), more) == region.end()) {
            space.map(region.end(), more, region.protection(), Pager.ZERO, region.label());
            return old;
        }
        if ((flags & MREMAP_MAYMOVE) == 0) {
            throw Errno.ENOMEM.exception();
        }
        return move(process, region, old, oldLength, process.map().place(0, length), length);
    }

    /** Copies the pages that are there to a new anonymous mapping; pages of a file, all of them. */
    private static long move(UnixProcess process, Region region, long from, long oldLength,
            long to,
            long length) throws ErrnoException {
        AddressSpace space = process.map().space();
        boolean anonymous = region.label().equals(MemoryMap.ANONYMOUS) || region.label().equals(MemoryMap.HEAP);
        int open = TranslationContext.READ | TranslationContext.WRITE;
        space.map(to, length, open, Pager.ZERO, anonymous ? MemoryMap.ANONYMOUS : region.label());
        space.protect(from, oldLength, region.protection() | TranslationContext.READ);
        byte[] page = new byte[Layout.PAGE];
        for (long at = 0; at < oldLength; at += Layout.PAGE) {
            if (anonymous && space.translation().frame(from + at) == null) {
                continue;
            }
            process.memory().read(from + at, page, 0, page.length);
            process.memory().write(to + at, page, 0, page.length);
        }
        space.protect(to, length, region.protection());
        space.unmap(from, oldLength);
        return to;
    }
}
