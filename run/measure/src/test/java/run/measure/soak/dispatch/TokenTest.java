package run.measure.soak.dispatch;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The judge of the soak must find what is wrong, or the soak is worth nothing. */
class TokenTest {

    private static String judge(int expected, long oldest, long... marks) {
        Token token = new Token();
        token.mark(99); // the raise before
        token.begin();
        for (long generation : marks) {
            token.mark(generation);
        }
        return token.wrong(expected, oldest);
    }

    @Test
    void acceptsWhatIsRight() {
        assertNull(judge(2, 3, 3, 3));
        assertNull(judge(2, 3, 4, 4));
        assertNull(judge(0, 0));
    }

    @Test
    void findsWhatIsLostDoubledTornOrBackInTime() {
        assertTrue(judge(2, 3).startsWith("lost"));
        assertTrue(judge(2, 3, 3).startsWith("lost"));
        assertTrue(judge(1, 3, 3, 3).startsWith("doubled"));
        assertTrue(judge(2, 3, 3, 4).startsWith("torn"));
        assertTrue(judge(2, 3, 4, 3).startsWith("torn"));
        assertTrue(judge(1, 3, 2).startsWith("back in time"));
    }
}
