package bundles.policies.union;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.PathLookup.Purpose;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where files of a union are; that programs see it is PoliciesIT's. */
class UnionTest {

    @TempDir
    Path folder;
    private Path lower, upper;
    private Union union;

    @BeforeEach
    void make() throws IOException {
        lower = Files.createDirectories(folder.resolve("lower/sub")).getParent().toRealPath();
        upper = Files.createDirectory(folder.resolve("upper")).toRealPath();
        Files.writeString(lower.resolve("a"), "lower a");
        Files.writeString(lower.resolve("sub/b"), "lower b");
        union = new Union(FileSystems.getDefault(), lower + ":" + upper);
    }

    private Path find(String name, Purpose purpose) throws IOException {
        return union.find(lower.resolve(name), purpose);
    }

    private void remove(String name) throws IOException {
        Files.delete(find(name, Purpose.REMOVE));
    }

    @Test
    void whatIsOnlyReadStaysWhereItIs() throws IOException {
        assertEquals(lower.resolve("a"), find("a", Purpose.LOOK));
        assertEquals(lower, find("", Purpose.LOOK));
        assertEquals(lower.resolve("sub"), find("./sub/../sub", Purpose.LOOK));
        assertFalse(Files.exists(find("none", Purpose.LOOK)));
        assertEquals(List.of("a", "sub"), union.list(lower));
        assertEquals(0, upper.toFile().list().length);
        assertTrue(union.has(lower.resolve("x/../a")));
        assertFalse(union.has(lower.resolve("../upper/a")));
    }

    @Test
    void whatIsWrittenIsTheUppers() throws IOException {
        assertEquals(upper.resolve("sub/b"), find("sub/b", Purpose.CHANGE));
        assertEquals("lower b", Files.readString(upper.resolve("sub/b")));
        Files.writeString(find("sub/b", Purpose.CHANGE), "changed");
        Files.writeString(find("sub/new", Purpose.MAKE), "new");
        assertEquals("changed", Files.readString(find("sub/b", Purpose.LOOK)));
        assertEquals("lower b", Files.readString(lower.resolve("sub/b")));
        assertEquals(List.of("b", "new"), union.list(lower.resolve("sub")));
        assertFalse(Files.exists(lower.resolve("sub/new")));
        assertEquals(upper.resolve("none"), find("none", Purpose.CHANGE));
        assertFalse(Files.exists(upper.resolve("none")));
    }

    @Test
    void whatIsRemovedIsHidden() throws IOException {
        remove("a");
        assertEquals(List.of("sub"), union.list(lower));
        assertFalse(Files.exists(find("a", Purpose.LOOK)));
        assertThrows(IOException.class, () -> remove("a"));
        assertTrue(Files.exists(lower.resolve("a")));
        Files.writeString(find("a", Purpose.MAKE), "again");
        assertEquals("again", Files.readString(find("a", Purpose.LOOK)));
        assertEquals(List.of("a", "sub"), union.list(lower));
        remove("a");
        assertEquals(List.of("sub"), union.list(lower));
    }

    @Test
    void foldersAreRemovedWhenTheyAreEmpty() throws IOException {
        assertThrows(DirectoryNotEmptyException.class, () -> find("sub", Purpose.REMOVE));
        remove("sub/b");
        remove("sub");
        assertEquals(List.of("a"), union.list(lower));
        assertFalse(Files.exists(find("sub/b", Purpose.LOOK)));
    }

    @Test
    void namesMove() throws IOException {
        Files.move(find("a", Purpose.MOVE), find("z", Purpose.MAKE));
        assertEquals(List.of("sub", "z"), union.list(lower));
        assertEquals("lower a", Files.readString(find("z", Purpose.LOOK)));
        assertThrows(AtomicMoveNotSupportedException.class, () -> find("sub", Purpose.MOVE));
    }

    @Test
    void itNeedsTwoFolders() {
        assertThrows(IOException.class, () -> new Union(FileSystems.getDefault(), ""));
        assertThrows(IOException.class, () -> new Union(FileSystems.getDefault(), "/tmp"));
    }
}
