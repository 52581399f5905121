package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignalsTest {

    @Test
    void namesAndNumbersAgree() {
        for (int signal = 1; signal < 32; signal++) {
            assertEquals(signal, Signals.number(Signals.name(signal)));
            assertEquals(signal, Signals.number(Signals.name(signal).substring(3).toLowerCase()));
        }
        assertEquals("40", Signals.name(40));
        assertEquals(64, Signals.number("64"));
        assertEquals(-1, Signals.number("0"));
        assertEquals(-1, Signals.number("FOO"));
    }

    @Test
    void theHostsNumbersAreThoseOfMostMachines() {
        assertEquals(7, Signals.hostNumber(Signals.number("BUS")));
        assertEquals(31, Signals.hostNumber(Signals.number("SYS")));
        assertEquals(10, Signals.hostNumber(Signals.number("USR1")));
        assertEquals(11, Signals.hostNumber(Signals.number("SEGV")));
        assertEquals(50, Signals.hostNumber(50));
        Set<Integer> all = new HashSet<>();
        for (int signal = 1; signal < 32; signal++) {
            all.add(Signals.hostNumber(signal));
        }
        assertEquals(31, all.size(), "no two signals become one");
    }
}
