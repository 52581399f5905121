package run.measure.strands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import run.measure.Command;
import run.measure.MeasureException;

class ComputingTest {

    private static Command shell(String script) {
        return new Command(List.of("sh", "-c", script), Path.of("."), Map.of(), Duration.ofMinutes(1));
    }

    @Test
    void deviationIsInTermsOfWhatOneShouldHave() throws MeasureException {
        Computing.Look look = Computing.Look.read("nanoseconds 1000 work 10 20 30 40");
        assertEquals(0, look.deviation(List.of(1, 2, 3, 4)), 1e-9);
        assertEquals(60, look.deviation(List.of(1, 1, 1, 1)), 1e-9, "10 in place of 25, and 40 in place of 25");
        assertEquals(0.1, look.rate(), 1e-9);
    }

    @Test
    void looksAddUp() throws MeasureException {
        Computing.Look first = Computing.Look.read("nanoseconds 1000 work 10 20");
        assertEquals(new Computing.Look(1500, List.of(40.0, 21.0)),
                first.and(Computing.Look.read("nanoseconds 500 work 30 1")));
    }

    @Test
    void linesAreAskedForAndRead() throws MeasureException {
        try (Computing computing = new Computing(
                shell("echo processes 7 8; while read ms; do echo nanoseconds $ms work 1 3; done"))) {
            assertEquals(List.of("7", "8"), computing.ids());
            assertEquals(new Computing.Look(500, List.of(1.0, 3.0)), computing.look(500));
            assertEquals(0.05, computing.look(80).rate(), 1e-9);
        }
    }

    @Test
    void whoSaysSomethingElseIsQuoted() {
        MeasureException wrong = assertThrows(MeasureException.class, () -> new Computing(shell("echo no room")));
        assertTrue(wrong.getMessage().endsWith("it said: no room"), wrong.getMessage());
        MeasureException silent = assertThrows(MeasureException.class, () -> Computing.Look.read(null));
        assertTrue(silent.getMessage().contains("null"), silent.getMessage());
    }
}
