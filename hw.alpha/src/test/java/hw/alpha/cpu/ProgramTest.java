package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole C programs, with the C library, write what they write under QEMU. */
@Timeout(180)
class ProgramTest {

    @TempDir
    Path folder;

    @BeforeEach
    void tools() {
        CrossTools.require();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-O2", "-O0", "-O2 -mcpu=ev67", "-O2 -mieee", "-O2 -mcpu=ev67 -mieee",
            "-O2 -mcpu=ev56 -mieee-with-inexact -mfp-rounding-mode=d", "-O3 -mcpu=ev6 -mbuild-constants"})
    void numbers(String flags) throws Exception {
        Path program = CrossTools.compile(resource("numbers.c"), "numbers", flags.split(" "));
        String expected = new String(CrossTools.emulate(program), StandardCharsets.UTF_8);
        assertEquals(expected, new String(CrossTools.execute(program), StandardCharsets.UTF_8));
    }

    private Path resource(String name) throws IOException {
        try (InputStream in = ProgramTest.class.getResourceAsStream(name)) {
            Path copy = folder.resolve(name);
            Files.write(copy, Objects.requireNonNull(in).readAllBytes());
            return copy;
        }
    }
}
