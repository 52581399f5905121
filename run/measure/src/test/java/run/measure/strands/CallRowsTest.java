package run.measure.strands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import run.measure.Row;

class CallRowsTest {

    private static List<Row> rows(double event, double pipe) {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        figures.put("event ns", List.of(event));
        figures.put("call ns", List.of(0.6));
        for (String figure : List.of("null", "pipe", "futex")) {
            figures.put("crossing " + figure, List.of(figure.equals("pipe") ? pipe : 50));
            figures.put("linux " + figure, List.of(100.));
        }
        return CallRows.rows(figures);
    }

    @Test
    void nanosecondsOfTheChildrenAreMicrosecondsOfTheTable() {
        List<Row> rows = rows(0.7, 3000);
        assertEquals(List.of(0.0007, 0.05, 3.0, 0.05), rows.stream().map(row -> row.ours().median()).toList());
    }

    @Test
    void eachIsJudgedByItsOwnPeer() {
        assertEquals(List.of(true, true, false, true), rows(1.0, 101).stream().map(Row::met).toList());
        assertEquals(List.of(false, true, true, true), rows(1.2, 99).stream().map(Row::met).toList());
    }
}
