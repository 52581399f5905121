package bundles.unix.provider.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DescriptorsTest {

    private final Descriptors table = new Descriptors(4);

    private static final class Probe extends OpenFile {
        int closed;

        Probe() {
            super(0);
        }

        @Override
        public FileStatus status() {
            return FileStatus.ofSpecial(0, 0, 0);
        }

        @Override
        protected void close() {
            closed++;
        }
    }

    @Test
    void theLowestFreeNumberIsGiven() throws ErrnoException, IOException {
        assertEquals(0, table.add(new Probe(), false));
        assertEquals(1, table.add(new Probe(), true));
        assertEquals(3, table.add(new Probe(), 3, false));
        assertEquals(2, table.add(new Probe(), false));
        assertSame(Errno.EMFILE, assertThrows(ErrnoException.class, () -> table.add(new Probe(), false)).errno());
        table.close(1);
        assertEquals(1, table.add(new Probe(), false));
        assertFalse(table.closeOnExec(1));
    }

    @Test
    void aFileIsClosedWithItsLastDescriptor() throws ErrnoException, IOException {
        var file = new Probe();
        table.add(file, false);
        table.replace(2, file, true);
        assertTrue(table.closeOnExec(2));
        table.close(0);
        assertEquals(0, file.closed);
        table.replace(2, new Probe(), false);
        assertEquals(1, file.closed);
        table.release();
        assertEquals(1, file.closed);
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        for (long descriptor : new long[]{-1, 0, 5, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertSame(Errno.EBADF, assertThrows(ErrnoException.class, () -> table.get(descriptor)).errno());
            assertSame(Errno.EBADF, assertThrows(ErrnoException.class, () -> table.close(descriptor)).errno());
        }
        assertSame(Errno.EBADF, assertThrows(ErrnoException.class, () -> table.replace(4, new Probe(), false)).errno());
    }
}
