package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.RegularFile;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.io.IOException;

/** How large a process may make files: RLIMIT_FSIZE (setrlimit(2)). Stateless. */
final class FileSizes {

    private FileSizes() {}

    /**
     * How many bytes may be written at the position of a file.
     *
     * @param length how many are to be, more than 0
     * @throws ErrnoException EFBIG: none; SIGXFSZ has been sent
     */
    static int allowed(UnixThread thread, OpenFile file, int length) throws ErrnoException, IOException {
        if (unlimited(thread) || !(file instanceof RegularFile)) {
            return length;
        }
        boolean append = (file.flags() & OpenFlags.O_APPEND) != 0;
        long position = append ? file.status().size() : file.seek(0, OpenFile.SEEK_CUR);
        return allowed(thread, file, position, length);
    }

    /** The same at another position. */
    static int allowed(UnixThread thread, OpenFile file, long position, int length) throws ErrnoException {
        if (unlimited(thread) || !(file instanceof RegularFile) || length == 0) {
            return length;
        }
        return (int) Math.min(length, room(thread, position));
    }

    /** @throws ErrnoException EFBIG: a file may not become as large; SIGXFSZ has been sent */
    static void check(UnixThread thread, long size) throws ErrnoException {
        if (!unlimited(thread) && size > thread.limits().soft(ResourceLimits.FSIZE)) {
            refuse(thread);
        }
    }

    private static boolean unlimited(UnixThread thread) {
        return thread.limits().soft(ResourceLimits.FSIZE) == ResourceLimits.INFINITY;
    }

    private static long room(UnixThread thread, long position) throws ErrnoException {
        long room = thread.limits().soft(ResourceLimits.FSIZE) - position;
        if (room <= 0) {
            refuse(thread);
        }
        return room;
    }

    private static void refuse(UnixThread thread) throws ErrnoException {
        thread.signals().send(
                SignalInfo.from(Signal.SIGXFSZ, Signal.SI_USER, thread.process().id(), thread.kernel().user()));
        throw Errno.EFBIG.exception();
    }
}
