package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bundles.unix.provider.ProgramCases.Case;
import bundles.unix.provider.ProgramCases.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checks of {@code run/programs/conform}, here, natively and under qemu-alpha: what differs must be explained in
 * {@code differences.txt} there, and what is explained there must differ.
 */
@Timeout(600)
class ConformanceTest {

    private static final Path FOLDER = Path.of(System.getProperty("spin.programs", "../../../run/programs"), "conform")
            .toAbsolutePath().normalize();
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    /** Fewer checks than this mean that some were lost. */
    private static final int LEAST = 1200;

    private static final Map<String, Integer> COUNTS = new TreeMap<>();

    /** A line of {@code differences.txt}: where a check's value is another one than ours. */
    private record Difference(String check, String place) {}

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        for (Path needed : List.of(FOLDER, Path.of("/usr/bin/qemu-alpha"), Path.of("/usr/bin/alpha-linux-gnu-gcc"))) {
            assumeTrue(Files.exists(needed), "missing: " + needed);
        }
        build("conform-alpha", "alpha-linux-gnu-gcc");
        build("conform-native", "gcc");
    }

    private static void build(String target, String compiler) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", FOLDER.resolveSibling("build").toString(),
                TARGET.resolve(target).toString()).inheritIO();
        builder.environment().put("SPIN_SOURCES", FOLDER.toString());
        builder.environment().put("ALPHA_CC", compiler);
        assertEquals(0, builder.start().waitFor(), "programs of " + FOLDER);
    }

    private static List<String> families() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".c"))
                    .map(name -> name.substring(0, name.length() - 2)).sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> families(@TempDir Path work) throws IOException {
        Map<Difference, String> explained = explained();
        var tests = new ArrayList<DynamicTest>();
        for (String family : families()) {
            tests.add(DynamicTest.dynamicTest(family, () -> compare(family, work, explained)));
        }
        tests.add(DynamicTest.dynamicTest("explanations", () -> {
            List<String> families = families();
            for (Difference difference : explained.keySet()) {
                String family = difference.check().substring(0, difference.check().indexOf('.'));
                assertTrue(families.contains(family), "differences.txt: no program for " + difference.check());
            }
        }));
        return tests.stream();
    }

    @AfterAll
    static void count() {
        int total = COUNTS.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println("conformance: " + total + " checks: " + COUNTS);
        if (!COUNTS.isEmpty() && System.getProperty("spin.family") == null) {
            assertTrue(total >= LEAST, total + " checks, fewer than " + LEAST);
        }
    }

    private static void compare(String family, Path work, Map<Difference, String> explained) throws Exception {
        String only = System.getProperty("spin.family");
        assumeTrue(only == null || only.equals(family), "not asked for");
        var alpha = new ProgramCases(TARGET.resolve("conform-alpha"), TARGET, work);
        var host = new ProgramCases(TARGET.resolve("conform-native"), TARGET, work);
        var run = new Case(family, List.of(family, "@TMP"), new byte[0], List.of("TZ=UTC"), List.of());
        Map<String, String> ours = lines(family, "here", alpha.here(run));
        COUNTS.put(family, ours.size());
        List<String> wrong = new ArrayList<>();
        compare(family, ours, lines(family, "native", host.natively(run)), "native", explained, wrong);
        compare(family, ours, lines(family, "qemu", alpha.qemu(run)), "qemu", explained, wrong);
        assertTrue(wrong.isEmpty(), "\n" + String.join("\n", wrong));
    }

    private static void compare(String family, Map<String, String> ours, Map<String, String> theirs, String place,
            Map<Difference, String> explained, List<String> wrong) {
        var names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        explained.keySet().stream().filter(one -> one.check().startsWith(family + ".")).map(Difference::check)
                .forEach(names::add);
        for (String name : names) {
            boolean same = ours.containsKey(name) && ours.get(name).equals(theirs.get(name));
            boolean known = explained.containsKey(new Difference(name, place));
            if (!same && !known) {
                wrong.add(name + ": here " + ours.get(name) + ", " + place + " " + theirs.get(name));
            }
            if (same && known) {
                wrong.add(name + ": is in differences.txt for " + place + ", but is the same: " + ours.get(name));
            }
        }
    }

    private static Map<String, String> lines(String family, String place, Outcome outcome) {
        String errors = new String(outcome.error(), StandardCharsets.UTF_8);
        String output = new String(outcome.output(), StandardCharsets.UTF_8);
        assertEquals(0, outcome.status(), place + ": status; " + errors + "; the last of its output: "
                + output.substring(Math.max(0, output.length() - 300)));
        var values = new LinkedHashMap<String, String>();
        for (String line : output.split("\n")) {
            int space = line.indexOf(' ');
            assertTrue(space > 0 && line.startsWith(family + "."), place + ": not a check: " + line);
            assertEquals(null, values.put(line.substring(0, space), line.substring(space + 1)),
                    place + ": twice: " + line);
        }
        return values;
    }

    /** Lines {@code CHECK PLACE: WHY}, where PLACE is native, qemu or both. */
    private static Map<Difference, String> explained() throws IOException {
        var explained = new LinkedHashMap<Difference, String>();
        for (String line : Files.readAllLines(FOLDER.resolve("differences.txt"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 3);
            assertTrue(parts.length == 3 && parts[1].matches("(native|qemu|both):") && !parts[2].isBlank(),
                    "differences.txt: " + line + ": must be CHECK native|qemu|both: WHY");
            for (String place : parts[1].equals("both:")
                    ? List.of("native", "qemu")
                    : List.of(parts[1].substring(0, parts[1].length() - 1))) {
                explained.put(new Difference(parts[0], place), parts[2]);
            }
        }
        return explained;
    }
}
