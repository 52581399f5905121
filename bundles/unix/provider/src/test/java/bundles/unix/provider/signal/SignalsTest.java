package bundles.unix.provider.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.abi.InterruptedCall;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.strand.Strand;
import kernel.ext.sched.provider.StrandService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignalsTest {

    private final AtomicInteger attention = new AtomicInteger();
    private final SignalGroup group = new SignalGroup(() -> {});
    private final Signals signals = new Signals(group, 0, attention::incrementAndGet);

    @Test
    void theLowestSignalComesFirstAndStandardOnesOnce() {
        signals.send(SignalInfo.kernel(15));
        signals.send(SignalInfo.kernel(2));
        signals.send(SignalInfo.kernel(15));
        assertEquals(2, signals.take().signal());
        assertEquals(15, signals.take().signal());
        assertNull(signals.take());
        assertEquals(2, attention.get());
    }

    @Test
    void realTimeSignalsAreQueuedInOrder() {
        signals.send(new SignalInfo(40, Signal.SI_QUEUE, 0, 1));
        signals.send(new SignalInfo(40, Signal.SI_QUEUE, 0, 2));
        assertEquals(1, signals.take().second());
        assertEquals(2, signals.take().second());
    }

    @Test
    void blockedSignalsWait() {
        signals.setBlocked(-1L);
        signals.send(SignalInfo.kernel(15));
        assertEquals(0, attention.get());
        assertNull(signals.take());
        assertEquals(Signal.bit(15), signals.pending());
        signals.send(SignalInfo.kernel(Signal.SIGKILL));
        assertEquals(Signal.SIGKILL, signals.take().signal());
        signals.setBlocked(0);
        assertEquals(15, signals.take().signal());
    }

    @Test
    void ignoredSignalsAreForgotten() {
        signals.send(SignalInfo.kernel(Signal.SIGCHLD));
        assertFalse(signals.deliverable());
        signals.setBlocked(Signal.bit(2));
        signals.send(SignalInfo.kernel(2));
        group.setAction(2, new Action(Signal.SIG_IGN, 0, 0, 0));
        assertEquals(0, signals.pending());
    }

    @Test
    void suspendRestoresTheMaskOnce() {
        signals.setBlocked(5);
        signals.suspend(8);
        assertEquals(8, signals.blocked());
        assertEquals(5, signals.maskToRestore());
        assertEquals(8, signals.maskToRestore());
    }

    @Test
    void aSignalEndsAWaitAndLeavesNoInterrupt() throws InterruptedException {
        var waiting = new CountDownLatch(1);
        var interrupted = new AtomicInteger();
        var clean = new AtomicInteger();
        var ready = new CountDownLatch(1);
        Strand strand = StrandService.standalone(2).fork("process", () -> {
            try {
                ready.await();
                signals.await(() -> {
                    waiting.countDown();
                    Thread.sleep(50_000);
                    return 0;
                });
            } catch (InterruptedCall e) {
                interrupted.incrementAndGet();
            } catch (Exception e) {
                interrupted.set(-100);
            }
            clean.set(Thread.currentThread().isInterrupted() ? 0 : 1);
        });
        signals.setStrand(strand);
        ready.countDown();
        waiting.await();
        signals.send(SignalInfo.kernel(15));
        assertTrue(strand.join(0));
        assertEquals(1, interrupted.get());
        assertEquals(1, clean.get());
    }

    @Test
    void aPendingSignalPreventsAWait() {
        signals.send(SignalInfo.kernel(15));
        assertThrows(InterruptedCall.class, () -> signals.await(() -> {
            throw new AssertionError("waited");
        }));
    }
}
