package bundles.unix.provider.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MappedFilesTest {

    /** A file that has no contents. */
    private static final class Empty extends OpenFile {

        private final int inode;

        Empty(int inode) {
            super(0);
            this.inode = inode;
        }

        @Override
        public boolean identified() {
            return inode > 0;
        }

        @Override
        public FileStatus status() {
            return FileStatus.ofSpecial(0600, 0, inode);
        }
    }

    private final MappedFiles files = new MappedFiles();

    private static List<OpenFile> closed(List<OpenFile> all) {
        return all.stream().filter(OpenFile::closed).toList();
    }

    @Test
    void filesAreLetGoOfWhenNoPagesOfThemAreLeft() throws Exception {
        List<OpenFile> all = new ArrayList<>();
        List<Pager> pages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var file = new Empty(i);
            all.add(file);
            pages.add(files.pager(file, 0));
            file.release(); // the program has closed it
        }
        assertEquals(List.of(), closed(all));
        Pager kept = pages.get(3);
        pages.clear();
        while (closed(all).size() < 9) {
            System.gc();
            Thread.sleep(10);
            var another = new Empty(10);
            files.pager(another, 0);
            another.release();
        }
        assertFalse(all.get(3).closed());
        assertTrue(all.get(3).retainOpen());
        assertFalse(all.get(0).retainOpen(), "nobody opens again what is closed");
        Reference.reachabilityFence(kept);
    }

    @Test
    void aFileIsOpenOnceHoweverManyMapIt() throws Exception {
        var first = new Empty(1);
        Pager one = files.pager(first, 0);
        first.release();
        List<Pager> pages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var again = new Empty(1);
            pages.add(files.pager(again, 8192L * i));
            again.release();
            assertTrue(again.closed());
        }
        assertFalse(first.closed());
        var unknown = new Empty(0);
        pages.add(files.pager(unknown, 0));
        unknown.release();
        assertFalse(unknown.closed());
        Reference.reachabilityFence(one);
        Reference.reachabilityFence(pages);
    }
}
