package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.translator.Translator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * C programs that Csmith makes from seeds compute the same natively, under QEMU, and here, interpreted and translated, whatever
 * the compiler was told. {@code -Dalpha.programs=500} for more than a sample, {@code -Dalpha.first=SEED} to begin elsewhere.
 */
@Timeout(7200)
class GeneratedProgramTest {

    private static final List<String> FLAGS = List.of("-O0 -mcpu=ev4", "-O2 -mcpu=ev4", "-O3 -mcpu=ev4",
            "-O0 -mcpu=ev56", "-O2 -mcpu=ev56", "-O3 -mcpu=ev56", "-O0 -mcpu=ev67", "-O2 -mcpu=ev67",
            "-O3 -mcpu=ev67");
    private static final int SECONDS = 10;

    private final Translator.Mode before = TestMachine.mode;

    @TempDir
    Path folder;

    @BeforeEach
    void tools() {
        CrossTools.require();
        CrossTools.require("csmith", "gcc");
    }

    @AfterEach
    void back() {
        TestMachine.mode = before;
    }

    @Test
    void sameEverywhere() throws Exception {
        int wanted = Integer.getInteger("alpha.programs", 9);
        int first = Integer.getInteger("alpha.first", 1);
        int compared = 0;
        List<String> different = new ArrayList<>();
        for (int seed = first; compared < wanted; seed++) {
            assertTrue(seed < first + 3 * wanted, "most generated programs do not end");
            String expected = natively(seed);
            if (expected != null) {
                compare(seed, FLAGS.get(compared++ % FLAGS.size()), expected, different);
            }
        }
        assertEquals(List.of(), different);
    }

    /** @return what a program writes on this host, or null if it takes too long: Csmith does not promise that it ends */
    private String natively(int seed) throws Exception {
        Path source = source(seed);
        run("csmith", "--seed", Integer.toString(seed), "--no-argc", "-o", source.toString());
        Path program = folder.resolve("native");
        run("gcc", "-w", "-O1", "-I/usr/include/csmith", "-o", program.toString(), source.toString());
        Path output = folder.resolve("native.out");
        Process process = new ProcessBuilder(program.toString()).redirectOutput(output.toFile()).start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return null;
        }
        return Files.readString(output);
    }

    private Path source(int seed) {
        return folder.resolve("seed" + seed + ".c");
    }

    private void compare(int seed, String flags, String expected, List<String> different) throws Exception {
        List<String> all = new ArrayList<>(List.of("-w", "-I/usr/include/csmith"));
        all.addAll(List.of(flags.split(" ")));
        Path program = CrossTools.compile(source(seed), "alpha", all.toArray(String[]::new));
        String qemu = new String(CrossTools.emulate(program), StandardCharsets.UTF_8);
        StringBuilder found = new StringBuilder(qemu.equals(expected) ? "" : " QEMU: " + qemu.strip());
        for (Translator.Mode mode : List.of(Translator.Mode.OFF, Translator.Mode.FORCED,
                Translator.Mode.FORCED_BRIEF, Translator.Mode.FORCED_QUICK)) {
            TestMachine.mode = mode;
            String ours = new String(CrossTools.execute(program), StandardCharsets.UTF_8);
            found.append(ours.equals(expected) ? "" : " " + mode + ": " + ours.strip());
        }
        if (!found.isEmpty()) {
            different.add("csmith --no-argc --seed " + seed + ", " + flags + ": native: " + expected.strip() + found);
        }
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(List.of(command) + " does not end");
        }
        assertEquals(0, process.exitValue(), () -> List.of(command) + ": see " + log);
    }
}
