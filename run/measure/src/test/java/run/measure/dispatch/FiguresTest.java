package run.measure.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Figures figures = new Figures(new PrintStream(out, true, StandardCharsets.UTF_8));

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theParentReadsWhatTheChildWrote() {
        figures.put("ns", 0.55);
        figures.check(true, "never told");
        figures.put("bytes", 0);
        assertEquals(0, figures.status());
        assertEquals(Map.of("ns", 0.55, "bytes", 0.0), Figures.read("something else\n" + text()));
    }

    @Test
    void figuresOfWhatWasWrongAreNotTaken() {
        figures.put("ns", 0.55);
        figures.check(false, "the result is 1 and should be 2");
        assertEquals(1, figures.status());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Figures.read(text()));
        assertTrue(e.getMessage().contains("should be 2"), e.getMessage());
    }

    @Test
    void silenceIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> Figures.read(""));
    }

    @Test
    void aQuantileIsAFigureThatWasMeasured() {
        assertEquals(3, Stopwatch.quantile(new double[]{5, 1, 3}, 0.5));
        assertEquals(5, Stopwatch.quantile(new double[]{5, 1, 3}, 0.99));
        assertEquals(1, Stopwatch.quantile(new double[]{1}, 0.5));
    }

    @Test
    void manyImplementationsAreOfManyClasses() throws ReflectiveOperationException {
        Plain[] all = Many.implementations(3);
        assertEquals(3, java.util.Arrays.stream(all).map(Object::getClass).distinct().count());
        for (Plain one : all) {
            assertEquals(new Procedure().step(17), one.step(17));
        }
    }
}
