package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class StreamsTest {

    private static final long PAGE = 8192;

    private final Streams streams = new Streams(PAGE);

    /** Pages from 0, as "first-last". */
    private String touched(long page) {
        Streams.Range range = streams.touched(page * PAGE);
        return range == null ? null : range.from() / PAGE + "-" + (range.to() / PAGE - 1);
    }

    @Test
    void windowsDoubleUpToTheirMost() {
        assertNull(touched(10));
        assertEquals("12-15", touched(11));
        assertNull(touched(12));
        assertEquals("16-21", touched(13), "half is used up: eight from page 14 on");
        long end = 22;
        for (long page = 14; page < 500; page++) {
            String range = touched(page);
            if (range != null) {
                assertEquals(end, Long.parseLong(range.split("-")[0]), "each page is asked for once");
                end = Long.parseLong(range.split("-")[1]) + 1;
                assertEquals(true, end - page - 1 <= Streams.MOST, range + " at " + page);
            }
        }
        assertEquals(true, end > 500);
    }

    @Test
    void whoTouchesHereAndThereGetsNothing() {
        for (int i = 0; i < 100; i++) {
            assertNull(touched(i * 7919 % 100_000));
        }
    }

    @Test
    void backwardsIsNoSequence() {
        for (int page = 100; page > 0; page--) {
            assertNull(touched(page));
        }
    }

    @Test
    void severalPlacesAreKeptApart() {
        assertNull(touched(10));
        assertNull(touched(1000));
        assertNull(touched(20_000));
        assertEquals("1002-1005", touched(1001));
        assertEquals("12-15", touched(11));
        assertEquals("20002-20005", touched(20_001));
    }

    @Test
    void whoLeavesSomeOutGoesOn() {
        touched(10);
        assertEquals("12-15", touched(11));
        assertEquals("16-23", touched(15));
    }
}
