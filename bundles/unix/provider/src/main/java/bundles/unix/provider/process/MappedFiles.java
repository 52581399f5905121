package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.Pager;

/**
 * Files that processes have mapped for themselves (MAP_PRIVATE). A mapping is split, moved, copied by fork and taken away in parts, and nobody
 * tells when its last page is gone; so its file stays open until the pager cannot be reached any more, which is found when the next file is
 * mapped. All that map one file do so through the first one's opening of it, so that no more files are open than different ones were mapped,
 * however long the virtual machine's collector takes. Thread-safe: the monitor guards all of it; a pager takes no lock of this.
 */
final class MappedFiles {

    /** Which file it is. */
    private record Key(long device, long inode) {

        static Key of(FileStatus status) {
            return new Key(status.device(), status.inode());
        }
    }

    /** A file that is open for its pagers; its key is null if it may not be told from others. */
    private static final class Mapped {
        private final Key key;
        private final OpenFile file;
        private int pagers;

        Mapped(Key key, OpenFile file) {
            this.key = key;
            this.file = file;
        }
    }

    /** Tells of a pager that is gone. */
    private static final class Kept extends PhantomReference<Pager> {
        private final Mapped mapped;

        Kept(Pager pager, Mapped mapped, ReferenceQueue<Pager> gone) {
            super(pager, gone);
            this.mapped = mapped;
        }
    }

    /** Reads pages of a file. The file is open as long as this can be reached, so it can be until the read has ended. */
    private record FilePager(OpenFile file, long start) implements Pager {

        @Override
        public void fill(long offset, Frame frame) throws IOException {
            byte[] page = new byte[Layout.PAGE];
            try {
                int got = file.readAt(start + offset, page, 0, page.length);
                if (got == 0) {
                    throw new IOException("beyond the end of the file");
                }
                frame.write(0, page, 0, got);
            } catch (ErrnoException e) {
                throw new IOException(e);
            } finally {
                Reference.reachabilityFence(this);
            }
        }
    }

    private final ReferenceQueue<Pager> gone = new ReferenceQueue<>();
    private final Set<Kept> kept = new HashSet<>();
    private final Map<Key, Mapped> files = new HashMap<>();

    /** Pages of a file from a position on; the file stays open for them. */
    synchronized Pager pager(OpenFile file, long start) throws ErrnoException, IOException {
        letGo();
        Key key = file.identified() ? Key.of(file.identity()) : null;
        Mapped mapped = key == null ? null : files.get(key);
        if (mapped == null) {
            file.retain();
            mapped = new Mapped(key, file);
            if (key != null) {
                files.put(key, mapped);
            }
        }
        mapped.pagers++;
        Pager pager = new FilePager(mapped.file, start);
        kept.add(new Kept(pager, mapped, gone));
        return mapped.file.ahead(pager);
    }

    private void letGo() {
        for (Reference<? extends Pager> one = gone.poll(); one != null; one = gone.poll()) {
            Kept last = (Kept) one;
            kept.remove(last);
            if (--last.mapped.pagers == 0) {
                files.remove(last.mapped.key, last.mapped);
                close(last.mapped.file);
            }
        }
    }

    private static void close(OpenFile file) {
        try {
            file.release();
        } catch (IOException e) {
            System.getLogger(MappedFiles.class.getName()).log(System.Logger.Level.DEBUG, "a file cannot be closed", e);
        }
    }
}
