package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import kernel.core.machine.DirectFile;
import kernel.core.machine.FileStatuses;
import kernel.ext.vm.api.Pager;

/**
 * An open regular file. The position is kept here; this object's monitor guards it and the channel's own, so that reads and
 * writes of several threads do not take the same bytes (POSIX: thread interactions with regular file operations). Those at a given
 * position need it only where the channel has no such thing.
 */
public final class RegularFile extends OpenFile {

    private static final int HOST_PAGE = 4096;

    private final SeekableByteChannel channel;
    private final Path path;
    private final FileStatus opened;
    private long position;
    /** Who watches files; null: nobody is to hear of this one. */
    private Notices notices;

    /**
     * @param channel open as the flags say, but not for appending: that is done here
     * @param path where it was opened
     * @param opened its status then
     * @param flags of open(2)
     */
    public RegularFile(SeekableByteChannel channel, Path path, FileStatus opened, int flags) {
        super(flags);
        this.channel = channel;
        this.path = path;
        this.opened = opened;
    }

    /** What is done to it is told from now on, beginning with its having been opened. Before others have it. */
    public void tell(Notices to) {
        notices = to;
        to.changed(path, opened, Notices.OPEN);
    }

    private void changed(int happened) {
        if (notices != null && (happened == Notices.MODIFY || !notices.none())) {
            notices.changed(path, opened, happened);
        }
    }

    @Override
    public Pager ahead(Pager pager) {
        return notices == null ? pager : Pager.ahead(pager, () -> notices.version(opened));
    }

    @Override
    public Path path() {
        return path;
    }

    /**
     * What the channel tells of itself, if it does. Else the status at the path as long as that is still this file; or what was known when it
     * was opened, and the size.
     */
    @Override
    public FileStatus status() throws IOException {
        if (channel instanceof FileStatuses.Open open) {
            return FileStatus.of(open.status());
        }
        try {
            FileStatus now = HostFiles.status(path, true);
            if (now.inode() == opened.inode() && now.device() == opened.device()) {
                return now;
            }
        } catch (IOException e) {
            // The name is gone; the file is not.
        }
        return opened.withSize(channel.size()).unlinked();
    }

    @Override
    public boolean identified() {
        return true;
    }

    @Override
    public FileStatus identity() {
        return opened;
    }

    @Override
    public synchronized int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        int got = readAt(position, to, offset, length);
        position += got;
        return got;
    }

    @Override
    public int readNow(UserMemory memory, long at, long address, int length) {
        if (!(channel instanceof DirectFile file) || (flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_WRONLY) {
            return unfinished(0);
        }
        if (at >= 0) {
            return finished(memory.readNow(file, at, address, length), length, at);
        }
        synchronized (this) {
            int got = finished(memory.readNow(file, position, address, length), length, position);
            position += got < 0 ? unfinished(got) : got;
            return got;
        }
    }

    /** The host has files in pages, the smallest of which is this long. */
    private static int finished(int got, int length, long at) {
        return got == length || got >= 0 && (at + got & HOST_PAGE - 1) != 0 ? got : unfinished(Math.max(0, got));
    }

    @Override
    public synchronized int write(Waiter waiter, byte[] from, int offset, int length)
            throws IOException, ErrnoException {
        if ((flags() & OpenFlags.O_APPEND) != 0) {
            position = channel.size();
        }
        int put = writeAt(position, from, offset, length);
        position += put;
        return put;
    }

    @Override
    public int readAt(long at, byte[] to, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_RDONLY);
        var buffer = ByteBuffer.wrap(to, offset, length);
        return channel instanceof FileChannel file ? Math.max(0, file.read(buffer, at)) : readFrom(at, buffer);
    }

    /** Reads by the channel's position, which this object's monitor guards. */
    private synchronized int readFrom(long at, ByteBuffer buffer) throws IOException {
        channel.position(at);
        int total = 0;
        while (buffer.hasRemaining()) {
            int got = channel.read(buffer);
            if (got <= 0) {
                break;
            }
            total += got;
        }
        return total;
    }

    @Override
    public int writeAt(long at, byte[] from, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_WRONLY);
        var buffer = ByteBuffer.wrap(from, offset, length);
        int put = channel instanceof FileChannel file ? file.write(buffer, at) : writeTo(at, buffer);
        changed(Notices.MODIFY);
        return put;
    }

    private synchronized int writeTo(long at, ByteBuffer buffer) throws IOException {
        channel.position(at);
        return channel.write(buffer);
    }

    @Override
    public synchronized long seek(long offset, int whence) throws IOException, ErrnoException {
        long base = switch (whence) {
            case SEEK_SET -> 0;
            case SEEK_CUR -> position;
            case SEEK_END -> channel.size();
            case SEEK_DATA, SEEK_HOLE -> {
                if (offset < 0 || offset >= channel.size()) {
                    throw Errno.ENXIO.exception();
                }
                // java.nio does not tell where a file has holes: it is all data, and a hole at its end (lseek(2)).
                yield whence == SEEK_DATA ? 0 : channel.size() - offset;
            }
            default -> throw Errno.EINVAL.exception();
        };
        long to = base + offset;
        if (to < 0) {
            throw (offset > 0 ? Errno.EOVERFLOW : Errno.EINVAL).exception();
        }
        position = to;
        return to;
    }

    @Override
    public synchronized void truncate(long size) throws IOException, ErrnoException {
        if ((flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY || size < 0) {
            throw Errno.EINVAL.exception();
        }
        resize(channel, size);
        changed(Notices.MODIFY);
    }

    /** Sets the size of what a channel writes to; grows it with zero bytes. */
    public static void resize(SeekableByteChannel channel, long size) throws IOException {
        if (size > channel.size()) {
            channel.position(size - 1);
            channel.write(ByteBuffer.wrap(new byte[1]));
        } else {
            channel.truncate(size);
        }
    }

    @Override
    public void force() throws IOException {
        if (channel instanceof FileChannel file) {
            file.force(true);
        }
    }

    @Override
    protected void close() throws IOException {
        channel.close();
        changed((flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY ? Notices.CLOSE_NOWRITE : Notices.CLOSE_WRITE);
    }
}
