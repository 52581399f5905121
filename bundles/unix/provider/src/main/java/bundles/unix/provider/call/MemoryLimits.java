package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.process.MemoryMap;
import bundles.unix.provider.process.UnixThread;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace.Region;

/**
 * The limits of a process's memory (getrlimit(2)): RLIMIT_AS counts all its regions, RLIMIT_DATA those that are private and may be
 * written to, the stack left out. Regions are counted only if there is a limit. The caller holds the monitor of the process's
 * {@link MemoryMap}, so that threads do not exceed a limit together.
 */
final class MemoryLimits {

    private static final int DATA = 2, AS = 7;

    private MemoryLimits() {}

    /**
     * Checks a mapping that is to be made.
     *
     * @param start where, if what is there goes; -1 if it is where nothing is
     * @param length whole pages, in bytes
     * @param data whether it is private and may be written to
     * @throws ErrnoException ENOMEM: it would exceed a limit
     */
    static void check(UnixThread thread, long start, long length, boolean data) throws ErrnoException {
        if (!allows(thread, start, length, data)) {
            throw Errno.ENOMEM.exception();
        }
    }

    /** As {@link #check}, with an answer. */
    static boolean allows(UnixThread thread, long start, long length, boolean data) {
        long most = thread.limits().soft(AS);
        long mostData = data ? thread.limits().soft(DATA) : -1;
        return (unlimited(most) || fits(all(thread, start, length, false), length, most))
                && (unlimited(mostData) || fits(all(thread, start, length, true), length, mostData));
    }

    /** Limits are unsigned on Linux; who sets one with its highest bit has none. */
    private static boolean unlimited(long limit) {
        return limit < 0 || limit == Long.MAX_VALUE;
    }

    private static boolean fits(long sum, long more, long limit) {
        return more <= limit - sum;
    }

    /** Bytes of the regions, but for what lies where the new one is to be. */
    private static long all(UnixThread thread, long start, long length, boolean data) {
        long sum = 0;
        for (Region region : thread.map().space().regions()) {
            if (data && !isData(thread, region)) {
                continue;
            }
            sum += region.end() - region.start();
            if (start >= 0) {
                sum -= Math.max(0, Math.min(region.end(), start + length) - Math.max(region.start(), start));
            }
        }
        return sum;
    }

    /** Whether a region counts as data. */
    static boolean isData(UnixThread thread, Region region) {
        return (region.protection() & TranslationContext.WRITE) != 0 && !MemoryMap.STACK.equals(region.label())
                && !thread.map().shared().shows(region.start());
    }
}
