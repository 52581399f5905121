package hw.alpha.host;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class HostFileTest {

    private static final int SIZE = 200_000;

    @TempDir
    Path folder;
    private Path path;
    private final byte[] contents = new byte[SIZE];

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(contents);
        path = Files.write(folder.resolve("file"), contents);
    }

    private FileChannel open(OpenOption... options) throws IOException {
        return assertInstanceOf(HostFile.class, HostFile.open(path, Set.of(options)));
    }

    @Test
    void readsAtAPositionAndFromItsOwn() throws IOException {
        try (var file = open(READ)) {
            var all = ByteBuffer.allocate(SIZE + 1);
            assertEquals(SIZE, file.read(all, 0), "more than one transfer of the host's");
            assertArrayEquals(contents, java.util.Arrays.copyOf(all.array(), SIZE));
            assertEquals(0, file.position());
            var direct = ByteBuffer.allocateDirect(100);
            assertEquals(100, file.position(7).read(direct));
            assertEquals(107, file.position());
            assertEquals(contents[106], direct.get(99));
            assertEquals(-1, file.read(ByteBuffer.allocate(1), SIZE));
            assertEquals(0, file.read(ByteBuffer.allocate(0), SIZE));
            var inside = ByteBuffer.wrap(new byte[10], 2, 3);
            assertEquals(3, file.read(inside, 5));
            assertEquals(contents[7], inside.array()[4]);
            assertEquals(0, inside.array()[5]);
        }
    }

    @Test
    void writesSeenByOthersAndSize() throws IOException {
        try (var file = open(READ, WRITE)) {
            var large = ByteBuffer.allocateDirect(150_000);
            for (int i = 0; i < 150_000; i++) {
                large.put((byte) i);
            }
            assertEquals(150_000, file.write(large.flip(), SIZE));
            assertFalse(large.hasRemaining());
            assertEquals(SIZE + 150_000, file.size());
            assertEquals(3, file.write(ByteBuffer.wrap(new byte[]{0, 1, 2, 3, 4}, 1, 3)));
            file.force(true);
            file.force(false);
            file.truncate(SIZE + 10);
            file.truncate(SIZE + 20);
            byte[] now = Files.readAllBytes(path);
            assertEquals(SIZE + 10, now.length);
            assertArrayEquals(new byte[]{1, 2, 3}, java.util.Arrays.copyOf(now, 3));
            assertEquals(9, now[SIZE + 9]);
        }
    }

    @Test
    void scattersAndGathers() throws IOException {
        try (var file = open(READ, WRITE)) {
            var from = new ByteBuffer[]{ByteBuffer.wrap(new byte[]{1, 2}), ByteBuffer.wrap(new byte[]{3})};
            assertEquals(3, file.write(from, 0, 2));
            file.position(0);
            var to = new ByteBuffer[]{ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
            assertEquals(3, file.read(to, 0, 2));
            assertEquals(3, to[1].get(1));
            assertEquals(-1, file.position(SIZE).read(new ByteBuffer[]{ByteBuffer.allocate(1)}, 0, 1));
        }
    }

    @Test
    void doesOnlyWhatItIsOpenFor() throws IOException {
        try (var file = open(READ)) {
            assertThrows(NonWritableChannelException.class, () -> file.write(ByteBuffer.allocate(1), 0));
            assertThrows(NonWritableChannelException.class, () -> file.truncate(0));
        }
        try (var file = open(WRITE, TRUNCATE_EXISTING)) {
            assertThrows(NonReadableChannelException.class, () -> file.read(ByteBuffer.allocate(1), 0));
            assertEquals(0, file.size());
        }
    }

    @Test
    void javaNioSaysWhyAFileCannotBeOpenedAndOpensTheRest() throws IOException {
        path = folder.resolve("none");
        assertThrows(NoSuchFileException.class, () -> open(READ));
        path = Files.createFile(folder.resolve("appended"));
        try (var file = HostFile.open(path, Set.of(WRITE, APPEND))) {
            assertNotEquals(HostFile.class, file.getClass());
        }
    }

    @Test
    void errorsAreTheHosts() throws IOException {
        path = folder;
        try (var file = open(READ)) {
            var e = assertThrows(IOException.class, () -> file.read(ByteBuffer.allocate(1), 0));
            assertEquals("Is a directory", e.getMessage());
        }
    }

    @Test
    void isNotClosedByAnInterruptButByClose() throws IOException {
        var file = open(READ);
        Thread.currentThread().interrupt();
        assertEquals(4, file.read(ByteBuffer.allocate(4), 0));
        assertEquals(true, Thread.interrupted());
        file.close();
        file.close();
        assertThrows(ClosedChannelException.class, () -> file.read(ByteBuffer.allocate(4), 0));
        assertThrows(ClosedChannelException.class, file::size);
    }
}
