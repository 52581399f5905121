package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.Pager;

/**
 * Files that processes have mapped for themselves (MAP_PRIVATE). A mapping is split, moved, copied by fork and taken away in parts, and nobody
 * tells when its last page is gone; so its file stays open until the pager cannot be reached any more, which is found when the next file is
 * mapped. Thread-safe: a concurrent set and the queue of the virtual machine.
 */
final class MappedFiles {

    /** A file that is let go of when its pager is gone. */
    private static final class Kept extends PhantomReference<Pager> {
        private final OpenFile file;

        Kept(Pager pager, OpenFile file, ReferenceQueue<Pager> gone) {
            super(pager, gone);
            this.file = file;
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
    private final Set<Kept> kept = ConcurrentHashMap.newKeySet();

    /** Pages of a file from a position on; the file stays open for them. */
    Pager pager(OpenFile file, long start) {
        letGo();
        file.retain();
        Pager pager = new FilePager(file, start);
        kept.add(new Kept(pager, file, gone));
        return file.ahead(pager);
    }

    private void letGo() {
        for (Reference<? extends Pager> one = gone.poll(); one != null; one = gone.poll()) {
            Kept last = (Kept) one;
            kept.remove(last);
            try {
                last.file.release();
            } catch (IOException e) {
                System.getLogger(MappedFiles.class.getName()).log(System.Logger.Level.DEBUG, "a file cannot be closed",
                        e);
            }
        }
    }
}
