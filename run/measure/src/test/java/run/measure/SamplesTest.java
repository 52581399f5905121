package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void medianOfAnOddNumberIsTheMiddleOne() {
        assertEquals(2, new Samples(List.of(9.0, 1.0, 2.0)).median());
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertEquals(2.5, new Samples(List.of(100.0, 2.0, 3.0, 1.0)).median());
    }

    @Test
    void medianOfNothingIsMissing() {
        assertNull(Samples.none().median());
    }

    @Test
    void refusesWhatIsNoFigure() {
        assertThrows(IllegalArgumentException.class, () -> Samples.known(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Samples.known(Double.POSITIVE_INFINITY));
    }

    @Test
    void roundsToSixDigits() {
        assertEquals(0.00123457, Samples.rounded(0.001234567890));
        assertEquals(123457000, Samples.rounded(123456789.0));
        assertNull(Samples.rounded(null));
    }
}
