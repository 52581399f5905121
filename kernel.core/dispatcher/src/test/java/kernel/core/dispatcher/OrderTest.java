package kernel.core.dispatcher;

import static kernel.core.dispatcher.Sample.handler;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import org.junit.jupiter.api.Test;

class OrderTest {

    private final List<String> faults = new ArrayList<>();

    private List<String> names(Member... members) {
        Order order = new Order();
        List.of(members).forEach(order::add);
        return order.list(faults).stream().map(Member::name).toList();
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
        BindingException e = assertThrows(BindingException.class, () -> handler("", "y", "soon"));
        assertTrue(e.getMessage().contains("it must be first, last"), e::getMessage);
    }

    @Test
    void theHighestRankingIntrinsicHandlerIsInForceThenTheEarliest() {
        Member early = Sample.member("", Binding.ROLE, Binding.INTRINSIC, Binding.NAME, "early",
                "service.ranking", 0);
        Member late = Sample.member("", Binding.ROLE, Binding.INTRINSIC, Binding.NAME, "late",
                "service.ranking", 0);
        Member high = Sample.member("", Binding.ROLE, Binding.INTRINSIC, Binding.NAME, "high",
                "service.ranking", 5);
        assertEquals(List.of("early"), names(late, early));
        assertEquals(List.of("high"), names(late, early, high));
    }
}
