package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.Directory;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kernel.core.machine.UserContext;

/** Calls of OSF/1 about files that Linux/Alpha has kept, with structures of OSF/1's (arch/alpha/kernel/osf_sys.c). */
final class OsfFileCalls {

    private static final int BLOCK = 4096, STAT = 160, STATFS = 40;
    /** Of the later structure: its bytes, and where its numbers are. */
    private static final int STATFS64 = 512, NUMBERS = 456;
    /** Of {@code struct linux_dirent64} and of OSF/1's entry, before the name. */
    private static final int LINUX_HEADER = 19, OSF_HEADER = 8;
    private static final long SECOND = 1_000_000_000L, MICROSECOND = 1000;
    private static final String MADE_UP = "numbers of files are made up";

    private OsfFileCalls() {}

    static List<Call> calls() {
        return List.of(full(224, "osf_stat", "sx", (t, c) -> named(t, c, true)),
                full(225, "osf_lstat", "sx", (t, c) -> named(t, c, false)),
                full(226, "osf_fstat", "fx", (t, c) -> put(t, c, t.file(c.argument(0)).status())),
                partly(160, "osf_statfs", "sxd", MADE_UP,
                        (t, c) -> store(t, c, Paths.path(t, c.argument(0), Purpose.LOOK))),
                partly(161, "osf_fstatfs", "fxd", MADE_UP,
                        (t, c) -> store(t, c, PathCalls.pathOf(t, c.argument(0)))),
                partly(227, "osf_statfs64", "sxd", MADE_UP,
                        (t, c) -> storeWide(t, c, Paths.path(t, c.argument(0), Purpose.LOOK))),
                partly(228, "osf_fstatfs64", "fxd", MADE_UP,
                        (t, c) -> storeWide(t, c, PathCalls.pathOf(t, c.argument(0)))),
                full(159, "osf_getdirentries", "fxdx", OsfFileCalls::entries),
                full(138, "osf_utimes", "sx", OsfFileCalls::times));
    }

    private static long named(UnixThread thread, UserContext context, boolean follow)
            throws ErrnoException, IOException {
        return put(thread, context, PathCalls.status(thread, OpenFlags.AT_FDCWD, context.argument(0), follow, 0));
    }

    private static long put(UnixThread thread, UserContext context, FileStatus status) throws ErrnoException {
        ByteBuffer to = UserMemory.struct(STAT);
        to.putInt(0, (int) status.device()).putInt(8, status.mode()).putShort(12, (short) status.links());
        to.putInt(16, status.user()).putInt(20, status.group()).putInt(24, (int) status.special());
        to.putInt(28, (int) status.special()).putLong(32, status.size()).putInt(112, (int) status.inode());
        putTime(to, 120, 44, status.accessed());
        putTime(to, 128, 52, status.modified());
        putTime(to, 136, 60, status.changed());
        thread.memory().write(context.argument(1), to.putLong(144, BLOCK).putLong(152, status.blocks()));
        return 0;
    }

    private static void putTime(ByteBuffer to, int seconds, int microseconds, long time) {
        to.putInt(seconds, (int) Math.floorDiv(time, SECOND));
        to.putInt(microseconds, (int) (Math.floorMod(time, SECOND) / MICROSECOND));
    }

    private static long store(UnixThread thread, UserContext context, Path path) throws ErrnoException, IOException {
        var store = Files.getFileStore(path);
        ByteBuffer to = UserMemory.struct(STATFS).putShort((short) 0xEF53).putShort((short) 0).putInt(BLOCK)
                .putInt(BLOCK);
        to.putInt(blocks(store.getTotalSpace())).putInt(blocks(store.getUnallocatedSpace()));
        to.putInt(blocks(store.getUsableSpace())).putInt(1 << 20).putInt(1 << 19);
        int size = Math.clamp(context.argument(2), 0, STATFS);
        thread.memory().write(context.argument(1), to.array(), 0, size);
        return 0;
    }

    private static long storeWide(UnixThread thread, UserContext context, Path path)
            throws ErrnoException, IOException {
        var store = Files.getFileStore(path);
        ByteBuffer to = UserMemory.struct(STATFS64).putShort(0, (short) 0xEF53).position(NUMBERS).putLong(BLOCK)
                .putLong(BLOCK);
        to.putLong(store.getTotalSpace() / BLOCK).putLong(store.getUnallocatedSpace() / BLOCK);
        to.putLong(store.getUsableSpace() / BLOCK).putLong(1 << 20).putLong(1 << 19);
        int size = Math.clamp(context.argument(2), 0, STATFS64);
        thread.memory().write(context.argument(1), to.array(), 0, size);
        return 0;
    }

    private static int blocks(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / BLOCK);
    }

    private static long entries(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Directory directory = thread.file(context.argument(0)).directory();
        long before = directory.seek(0, Directory.SEEK_CUR);
        // Records of OSF/1 are never longer than those of Linux.
        ByteBuffer from = directory.next(Math.clamp(context.argument(2), 0, 64 * 1024));
        ByteBuffer to = UserMemory.struct(from.remaining());
        for (int at = 0; at < from.limit(); at += from.getShort(at + 16)) {
            int length = 0;
            while (from.get(at + LINUX_HEADER + length) != 0) {
                length++;
            }
            int record = OSF_HEADER + length + 1 + 3 & -4;
            to.putInt((int) from.getLong(at)).putShort((short) record).putShort((short) length);
            to.put(from.array(), at + LINUX_HEADER, length).position(to.position() + record - OSF_HEADER - length);
        }
        thread.memory().write(context.argument(1), to.array(), 0, to.position());
        if (context.argument(3) != 0) {
            thread.memory().writeLong(context.argument(3), before);
        }
        return to.position();
    }

    private static long times(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Path path = Paths.path(thread, context.argument(0), Purpose.CHANGE);
        long now = thread.kernel().clock().realTime();
        if (context.argument(1) == 0) {
            EntryCalls.setTimes(thread, path, now, now, true);
            return 0;
        }
        ByteBuffer times = thread.memory().read(context.argument(1), 16);
        long accessed = time(times);
        EntryCalls.setTimes(thread, path, accessed, time(times), true);
        return 0;
    }

    private static long time(ByteBuffer times) throws ErrnoException {
        long seconds = times.getInt();
        int microseconds = times.getInt();
        if (microseconds < 0 || microseconds >= 1_000_000) {
            throw Errno.EINVAL.exception();
        }
        return seconds * SECOND + microseconds * MICROSECOND;
    }
}
