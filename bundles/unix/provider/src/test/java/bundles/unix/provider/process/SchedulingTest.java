package bundles.unix.provider.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.abi.ErrnoException;
import kernel.core.strand.Parameters;
import org.junit.jupiter.api.Test;

/** What threads' wishes ask of the kernel's scheduler. */
class SchedulingTest {

    private static Scheduling of(int policy, int priority) {
        return new Scheduling(policy, priority, 0, 0, 0, false);
    }

    private static Scheduling reset(int policy, int priority) {
        return new Scheduling(policy, priority, 0, 0, 0, true);
    }

    private static Scheduling deadline(long runtime, long deadline, long period) {
        return new Scheduling(Scheduling.DEADLINE, 0, runtime, deadline, period, false);
    }

    @Test
    void niceIsAShareOfTheProcessors() {
        assertEquals(Parameters.USUAL, Scheduling.USUAL.parameters(0));
        assertEquals(80, Scheduling.USUAL.parameters(1).shares());
        assertEquals(125, Scheduling.USUAL.parameters(-1).shares());
        assertEquals(1, Scheduling.USUAL.parameters(19).shares());
        assertEquals(8674, Scheduling.USUAL.parameters(-20).shares());
        assertEquals(Parameters.USUAL.priority(), Scheduling.USUAL.parameters(19).priority());
    }

    @Test
    void realTimeIsAPriorityAboveTheUsual() {
        int usual = Parameters.USUAL.priority();
        assertEquals(usual + 1, of(Scheduling.FIFO, 1).parameters(19).priority());
        assertEquals(usual + 99, of(Scheduling.ROUND_ROBIN, 99).parameters(0).priority());
        assertTrue(of(Scheduling.IDLE, 0).parameters(0).priority() < usual);
        assertFalse(of(Scheduling.FIFO, 0).valid());
        assertFalse(of(Scheduling.FIFO, 100).valid());
        assertFalse(of(Scheduling.NORMAL, 1).valid());
        assertFalse(of(4, 0).valid());
    }

    @Test
    void aDeadlineIsAReservation() {
        Parameters asked = deadline(3_000_000, 10_000_000, 0).parameters(0);
        assertEquals(3_000_000, asked.budget());
        assertEquals(10_000_000, asked.period());
        assertTrue(deadline(1024, 1024, 1024).valid());
        assertFalse(deadline(1023, 2000, 2000).valid());
        assertFalse(deadline(3000, 2000, 2000).valid());
        assertFalse(deadline(2000, 3000, 2500).valid());
    }

    @Test
    void childrenDoNotGetWhatIsReservedOrReset() throws ErrnoException {
        assertEquals(of(Scheduling.FIFO, 5), of(Scheduling.FIFO, 5).ofChild());
        assertThrows(ErrnoException.class, () -> deadline(2000, 3000, 0).ofChild());
        assertEquals(Scheduling.USUAL, reset(Scheduling.DEADLINE, 0).ofChild());
        assertEquals(Scheduling.USUAL, reset(Scheduling.FIFO, 5).ofChild());
        assertEquals(of(Scheduling.BATCH, 0), reset(Scheduling.BATCH, 0).ofChild());
        assertEquals(7, of(Scheduling.FIFO, 5).niceOfChild(7));
        assertEquals(0, reset(Scheduling.FIFO, 5).niceOfChild(7));
        assertEquals(7, reset(Scheduling.BATCH, 0).niceOfChild(7));
        assertEquals(0, reset(Scheduling.NORMAL, 0).niceOfChild(-7));
    }

    @Test
    void peopleSeePrioritiesAsLinuxShowsThem() {
        assertEquals(25, Scheduling.USUAL.shown(5));
        assertEquals(-6, of(Scheduling.FIFO, 5).shown(5));
        assertEquals(-101, deadline(2000, 3000, 0).shown(0));
    }
}
