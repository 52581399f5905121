package run.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder that the tour copies an extension into. */
class DropFolderTest {

    @TempDir
    Path home;

    @Test
    void itIsMadeAndStaysAsItIs() throws IOException {
        Path folder = home.resolve("run/load");
        Main.makeDropFolder(folder);
        Files.createFile(folder.resolve("a.jar"));
        Main.makeDropFolder(folder);
        assertTrue(Files.exists(folder.resolve("a.jar")));
    }

    @Test
    void whereNoneCanBeMadeTheMachineStartsWithout() throws IOException {
        Files.createFile(home.resolve("run"));
        Main.makeDropFolder(home.resolve("run/load"));
        assertTrue(Files.isRegularFile(home.resolve("run")));
    }
}
