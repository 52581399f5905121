package bundles.unix.provider.file;

import bundles.unix.api.FolderEntries;
import bundles.unix.api.PathLookup;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A place in the tree of files and nothing more (open(2), O_PATH): to start paths from, and to ask about. Immutable. */
public final class PathFile extends OpenFile {

    private final Path path;
    private final SpecialNodes nodes;
    private final boolean follow;
    private final PathLookup lookup;
    private final FolderEntries lister;

    /**
     * @param path where it is
     * @param follow whether a symbolic link there is followed
     * @param nodes what is there and not what it looks like
     * @param lookup finds what is in it, if it is a directory
     * @param lister lists that
     */
    public PathFile(Path path, boolean follow, SpecialNodes nodes, PathLookup lookup, FolderEntries lister) {
        super(OpenFlags.O_PATH);
        this.lookup = lookup;
        this.lister = lister;
        this.path = path;
        this.nodes = nodes;
        this.follow = follow;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public FileStatus status() throws IOException {
        return nodes.status(path, follow);
    }

    @Override
    public Directory directory() throws ErrnoException {
        try {
            if (!status().is(FileStatus.S_IFDIR)) {
                throw Errno.ENOTDIR.exception();
            }
        } catch (IOException e) {
            throw Errno.ENOENT.exception();
        }
        return new Directory(path, 0, nodes, lookup, lister) {
            @Override
            public ByteBuffer next(int size) throws ErrnoException {
                throw Errno.EBADF.exception();
            }
        };
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) throws ErrnoException {
        throw Errno.EBADF.exception();
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) throws ErrnoException {
        throw Errno.EBADF.exception();
    }

    @Override
    public long seek(long offset, int whence) throws ErrnoException {
        throw Errno.EBADF.exception();
    }

    @Override
    public void truncate(long size) throws ErrnoException {
        throw Errno.EBADF.exception();
    }

    @Override
    public void force() throws ErrnoException {
        throw Errno.EBADF.exception();
    }

    @Override
    public Terminal terminal() throws ErrnoException {
        throw Errno.EBADF.exception();
    }

    @Override
    public int events() {
        return Events.INVALID;
    }
}
