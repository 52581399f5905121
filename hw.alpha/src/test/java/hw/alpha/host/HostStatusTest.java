package hw.alpha.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.FileStatuses.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Status of the host's files, beside what java.nio tells of them. */
@EnabledOnOs(OS.LINUX)
class HostStatusTest {

    @TempDir
    private Path folder;

    private static Status expected(Path path, LinkOption... links) throws IOException {
        Map<String, Object> all = Files.readAttributes(path, "unix:*", links);
        return new Status((Long) all.get("dev"), (Long) all.get("ino"), (Integer) all.get("mode"),
                (Integer) all.get("nlink"), (Integer) all.get("uid"), (Integer) all.get("gid"), (Long) all.get("rdev"),
                (Long) all.get("size"), nanoseconds(all.get("lastAccessTime")),
                nanoseconds(all.get("lastModifiedTime")), nanoseconds(all.get("ctime")));
    }

    private static long nanoseconds(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }

    @Test
    void tellsWhatJavaTells() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "twelve bytes");
        Files.setLastModifiedTime(file, FileTime.from(1_234_567_890_123_456_789L, TimeUnit.NANOSECONDS));
        Files.createLink(folder.resolve("another name"), file);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertEquals(expected(file), HostStatus.of(file, true));
        assertEquals(expected(file), HostStatus.of(file, false));
        assertEquals(2, HostStatus.of(file, true).links());
        assertEquals(1_234_567_890_123_456_789L, HostStatus.of(file, true).modified());
        assertEquals(expected(folder), HostStatus.of(folder, true));
        assertEquals(expected(file), HostStatus.of(link, true));
        assertEquals(expected(link, LinkOption.NOFOLLOW_LINKS), HostStatus.of(link, false));
        Path device = Path.of("/dev/null");
        assertEquals(expected(device), HostStatus.of(device, true));
        assertEquals(expected(Path.of(".")), HostStatus.of(Path.of("."), true));
    }

    @Test
    void saysWhyThereIsNone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThrows(NoSuchFileException.class, () -> HostStatus.of(folder.resolve("none"), true));
        assertThrows(NoSuchFileException.class, () -> HostStatus.of(folder.resolve("none/below"), true));
        assertThrows(NotDirectoryException.class, () -> HostStatus.of(file.resolve("below"), true));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        var looping = assertThrows(FileSystemException.class, () -> HostStatus.of(loop, true));
        assertEquals("Too many levels of symbolic links", looping.getReason());
        var tooLong = assertThrows(FileSystemException.class,
                () -> HostStatus.of(folder.resolve("n".repeat(300)), true));
        assertEquals("File name too long", tooLong.getReason());
    }

    @Test
    void leavesToJavaWhatItDoesNotKnow() throws IOException {
        assertNull(HostStatus.of(folder.resolve("caf\u00e9"), true));
        assertNull(HostStatus.of(folder.resolve("x".repeat(70_000)), true));
        try (FileSystem runtime = FileSystems.newFileSystem(java.net.URI.create("jrt:/"), Map.of())) {
            assertNull(HostStatus.of(runtime.getPath("/modules"), true));
        } catch (UnsupportedOperationException e) {
            // The run-time image's file system is never closed.
        }
    }

    @Test
    void anOpenFileTellsItsOwn() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "four");
        HostFile file = (HostFile) HostFile.open(path, Set.of(StandardOpenOption.READ));
        assertEquals(expected(path), file.status());
        long inode = file.status().inode();
        Files.delete(path);
        Files.writeString(path, "another file of that name");
        assertEquals(inode, file.status().inode());
        assertEquals(4, file.status().size());
        assertEquals(0, file.status().links());
        file.close();
        assertThrows(ClosedChannelException.class, file::status);
    }
}
