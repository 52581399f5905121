package bundles.unix.provider.file;

import bundles.unix.api.FolderEntries;
import bundles.unix.api.PathLookup;
import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An open directory. Its entries are those that it has when the first is asked for, or after a seek to 0.
 * Thread-safe: the monitor guards the position. */
public class Directory extends OpenFile {

    private static final int HEADER = 19;

    private final Path path;
    private final SpecialNodes nodes;
    private final PathLookup lookup;
    private final FolderEntries lister;
    private List<String> entries;
    private int position;

    /**
     * @param path where it is
     * @param flags of open(2)
     * @param nodes what is in it and not what it looks like
     * @param lookup finds its entries
     * @param lister lists them
     */
    public Directory(Path path, int flags, SpecialNodes nodes, PathLookup lookup, FolderEntries lister) {
        super(flags);
        this.lookup = lookup;
        this.lister = lister;
        this.nodes = nodes;
        this.path = path;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Directory directory() {
        return this;
    }

    @Override
    public FileStatus status() throws IOException {
        return HostFiles.status(path, true);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws ErrnoException {
        throw Errno.EISDIR.exception();
    }

    @Override
    public int readAt(long at, byte[] to, int offset, int length) throws ErrnoException {
        throw Errno.EISDIR.exception();
    }

    @Override
    public synchronized long seek(long offset, int whence) throws ErrnoException {
        long to = offset + (whence == SEEK_CUR ? position : 0);
        if (whence == SEEK_END || to < 0 || to > Integer.MAX_VALUE) {
            throw Errno.EINVAL.exception();
        }
        if (to == 0) {
            entries = null;
        }
        position = (int) to;
        return to;
    }

    /** That a name was made, changed or removed outlives the host, too, where its directories can be opened like files. */
    @Override
    public void force() throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        try (var channel = Files.newByteChannel(path)) {
            if (channel instanceof FileChannel file) {
                file.force(true);
            }
        }
    }

    /**
     * The next entries as {@code struct linux_dirent64} (getdents64(2)).
     *
     * @param size bytes that there is room for
     * @return the records, ready to be read; empty at the end
     * @throws ErrnoException EINVAL: not even one fits
     */
    public synchronized ByteBuffer next(int size) throws IOException, ErrnoException {
        if (entries == null) {
            entries = list();
        }
        ByteBuffer to = UserMemory.struct(Math.min(size, 64 * 1024));
        while (position < entries.size()) {
            String name = entries.get(position);
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int length = HEADER + bytes.length + 1 + 7 & -8;
            if (length > to.remaining()) {
                if (to.position() == 0) {
                    throw Errno.EINVAL.exception();
                }
                break;
            }
            put(to, name, bytes, length);
            position++;
        }
        return to.flip();
    }

    private void put(ByteBuffer to, String name, byte[] bytes, int length) {
        long inode = 1;
        int type = 0;
        try {
            FileStatus status = entry(name);
            inode = Math.max(1, status.inode());
            type = status.mode() >> 12 & 15;
        } catch (IOException e) {
            // Removed meanwhile, or not ours to see: its type stays unknown (DT_UNKNOWN), as readdir(3) allows.
        }
        int start = to.position();
        to.putLong(inode).putLong(position + 1L).putShort((short) length).put((byte) type).put(bytes);
        while (to.position() < start + length) {
            to.put((byte) 0);
        }
    }

    /** Status of one of its entries, as it is told with its name. */
    protected FileStatus entry(String name) throws IOException {
        return nodes.status(lookup.find(path.resolve(name), Purpose.LOOK), false);
    }

    /** Its entries' names. */
    protected List<String> list() throws IOException {
        List<String> names = new ArrayList<>(List.of(".", ".."));
        names.addAll(lister.list(path));
        return names;
    }
}
