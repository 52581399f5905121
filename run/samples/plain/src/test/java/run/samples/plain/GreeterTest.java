package run.samples.plain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample in two processes, as its description says. */
@Timeout(120)
class GreeterTest {

    @TempDir
    Path folder;

    private Process start(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp", System.getProperty("java.class.path"), Greeter.class.getName(),
                "wire:unix:" + folder.resolve("wire")));
        all.addAll(List.of(words));
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    @Test
    void oneGreetsTheOther() throws Exception {
        Process greeter = start("10.9.0.1/24");
        try {
            assertEquals("at port 7000", greeter.inputReader().readLine());
            Process asker = start("10.9.0.2/24", "10.9.0.1");
            assertEquals("Hello, 10.9.0.2", new String(asker.getInputStream().readAllBytes()).strip());
            assertEquals(0, asker.waitFor());
        } finally {
            greeter.destroyForcibly().waitFor();
        }
    }
}
