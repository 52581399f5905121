package bundles.unix.provider.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.HostPaths;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostFilesTest {

    private static final HostPaths PATHS = new HostPaths();

    @TempDir
    Path folder;

    @Test
    void exceptionsBecomeErrors() {
        assertSame(Errno.ENOENT, FileErrors.of(new NoSuchFileException("f")).errno());
        assertSame(Errno.EEXIST, FileErrors.of(new FileAlreadyExistsException("f")).errno());
        assertSame(Errno.EACCES, FileErrors.of(new AccessDeniedException("f")).errno());
        assertSame(Errno.ENOTEMPTY, FileErrors.of(new DirectoryNotEmptyException("f")).errno());
        assertSame(Errno.ENOTDIR, FileErrors.of(new NotDirectoryException("f")).errno());
        assertSame(Errno.EBADF, FileErrors.of(new ClosedChannelException()).errno());
        assertSame(Errno.EXDEV, FileErrors.of(new FileSystemException("a", "b", "Invalid cross-device link")).errno());
        assertSame(Errno.ENAMETOOLONG, FileErrors.of(new FileSystemException("a", null, "File name too long")).errno());
        assertSame(Errno.ENOSPC, FileErrors.of(new IOException("No space left on device")).errno());
        assertSame(Errno.EPIPE, FileErrors.of(new IOException("Broken pipe")).errno());
        assertSame(Errno.EIO, FileErrors.of(new IOException("what?")).errno());
        assertSame(Errno.EIO, FileErrors.of(new IOException()).errno());
        assertSame(Errno.EROFS, FileErrors.of(new ReadOnlyFileSystemException()).errno());
        assertNull(FileErrors.of(new NullPointerException()));
    }

    @Test
    void pathsAreResolvedAsUnixDoes() throws ErrnoException, IOException {
        assertEquals(folder.resolve("a/b"), HostFiles.resolve(folder, "a//b"));
        assertEquals(Path.of("/x"), HostFiles.resolve(folder, "/x"));
        assertEquals(folder.resolve("a/."), HostFiles.resolve(folder, "a/"));
        assertEquals(folder.resolve("a"), HostFiles.entry(HostFiles.resolve(folder, "a/")));
        assertEquals(Path.of("/"), HostFiles.resolve(folder, "/"));
        assertEquals(folder.resolve("../x"), HostFiles.resolve(folder, "../x"));
        assertError(Errno.ENOENT, "");
        assertError(Errno.ENAMETOOLONG, "x".repeat(256));
        Files.createFile(folder.resolve("file"));
        assertThrows(NotDirectoryException.class, () -> HostFiles.status(folder.resolve("file/x"), true));
        assertThrows(NoSuchFileException.class, () -> HostFiles.status(folder.resolve("none/x"), true));
    }

    private void assertError(Errno errno, String name) {
        assertSame(errno, assertThrows(ErrnoException.class, () -> HostFiles.resolve(folder, name)).errno());
    }

    @Test
    void statusHasTheLayoutOfStat64() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[5000]);
        FileStatus status = HostFiles.status(file, true);
        assertTrue(status.is(FileStatus.S_IFREG));
        ByteBuffer stat = status.stat64();
        assertEquals(136, stat.capacity());
        assertEquals(status.inode(), stat.getLong(8));
        assertEquals(5000, stat.getLong(24));
        assertEquals(16, stat.getLong(32));
        assertEquals(status.mode(), stat.getInt(40));
        assertEquals(1, stat.getInt(56));
        assertEquals(status.modified() / 1_000_000_000, stat.getLong(80));
    }

    @Test
    void directoriesAreListedInPieces() throws IOException, ErrnoException {
        Set<String> expected = new HashSet<>(Set.of(".", ".."));
        for (int i = 0; i < 50; i++) {
            Files.createFile(folder.resolve("file-" + i));
            expected.add("file-" + i);
        }
        var directory = new Directory(folder, 0, new SpecialNodes(), PATHS, PATHS);
        Set<String> names = new HashSet<>();
        ByteBuffer entries;
        while ((entries = directory.next(100)).hasRemaining()) {
            while (entries.hasRemaining()) {
                int start = entries.position();
                int length = entries.getShort(start + 16);
                assertEquals(0, length % 8);
                int end = start + 19;
                while (entries.get(end) != 0) {
                    end++;
                }
                assertTrue(names.add(new String(entries.array(), start + 19, end - start - 19)));
                entries.position(start + length);
            }
        }
        assertEquals(expected, names);
        assertSame(Errno.EINVAL,
                assertThrows(ErrnoException.class,
                        () -> new Directory(folder, 0, new SpecialNodes(), PATHS, PATHS).next(10))
                        .errno());
    }
}
