package bundles.unix.provider.proc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import kernel.core.machine.HostText;

/** An open file of {@code /proc}: made when it is first read, and anew when it is read from the start. The monitor guards it. */
public final class ProcFile extends OpenFile {

    private final ProcNode.Text node;
    private final FileStatus status;
    private byte[] content;
    private long position;

    /**
     * @param node what it shows
     * @param status what stat(2) says of it
     * @param flags of open(2)
     */
    public ProcFile(ProcNode.Text node, FileStatus status, int flags) {
        super(flags);
        this.node = node;
        this.status = status;
    }

    @Override
    public FileStatus status() {
        return status;
    }

    private byte[] content(long at) {
        if (content == null || at == 0) {
            content = HostText.bytes(node.content().get());
        }
        return content;
    }

    @Override
    public synchronized int read(Waiter waiter, byte[] to, int offset, int length) throws ErrnoException {
        int count = readAt(position, to, offset, length);
        position += count;
        return count;
    }

    @Override
    public synchronized int readAt(long at, byte[] to, int offset, int length) throws ErrnoException {
        need(OpenFlags.O_RDONLY);
        byte[] now = content(at);
        int count = Math.clamp(now.length - at, 0, length);
        System.arraycopy(now, (int) Math.min(at, now.length), to, offset, count);
        return count;
    }

    @Override
    public synchronized long seek(long offset, int whence) throws ErrnoException {
        long to = offset + (whence == SEEK_CUR ? position : 0);
        if (whence == SEEK_END || to < 0) {
            throw Errno.EINVAL.exception();
        }
        position = to;
        return to;
    }
}
