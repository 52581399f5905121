package kernel.core.dispatcher;

import static kernel.core.dispatcher.Sample.handler;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Binding;
import org.junit.jupiter.api.Test;

class OrderTest {

    private final List<String> faults = new ArrayList<>();

    private List<String> names(Bound... bindings) {
        return Order.of(List.of(bindings), faults).stream().map(Bound::name).toList();
    }

    @Test
    void firstThenOthersThenIntrinsicThenLast() {
        assertEquals(List.of("f", "h", "intrinsic", "l"), names(handler("", "l", "last"), Sample.intrinsic(""),
                handler("", "h", ""), handler("", "f", "first")));
        assertTrue(faults.isEmpty());
    }

    @Test
    void ofSeveralFirstTheLatestRunsFirstAndOfSeveralLastTheLatestRunsLast() {
        assertEquals(List.of("f2", "f1", "l1", "l2"), names(handler("", "f1", "first"), handler("", "l1", "last"),
                handler("", "f2", "first"), handler("", "l2", "last")));
    }

    @Test
    void beforeAndAfterFollowTheirNeighbourEvenInChains() {
        assertEquals(List.of("a", "b", "c", "intrinsic", "d"), names(handler("", "a", "before:b"),
                handler("", "c", "after:b"), handler("", "b", "before:intrinsic"), Sample.intrinsic(""),
                handler("", "d", "after:intrinsic")));
        assertTrue(faults.isEmpty());
    }

    @Test
    void aWishThatCannotBeMetIsReportedAndTheHandlerStillRuns() {
        assertEquals(List.of("x", "intrinsic"), names(Sample.intrinsic(""), handler("", "x", "after:nobody")));
        assertEquals(1, faults.size());
        assertTrue(faults.getFirst().contains("after:nobody"), faults::toString);
        faults.clear();
        assertEquals(List.of("y", "intrinsic"), names(Sample.intrinsic(""), handler("", "y", "soon")));
        assertTrue(faults.getFirst().contains("Say first, last"), faults::toString);
    }

    @Test
    void theHighestRankingIntrinsicHandlerIsInForceThenTheEarliest() {
        Bound early = Sample.bound("", Binding.INTRINSIC, "early", "", "", 0);
        Bound late = Sample.bound("", Binding.INTRINSIC, "late", "", "", 0);
        Bound high = Sample.bound("", Binding.INTRINSIC, "high", "", "", 5);
        assertEquals(List.of("early"), names(late, early));
        assertEquals(List.of("high"), names(late, early, high));
    }
}
