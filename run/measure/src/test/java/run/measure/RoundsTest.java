package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
