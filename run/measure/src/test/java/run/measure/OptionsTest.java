package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    private static BenchOptions bench(String line) throws UsageException {
        return BenchOptions.parse(words(line));
    }

    private static SoakOptions soak(String line) throws UsageException {
        return SoakOptions.parse(words(line), 42);
    }

    private static List<String> words(String line) {
        return line.isEmpty() ? List.of() : List.of(line.split(" "));
    }

    @Test
    void benchHasDefaults() throws UsageException {
        BenchOptions options = bench("boot exec");
        assertEquals(List.of("boot", "exec"), options.names());
        assertEquals(BenchOptions.ROUNDS, options.rounds());
        assertFalse(options.quick());
        assertFalse(options.docs());
    }

    @Test
    void quickMeansFewerRoundsUnlessTheyAreSaid() throws UsageException {
        assertEquals(BenchOptions.QUICK_ROUNDS, bench("--quick boot").rounds());
        assertEquals(7, bench("boot --rounds 7 --quick").rounds());
        assertTrue(bench("boot --rounds 7 --quick --docs").docs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rounds", "--rounds 0", "--rounds boot", "--rounds 1001", "--fast", "-x"})
    void benchRefuses(String line) {
        assertThrows(UsageException.class, () -> bench(line));
    }

    @Test
    void soakHasDefaults() throws UsageException {
        SoakOptions options = soak("relink");
        assertEquals("relink", options.name());
        assertEquals(42, options.seed());
        assertEquals("1", options.minutesText());
    }

    @Test
    void soakTakesFractionsAndSeeds() throws UsageException {
        SoakOptions options = soak("--minutes 0.2 relink --seed -7");
        assertEquals(0.2, options.minutes());
        assertEquals("0.2", options.minutesText());
        assertEquals(-7, options.seed());
        assertEquals(3.5, soak("dispatch 3.5").minutes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a --minutes", "a --minutes 0", "a --minutes -1", "a --minutes NaN",
            "a --minutes x", "a 1 b", "a 0", "a --seed", "a --seed 1.5", "--list x --what"})
    void soakRefuses(String line) {
        assertThrows(UsageException.class, () -> soak(line));
    }

    @Test
    void listsAndHelpWantNoName() throws UsageException {
        assertEquals(BenchOptions.Action.LIST, bench("--list").action());
        assertEquals(BenchOptions.Action.HELP, bench("-h").action());
        assertEquals(SoakOptions.Action.LIST, soak("--list").action());
        assertEquals(SoakOptions.Action.HELP, soak("--help").action());
    }
}
