package run.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLimitTest {

    @TempDir
    Path folder;

    @Test
    void whatIsTooLongIsPutAsideAndTheFileGoesOn() throws Exception {
        Path file = Files.createFile(folder.resolve("log"));
        LogLimit limit = new LogLimit(file, 10);
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write("short".getBytes());
            limit.look();
            assertEquals("short", Files.readString(file));
            assertFalse(Files.exists(folder.resolve("log.1")));
            out.write(" and long".getBytes());
            limit.look();
            out.write("next".getBytes());
            limit.look();
        }
        assertEquals("next", Files.readString(file));
        assertEquals("short and long", Files.readString(folder.resolve("log.1")));
        Files.delete(file);
        limit.look(); // a file that was taken away harms nothing
    }
}
