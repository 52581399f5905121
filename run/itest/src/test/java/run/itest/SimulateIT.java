package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/** {@code run/spin simulate}: the same seed is the same run, another seed another one. */
class SimulateIT {

    private static final int RUNS = 20;

    @TempDir
    Path folder;

    private Outcome simulate(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Programs.spin(), "simulate"));
        all.addAll(List.of(words));
        return Command.run(all, List.of("PATH=" + System.getenv("PATH"), "TERM=dumb"), new byte[0], folder);
    }

    /** Processes that need more memory than there is, threads, timers, signals, pipes, sockets: each run in a machine of its own. */
    @Test
    void aBusyMachineDoesTheSameInEachRun() throws Exception {
        String[] busy = {"--mem", "16", "--seed", "7", "--trace", "trace", Programs.path("busy"), "8", "3"};
        Outcome first = simulate(busy);
        assertEquals("", first.error());
        assertEquals(0, first.status());
        byte[] trace = Files.readAllBytes(folder.resolve("trace"));
        assertTrue(new String(trace).lines().count() > 500, "turns");
        assertTrue(Pattern.compile("client 3: \\d+, [1-8] lost, at \\d+ ns").matcher(first.output()).find(),
                first::output);
        for (int i = 1; i < RUNS; i++) {
            Outcome again = simulate(busy);
            assertEquals(first, again);
            assertArrayEquals(trace, Files.readAllBytes(folder.resolve("trace")), "trace of run " + i);
        }
        busy[3] = "8";
        assertNotEquals(first.output(), simulate(busy).output());
    }

    /** The network, which the runs of a search have in common, is as new in each of them, faults of system calls or not. */
    @Test
    void socketsDoTheSameAfterOtherRuns() throws Exception {
        String faults = Path.of(Programs.spin())
                .resolveSibling("launcher/target/spin/policies/bundles.policies.faults.jar").toString();
        for (List<String> with : List.of(List.<String>of(), List.of("--with", faults))) {
            List<String> words = new ArrayList<>(List.of("--mem", "16", "--trace", "trace"));
            words.addAll(with);
            words.addAll(List.of("--seeds", "1-6", Programs.path("busy"), "2", "4"));
            Outcome search = simulate(words.toArray(String[]::new));
            assertEquals(0, search.status(), search::output);
            byte[] trace = Files.readAllBytes(folder.resolve("trace"));
            words.set(words.indexOf("--seeds"), "--seed");
            words.set(words.indexOf("1-6"), "6");
            Outcome alone = simulate(words.toArray(String[]::new));
            assertTrue(alone.output().contains("client 4: "), alone::output);
            assertArrayEquals(trace, Files.readAllBytes(folder.resolve("trace")), "trace of the sixth run, " + with);
        }
    }

    @Test
    void aPlantedRaceIsFoundAndRepeated() throws Exception {
        Outcome search = simulate("--seeds", "1-1000", Programs.path("race"), "60");
        assertEquals(1, search.status(), "no seed showed the race");
        Matcher seed = Pattern.compile("seed (\\d+): status 1\\.").matcher(search.error());
        assertTrue(seed.find(), search::error);
        for (int i = 0; i < 3; i++) {
            Outcome again = simulate("--seed", seed.group(1), Programs.path("race"), "60");
            assertEquals(1, again.status());
            assertEquals(search.output(), again.output());
        }
        Outcome fine = simulate("--seeds", "1-50", Programs.path("hello"), "0");
        assertEquals(0, fine.status(), fine::error);
        assertTrue(fine.error().contains("seeds 1 to 50: status 0 in each run"), fine::error);
    }

    /** One call in 16 fails or is cut short: who minds that is shown by some seed, who does not by none, and each run by its seed. */
    @Test
    void faultsOfSystemCallsAreInjectedAndRepeated() throws Exception {
        String faults = Path.of(Programs.spin())
                .resolveSibling("launcher/target/spin/policies/bundles.policies.faults.jar").toString();
        Outcome careful = simulate("--seeds", "1-60", "--with", faults, Programs.path("shaken"), "careful");
        assertEquals(0, careful.status(), careful::error);
        StringBuilder told = new StringBuilder();
        for (int run = 1; run <= 8; run++) {
            told.append(simulate("--seed", "" + run, "--with", faults, Programs.path("shaken"), "careful").output());
        }
        assertTrue(told.toString().matches("(same: interrupted \\d+, parts \\d+, full \\d+\n){8}"), told::toString);
        for (String kind : List.of("interrupted", "parts", "full")) {
            assertTrue(Pattern.compile(kind + " [1-9]").matcher(told).find(), kind);
        }
        Outcome search = simulate("--seeds", "1-60", "--with", faults, Programs.path("shaken"), "careless");
        assertEquals(1, search.status(), "no seed showed that faults are not expected");
        Matcher seed = Pattern.compile("seed (\\d+): status 1\\.").matcher(search.error());
        assertTrue(seed.find(), search::error);
        Outcome again = simulate("--seed", seed.group(1), "--with", faults, Programs.path("shaken"), "careless");
        assertEquals(1, again.status());
        assertTrue(search.output().endsWith(again.output()), again::output);
        Outcome without = simulate("--seeds", "1-5", Programs.path("shaken"), "careless");
        assertEquals(0, without.status(), without::output);
    }

    @Test
    void wrongUseIsExplained() throws Exception {
        Outcome seed = simulate("--seed", "x", "prog");
        assertEquals(2, seed.status());
        assertTrue(seed.error().contains("a seed is a number"), seed::error);
        Outcome none = simulate("--seed", "1");
        assertEquals(2, none.status());
        assertTrue(none.error().contains("simulate wants a program"), none::error);
        Outcome missing = simulate("/no/such/program");
        assertEquals(127, missing.status());
        assertTrue(missing.error().contains("/no/such/program"), missing::error);
    }
}
