package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import run.itest.Command.Outcome;

/**
 * {@code run/spin exec} does with our programs what {@code qemu-alpha} does, to the byte. Each of these runs boots a machine; so one
 * case is taken of those that are alike, of the same program with the same kind of input, environment and end. All cases are run in a
 * resident kernel by {@link ResidentIT}, by the module's {@code ProgramsTest}, and here with {@code -Dspin.cases=all}.
 */
class ProgramsIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));

    @TestFactory
    Stream<DynamicTest> execDoesWhatQemuDoes() throws Exception {
        Path programs = Programs.folder();
        String spin = Programs.spin();
        Set<List<Object>> seen = new HashSet<>();
        boolean all = "all".equals(System.getProperty("spin.cases"));
        return Case.readAll(HOME.resolve("run/programs/cases.txt")).stream().filter(one -> seen.add(kind(one)) || all)
                .map(one -> DynamicTest.dynamicTest(one.id(),
                        () -> compare(one, programs, List.of(spin, "exec"), List.of())));
    }

    private static List<Object> kind(Case one) {
        String input = one.input().substring(0, Math.max(one.input().indexOf(':'), 0));
        return List.of(one.words().getFirst(), input, one.environment().isEmpty(), one.notes());
    }

    /**
     * Runs a case both ways.
     *
     * @param how what runs a program here
     * @param more environment of both, beside the case's own
     */
    static void compare(Case one, Path programs, List<String> how, List<String> more) throws Exception {
        Outcome expected = run(one, programs, List.of("qemu-alpha"), more);
        Outcome got = run(one, programs, how, more);
        assertEquals(expected.output(), got.output(), "standard output");
        if (!one.notes().contains("status-only")) {
            assertEquals(expected.error(), got.error(), "standard error");
        }
        assertEquals(expected.status(), got.status(), "status");
    }

    private static Outcome run(Case one, Path programs, List<String> how, List<String> more)
            throws IOException, InterruptedException {
        // the same name for both, because a program may print it
        Path scratch = Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "spin-case-" + one.id()));
        try {
            List<String> words = new ArrayList<>(how);
            List<String> own = one.words(scratch, Programs.data());
            words.add(programs.resolve(own.getFirst()).toString());
            words.addAll(own.subList(1, own.size()));
            List<String> environment = new ArrayList<>(one.environment());
            environment.addAll(more);
            return Command.run(words, environment, one.inputBytes(Programs.data()), scratch);
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
