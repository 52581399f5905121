package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.process.MemoryMap;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.util.List;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpace.Region;

/**
 * System calls that keep pages in memory: mlock(2), munlock(2), mlockall(2), munlockall(2). Who is root may keep as many as there is
 * room for, half of the machine's memory for all together; others what RLIMIT_MEMLOCK says. The caller of the static methods holds
 * the monitor of the process's {@link MemoryMap}.
 */
final class PinCalls {

    /** asm/mman.h of the Alpha. */
    private static final long MCL_CURRENT = 8192, MCL_FUTURE = 16384, MCL_ONFAULT = 32768;

    private PinCalls() {}

    static List<Call> calls() {
        return List.of(full(314, "mlock", "xd", PinCalls::mlock), full(315, "munlock", "xd", PinCalls::munlock),
                full(316, "mlockall", "x", PinCalls::mlockall), full(317, "munlockall", "", PinCalls::munlockall),
                full(518, "mlock2", "xdx", (p, c) -> {
                    // MLOCK_ONFAULT: pages that are brought in at once are there as well.
                    if ((c.argument(2) & ~1L) != 0) {
                        throw Errno.EINVAL.exception();
                    }
                    return mlock(p, c);
                }));
    }

    private static long mlock(UnixThread thread, UserContext context) throws ErrnoException {
        long[] range = range(context);
        if (range[0] == range[1]) {
            return 0;
        }
        synchronized (thread.map()) {
            AddressSpace space = thread.map().space();
            if (!space.covers(range[0], range[1] - range[0])) {
                throw Errno.ENOMEM.exception();
            }
            check(thread, range[1] - range[0] - pinned(space, range[0], range[1]), Errno.ENOMEM);
            space.pin(range[0], range[1] - range[0], true);
        }
        bringIn(thread, range[0], range[1]);
        return 0;
    }

    private static long munlock(UnixThread thread, UserContext context) throws ErrnoException {
        long[] range = range(context);
        synchronized (thread.map()) {
            if (range[0] != range[1] && !thread.map().space().pin(range[0], range[1] - range[0], false)) {
                throw Errno.ENOMEM.exception();
            }
        }
        return 0;
    }

    private static long[] range(UserContext context) throws ErrnoException {
        long start = Layout.floor(context.argument(0));
        long end = Layout.ceil(context.argument(0) + context.argument(1));
        if (context.argument(1) < 0 || end < start) {
            throw Errno.EINVAL.exception();
        }
        return new long[]{start, context.argument(1) == 0 ? start : end};
    }

    private static long mlockall(UnixThread thread, UserContext context) throws ErrnoException {
        long flags = context.argument(0);
        if (flags == 0 || flags == MCL_ONFAULT || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0) {
            throw Errno.EINVAL.exception();
        }
        List<Region> regions;
        synchronized (thread.map()) {
            AddressSpace space = thread.map().space();
            regions = space.regions();
            if ((flags & MCL_CURRENT) != 0) {
                long all = regions.stream().mapToLong(region -> region.end() - region.start()).sum();
                check(thread, all - pinned(space, 0, Layout.TASK_SIZE), Errno.ENOMEM);
                regions.forEach(region -> space.pin(region.start(), region.end() - region.start(), true));
            }
            thread.map().pinLater((flags & MCL_FUTURE) != 0);
        }
        if ((flags & MCL_CURRENT) != 0 && (flags & MCL_ONFAULT) == 0) {
            for (Region region : regions) {
                // The stack is brought in as far as it was used: it could be larger than memory.
                if (readable(region) && !region.label().equals(MemoryMap.STACK)) {
                    bringIn(thread, region.start(), region.end());
                }
            }
        }
        return 0;
    }

    private static long munlockall(UnixThread thread, UserContext context) {
        synchronized (thread.map()) {
            AddressSpace space = thread.map().space();
            thread.map().pinLater(false);
            space.regions().forEach(region -> space.pin(region.start(), region.end() - region.start(), false));
        }
        return 0;
    }

    /** Before a mapping is made: whether it may be kept, if those to come are to be. @throws ErrnoException EAGAIN */
    static void checkNew(UnixThread thread, long length) throws ErrnoException {
        if (thread.map().pinsLater()) {
            check(thread, length, Errno.EAGAIN);
        }
    }

    /** After it was made. */
    static void pinNew(UnixThread thread, long start, long length) {
        if (thread.map().pinsLater() && length > 0) {
            thread.map().space().pin(start, length, true);
        }
    }

    private static void check(UnixThread thread, long more, Errno beyond) throws ErrnoException {
        if (thread.kernel().user() != 0) {
            long limit = thread.limits().soft(ResourceLimits.MEMLOCK);
            if (limit == 0 && more > 0) {
                throw (beyond == Errno.EAGAIN ? beyond : Errno.EPERM).exception();
            }
            if (limit > 0 && pinned(thread.map().space(), 0, Layout.TASK_SIZE) + more > limit) {
                throw beyond.exception();
            }
        }
        long all = more;
        for (UnixProcess process : thread.kernel().table().all()) {
            all += process.ended() ? 0 : pinned(process.map().space(), 0, Layout.TASK_SIZE);
        }
        if (all > (long) thread.kernel().memory().total() * Layout.PAGE / 2) {
            throw (beyond == Errno.ENOMEM ? Errno.EAGAIN : beyond).exception();
        }
    }

    /** Bytes that are kept between two addresses. */
    private static long pinned(AddressSpace space, long start, long end) {
        return space.regions().stream().filter(Region::pinned)
                .mapToLong(region -> Math.max(0, Math.min(region.end(), end) - Math.max(region.start(), start))).sum();
    }

    private static boolean readable(Region region) {
        return (region.protection() & TranslationContext.READ) != 0;
    }

    /** @throws ErrnoException ENOMEM: some pages cannot be had */
    private static void bringIn(UnixThread thread, long start, long end) throws ErrnoException {
        byte[] one = new byte[1];
        for (long at = start; at < end; at += Layout.PAGE) {
            try {
                thread.memory().read(at, one, 0, 1);
            } catch (ErrnoException e) {
                throw Errno.ENOMEM.exception();
            }
        }
    }
}
