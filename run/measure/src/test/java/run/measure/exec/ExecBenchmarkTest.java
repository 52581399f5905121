package run.measure.exec;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import run.measure.Command.Outcome;
import run.measure.MeasureException;

class ExecBenchmarkTest {

    private static final List<String> CASE = List.of("sieve", "100");

    private static Outcome outcome(int status, String output, String errors) {
        return new Outcome(status, output.getBytes(StandardCharsets.UTF_8), errors.getBytes(StandardCharsets.UTF_8), 1);
    }

    @Test
    void sameOutputAndStatusCount() throws MeasureException {
        Outcome ours = outcome(0, "25\n", "what is said here does not matter");
        assertSame(ours, ExecBenchmark.same("run/spin exec", CASE, outcome(0, "25\n", ""), ours));
    }

    @Test
    void differencesEndTheMeasurement() {
        Outcome expected = outcome(0, "25\n", "");
        for (Outcome ours : List.of(outcome(0, "26\n", "here is why"), outcome(1, "25\n", "here is why"))) {
            String message = assertThrows(MeasureException.class,
                    () -> ExecBenchmark.same("run/spin exec", CASE, expected, ours)).getMessage();
            assertTrue(message.contains("\"sieve 100\" under run/spin exec: status " + ours.status()), message);
            assertTrue(message.endsWith("here is why"), message);
        }
    }
}
