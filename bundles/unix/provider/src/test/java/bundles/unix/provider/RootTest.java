package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.PathLookup.Purpose;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTest {

    @TempDir
    Path temporary;
    private Path folder;
    private Root root;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectories(temporary.resolve("root/bin")).getParent().toRealPath();
        Files.createFile(folder.resolve("bin/busybox"));
        Files.createSymbolicLink(folder.resolve("bin/sh"), Path.of("/bin/busybox"));
        Files.createSymbolicLink(folder.resolve("bin/ls"), Path.of("busybox"));
        Files.createSymbolicLink(folder.resolve("lib"), Path.of("../../bin"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("/loop"));
        root = new Root(folder);
    }

    private String find(String path, Purpose purpose) throws IOException {
        Path found = root.find(Path.of(path), purpose);
        assertTrue(found.startsWith(folder), found.toString());
        return found.equals(folder) ? "/" : found.toString().substring(folder.toString().length());
    }

    @Test
    void namesAreThoseOfTheFolder() throws IOException {
        assertEquals("/", find("/", Purpose.LOOK));
        assertEquals("/etc/passwd", find("/etc/passwd", Purpose.LOOK));
        assertEquals("/etc/passwd", find("/../../etc/./passwd", Purpose.LOOK));
        assertEquals("/bin/x", find(folder + "/bin/x", Purpose.MAKE));
        assertEquals("/x", find(folder + "/../x", Purpose.LOOK));
        assertEquals("/bin/.", find("/bin/.", Purpose.LOOK));
    }

    @Test
    void linksStayInTheFolder() throws IOException {
        assertEquals("/bin/busybox", find("/bin/sh", Purpose.LOOK));
        assertEquals("/bin/busybox", find("/bin/ls", Purpose.CHANGE));
        assertEquals("/bin/busybox", find("/lib/sh", Purpose.LOOK));
        assertEquals("/bin/sh", find("/bin/sh", Purpose.NAME));
        assertEquals("/bin/sh", find("/bin/sh", Purpose.REMOVE));
        assertThrows(FileSystemLoopException.class, () -> find("/loop", Purpose.LOOK));
        assertThrows(IOException.class, () -> new Root(folder.resolve("none")));
    }

    @Test
    void programsAreToldTheirOwnNames() throws IOException {
        assertEquals(Path.of("/bin"), root.find(folder.resolve("bin"), Purpose.SHOW));
        assertEquals(Path.of("/"), root.find(folder, Purpose.SHOW));
        assertEquals(Path.of("/elsewhere"), root.find(Path.of("/elsewhere"), Purpose.SHOW));
    }
}
