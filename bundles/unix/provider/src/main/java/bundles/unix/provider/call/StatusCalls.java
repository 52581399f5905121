package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** statx(2). */
final class StatusCalls {

    /** linux/stat.h and linux/fcntl.h. */
    private static final int STATX_BASIC_STATS = 0x7FF;
    private static final long STATX_RESERVED = 0x80000000L, AT_NO_AUTOMOUNT = 0x800, AT_STATX_SYNC_TYPE = 0x6000;
    private static final long FLAGS = OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT
            | AT_STATX_SYNC_TYPE;
    private static final int SIZE = 256, BLOCK = 4096;
    private static final long SECOND = 1_000_000_000L;

    private StatusCalls() {}

    static List<Call> calls() {
        return List.of(partly(522, "statx", "fsxxx", "no time of birth, no attributes", StatusCalls::statx));
    }

    private static long statx(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(2) & 0xFFFFFFFFL;
        if ((flags & ~FLAGS) != 0 || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE
                || (context.argument(3) & STATX_RESERVED) != 0) {
            throw Errno.EINVAL.exception();
        }
        long descriptor = context.argument(0);
        long nameAt = context.argument(1);
        boolean file = (flags & OpenFlags.AT_EMPTY_PATH) != 0 && (int) descriptor != OpenFlags.AT_FDCWD
                && thread.memory().readPath(nameAt).isEmpty();
        FileStatus status = file
                ? thread.file(descriptor).status()
                : PathCalls.status(thread, descriptor, nameAt, (flags & OpenFlags.AT_SYMLINK_NOFOLLOW) == 0, flags);
        thread.memory().write(context.argument(4), struct(status));
        return 0;
    }

    /** {@code struct statx} of linux/stat.h. */
    private static ByteBuffer struct(FileStatus status) {
        ByteBuffer to = UserMemory.struct(SIZE);
        to.putInt(0, STATX_BASIC_STATS).putInt(4, BLOCK).putInt(16, status.links()).putInt(20, status.user())
                .putInt(24, status.group()).putShort(28, (short) status.mode()).putLong(32, status.inode())
                .putLong(40, status.size()).putLong(48, status.blocks());
        putTime(to, 64, status.accessed());
        putTime(to, 96, status.changed());
        putTime(to, 112, status.modified());
        to.putInt(128, major(status.special())).putInt(132, minor(status.special()));
        return to.putInt(136, major(status.device())).putInt(140, minor(status.device()));
    }

    private static void putTime(ByteBuffer to, int at, long time) {
        to.putLong(at, Math.floorDiv(time, SECOND)).putInt(at + 8, (int) Math.floorMod(time, SECOND));
    }

    /** makedev(3). */
    private static int major(long device) {
        return (int) (device >> 8 & 0xFFF | device >> 32 & ~0xFFFL);
    }

    private static int minor(long device) {
        return (int) (device & 0xFF | device >> 12 & ~0xFFL);
    }
}
