package run.measure.soak.relink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kernel.core.dispatch.Binding;
import org.junit.jupiter.api.Test;

/** The judge of the soak must find what is wrong, or the soak is worth nothing. */
class HistoryTest {

    private static final Member CORE = new Member(1, true, 0, "", 0);
    private static final Member BETTER = new Member(2, true, 1, "", 0);
    private static final Member PLAIN = new Member(3, false, 0, "", 0);
    private static final Member FIRST = new Member(4, false, 0, Binding.FIRST, 0);
    private static final Member LAST = new Member(5, false, 0, Binding.LAST, 0);
    private static final Member EVEN = new Member(6, false, 0, "", 2);
    private static final Member BESIDE = new Member(7, false, 0, Binding.BEFORE + "visitor3", 0);

    private static String judge(BindingSet set, long number, int... ran) {
        return judge(set, number, Visitor.result(ran.length == 0 ? 0 : ran[ran.length - 1], number), ran);
    }

    private static String judge(BindingSet set, long number, long result, int... ran) {
        return set.wrong(number, trace(ran), result);
    }

    private static Trace trace(int... ran) {
        Trace trace = new Trace();
        for (int id : ran) {
            trace.mark(id);
        }
        return trace;
    }

    private static BindingSet set(Member... members) {
        return new BindingSet(List.of(members));
    }

    @Test
    void acceptsWhatIsRight() {
        assertNull(judge(set(CORE), 1, 1));
        assertNull(judge(set(CORE, PLAIN, FIRST, LAST), 1, 4, 3, 1, 5));
        assertNull(judge(set(CORE, PLAIN, BESIDE), 1, 7, 3, 1));
    }

    @Test
    void findsWhoDidNotRunOrRanTwiceOrUnbound() {
        assertNotNull(judge(set(CORE, PLAIN), 1, 1));
        assertNotNull(judge(set(CORE), 1));
        assertNotNull(judge(set(CORE), 1, 1, 1));
        assertNotNull(judge(set(CORE), 1, 3, 1));
    }

    @Test
    void knowsGuards() {
        assertNull(judge(set(CORE, EVEN), 2, 6, 1));
        assertNull(judge(set(CORE, EVEN), 3, 1));
        assertNotNull(judge(set(CORE, EVEN), 2, 1));
        assertNotNull(judge(set(CORE, EVEN), 3, 6, 1));
    }

    @Test
    void knowsWhichIntrinsicHandlerIsInForce() {
        assertNull(judge(set(CORE, BETTER), 1, 2));
        assertNotNull(judge(set(CORE, BETTER), 1, 1));
        assertNotNull(judge(set(PLAIN), 1, 3), "without an intrinsic handler a raise must wait");
    }

    @Test
    void findsDisorder() {
        assertNotNull(judge(set(CORE, PLAIN, FIRST), 1, 3, 4, 1));
        assertNotNull(judge(set(CORE, PLAIN, LAST), 1, 5, 3, 1));
        assertNotNull(judge(set(CORE, PLAIN, LAST), 1, 3, 5, 1));
        assertNotNull(judge(set(CORE, PLAIN, BESIDE), 1, 3, 7, 1));
    }

    @Test
    void findsWrongResults() {
        assertNotNull(judge(set(CORE, LAST), 1, Visitor.result(1, 1), 1, 5));
        assertNull(judge(set(CORE, LAST), 1, Visitor.result(5, 1), 1, 5));
    }

    @Test
    void aRaiseMayHaveRunUnderAnySetFromSettledToAnnounced() {
        History history = new History(set(CORE));
        history.announce(set(CORE, PLAIN));
        assertEquals(0, history.settled());
        assertNull(history.wrong(0, 1, trace(1), Visitor.result(1, 1)));
        assertNull(history.wrong(0, 1, trace(3, 1), Visitor.result(1, 1)));
        history.settle();
        assertEquals(1, history.settled());
        String wrong = history.wrong(1, 1, trace(1), Visitor.result(1, 1));
        assertTrue(wrong.contains("visitor3 did not run"), wrong);
    }
}
