package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowTest {

    private static Row row(Better better, double ours, Double qemu, String target) {
        Map<String, Samples> figures = new LinkedHashMap<>();
        figures.put("ours", Samples.known(ours));
        figures.put("qemu", qemu == null ? Samples.none() : Samples.known(qemu));
        figures.put("linux", Samples.known(1));
        return Row.of("a row", "s", better, figures, target);
    }

    @Test
    void ratioSaysHowManyTimesBetterOursIs() {
        assertEquals(2, row(Better.LOWER, 1, 2.0, null).ratio());
        assertEquals(0.5, row(Better.LOWER, 2, 1.0, null).ratio());
        assertEquals(2, row(Better.HIGHER, 4, 2.0, null).ratio());
        assertEquals(0.5, row(Better.HIGHER, 2, 4.0, null).ratio());
    }

    @Test
    void ratioIsMissingWithoutTheFirstPeer() {
        assertNull(row(Better.LOWER, 1, null, null).ratio());
        assertNull(row(Better.LOWER, 1, 0.0, null).ratio());
        assertNull(Row.of("alone", "s", Better.LOWER, Map.of("ours", Samples.known(1)), null).ratio());
    }

    @ParameterizedTest
    @CsvSource({"LOWER,1.5,<= 1.5 s,true", "LOWER,1.6,<= 1.5 s,false", "LOWER,2.1,<= 1.1 * qemu,true",
            "LOWER,2.3,<= 1.1 * qemu,false", "HIGHER,3,>= 3 s,true", "HIGHER,2,>= 3 s,false",
            "LOWER,2.5,<= qemu + 0.5 s,true", "LOWER,2.6,<= qemu + 0.5 s,false", "HIGHER,2.5,>= qemu + 0.5 s,true",
            "LOWER,2,>= 1.0 x qemu,true", "LOWER,2.1,>= 1.0 x qemu,false", "LOWER,4,>= 0.5 x qemu,true",
            "HIGHER,2.1,>= 1 x qemu,true", "HIGHER,1.9,>= 1 x qemu,false", "LOWER,0.4,>= 2 x linux,true"})
    void judgesTargets(Better better, double ours, String target, boolean met) {
        assertEquals(met, row(better, ours, 2.0, target).met());
    }

    @Test
    void judgesMedians() {
        Samples ours = new Samples(List.of(1.0, 9.0, 2.0));
        assertTrue(Row.of("a row", "s", Better.LOWER, Map.of("ours", ours), "<= 2 s").met());
        assertFalse(Row.of("a row", "s", Better.LOWER, Map.of("ours", ours), "<= 1.9 s").met());
    }

    @Test
    void doesNotJudgeWithoutThePeer() {
        assertNull(row(Better.LOWER, 1, null, ">= 1 x qemu").met());
        assertNull(row(Better.LOWER, 1, null, "<= qemu + 1 s").met());
        assertNull(row(Better.LOWER, 1, 1.0, null).met());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "1.5 s", "< 1.5 s", "<= 1.5", "<= 1.5 ms", ">= 1 x vax", "<= vax + 1 s",
            "<= 2 x qemu", "<= qemu + 1 ms", "<= -1 s"})
    void refusesTargetsThatCannotBeJudged(String target) {
        assertThrows(IllegalArgumentException.class, () -> row(Better.LOWER, 1, 1.0, target));
    }

    @Test
    void refusesARowWithoutOurs() {
        assertThrows(IllegalArgumentException.class,
                () -> Row.of("a row", "s", Better.LOWER, Map.of("qemu", Samples.known(1)), null));
        assertThrows(IllegalArgumentException.class,
                () -> Row.of("a row", "s", Better.LOWER, Map.of("ours", Samples.none()), null));
    }

    @Test
    void writesTheReportsFields() {
        assertEquals("""
                {
                  "name": "a row",
                  "unit": "s",
                  "ours": 1,
                  "peers": {
                    "qemu": null,
                    "linux": 1
                  },
                  "ratio": null,
                  "better": "lower",
                  "target": "<= 1.5 s",
                  "met": true,
                  "samples": {
                    "ours": [1],
                    "qemu": [],
                    "linux": [1]
                  }
                }
                """, Json.text(row(Better.LOWER, 1, null, "<= 1.5 s").json()));
    }
}
