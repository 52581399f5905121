package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final List<String> turns = new ArrayList<>();
    private final Map<String, Rounds.Turn> contenders = new LinkedHashMap<>();
    private final Rounds rounds = new Rounds(2,
            new Progress(new PrintStream(OutputStream.nullOutputStream()), false));

    private void contender(String name) {
        contenders.put(name, () -> {
            turns.add(name);
            return turns.size();
        });
    }

    @Test
    void whoGetsFasterIsWarmedUpUntilHeGetsNoFaster() throws Exception {
        double[] slow = {100, 80, 60, 59.5, 60, 59, 58, 57};
        contenders.put("ours", () -> slow[Math.min(turns.size(), turns.add("ours") ? slow.length - 1 : 0)]);
        assertEquals(List.of(58.0, 57.0), rounds.steady("test", contenders).get("ours").values());
    }

    @Test
    void whoGetsEverFasterIsMeasuredInTheEnd() throws Exception {
        contenders.put("ours", () -> Math.pow(0.5, turns.size()) + (turns.add("ours") ? 0 : 1));
        rounds.steady("test", contenders);
        assertEquals(12 + 2, turns.size());
    }

    @Test
    void whatHasSettledIsTheMedianOfTheLastFigures() throws Exception {
        Iterator<Double> figures = List.of(9.0, 5.0, 4.0, 4.2, 4.1, 3.95, 1.0).iterator();
        assertEquals(4.1, Rounds.settled(figures::next));
        assertEquals(1.0, figures.next());
    }

    @Test
    void contendersTakeTurnsAfterAWarmUpThatDoesNotCount() throws Exception {
        contender("ours");
        contender("linux");
        Map<String, Samples> figures = rounds.warm("test", contenders);
        assertEquals(List.of("ours", "linux", "ours", "linux", "ours", "linux"), turns);
        assertEquals(List.of(3.0, 5.0), figures.get("ours").values());
        assertEquals(List.of(4.0, 6.0), figures.get("linux").values());
    }

    @Test
    void noWarmUpIfTheyDoTheirOwn() throws Exception {
        contender("ours");
        assertEquals(List.of(1.0, 2.0), rounds.inTurn("test", contenders).get("ours").values());
    }
}
