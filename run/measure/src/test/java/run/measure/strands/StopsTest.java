package run.measure.strands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import run.measure.HostWaits.Wait;
import run.measure.strands.JvmPauses.Pause;
import run.measure.strands.Stops.Stop;
import run.measure.strands.TurnLog.Turn;

class StopsTest {

    private static final Stop STOP = new Stop("a", 1000, 2000);

    /** Another's turn until 1700, in which the JVM paused from 1100 to 1200 and the host took a processor from 1150 to 1300. */
    @Test
    void eachPartOfAStopCountsOnce() {
        List<Turn> turns = List.of(new Turn(1050, 0, "b"), new Turn(1700, 0, "a"));
        List<Pause> pauses = List.of(new Pause(1100, 1200, "x"), new Pause(1150, 1180, "y"), new Pause(10, 20, "z"));
        List<Wait> waits = List.of(new Wait(1300, 150), new Wait(5000, 10));
        assertEquals(new Stops.Parts(100, 100, 500, 300), Stops.parts(STOP, turns, pauses, waits));
    }

    @Test
    void whoHadItsProcessorAllTheTimeWaitedForNobody() {
        assertEquals(new Stops.Parts(0, 0, 0, 1000), Stops.parts(STOP, List.of(), List.of(), List.of()));
        assertEquals(new Stops.Parts(0, 0, 0, 1000),
                Stops.parts(STOP, List.of(new Turn(1500, 1, "b")), List.of(), List.of()));
    }

    @Test
    void whatReachesOutOfAStopIsNoPartOfIt() {
        assertEquals(new Stops.Parts(500, 500, 0, 0),
                Stops.parts(STOP, List.of(), List.of(new Pause(500, 1500, "x")), List.of(new Wait(3000, 2000))));
    }

    @Test
    void theLongestAreKept() {
        Stops stops = new Stops();
        for (String name : List.of("a", "b")) {
            Stops.Watched strand = stops.watch(name);
            LongStream.rangeClosed(1, 100).forEach(i -> strand.steps(0, name.equals("a") ? 2 * i : 2 * i - 1));
            strand.end();
        }
        assertEquals(List.of(200L, 199L, 198L, 197L, 196L, 195L, 194L, 193L),
                stops.longest().stream().map(Stop::length).toList());
    }
}
