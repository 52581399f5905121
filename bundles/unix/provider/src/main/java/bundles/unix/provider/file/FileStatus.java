package bundles.unix.provider.file;

import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import kernel.core.machine.FileStatuses;

/**
 * What stat(2) tells about a file.
 *
 * @param device number of the device that holds it
 * @param inode its number there
 * @param mode type and permissions
 * @param links hard links
 * @param user owner
 * @param group group
 * @param special device number, for a device
 * @param size bytes
 * @param accessed nanoseconds since 1970
 * @param modified nanoseconds since 1970
 * @param changed nanoseconds since 1970
 */
public record FileStatus(long device, long inode, int mode, int links, int user, int group, long special, long size,
        long accessed, long modified, long changed) {

    /** Types in {@link #mode} (linux/stat.h), and their mask. */
    public static final int S_IFMT = 0170000, S_IFIFO = 0010000, S_IFCHR = 0020000, S_IFDIR = 0040000,
            S_IFREG = 0100000,
            S_IFLNK = 0120000, S_IFSOCK = 0140000, S_IFBLK = 0060000;

    private static final int BLOCK = 4096;
    private static final long SECOND = 1_000_000_000L;

    /** Status that the machine told. */
    public static FileStatus of(FileStatuses.Status s) {
        return new FileStatus(s.device(), s.inode(), s.mode(), s.links(), s.user(), s.group(), s.special(), s.size(),
                s.accessed(), s.modified(), s.changed());
    }

    /** Status of something that is on no device: a pipe, a stream, a device of the kernel's. */
    public static FileStatus ofSpecial(int mode, long special, long inode) {
        return new FileStatus(11, inode, mode, 1, 0, 0, special, 0, 0, 0, 0);
    }

    /** The same with another size. */
    public FileStatus withSize(long newSize) {
        return new FileStatus(device, inode, mode, links, user, group, special, newSize, accessed, modified, changed);
    }

    /** The same as a file of another type. */
    public FileStatus withType(int type) {
        return new FileStatus(device, inode, mode & ~S_IFMT | type, links, user, group, special, size, accessed,
                modified, changed);
    }

    /** The same without a name. */
    public FileStatus unlinked() {
        return new FileStatus(device, inode, mode, 0, user, group, special, size, accessed, modified, changed);
    }

    /** Whether it is of a type. */
    public boolean is(int type) {
        return (mode & S_IFMT) == type;
    }

    /** As {@code struct stat64} of asm/stat.h. */
    public ByteBuffer stat64() {
        ByteBuffer to = UserMemory.struct(136);
        to.putLong(device).putLong(inode).putLong(special).putLong(size).putLong(blocks());
        to.putInt(mode).putInt(user).putInt(group).putInt(BLOCK).putInt(links).putInt(0);
        putTime(to, accessed);
        putTime(to, modified);
        putTime(to, changed);
        return to;
    }

    /** As {@code struct stat} of asm/stat.h. */
    public ByteBuffer stat() {
        ByteBuffer to = UserMemory.struct(80);
        to.putInt((int) device).putInt((int) inode).putInt(mode).putInt(links).putInt(user).putInt(group);
        to.putInt((int) special).putInt(0).putLong(size);
        to.putLong(Math.floorDiv(accessed, SECOND)).putLong(Math.floorDiv(modified, SECOND));
        to.putLong(Math.floorDiv(changed, SECOND)).putInt(BLOCK).putInt((int) blocks());
        return to;
    }

    /** Blocks of 512 bytes; the host's file systems do not tell how many are really used. */
    public long blocks() {
        return (size + BLOCK - 1) / BLOCK * (BLOCK / 512);
    }

    private static void putTime(ByteBuffer to, long time) {
        to.putLong(Math.floorDiv(time, SECOND)).putLong(Math.floorMod(time, SECOND));
    }
}
