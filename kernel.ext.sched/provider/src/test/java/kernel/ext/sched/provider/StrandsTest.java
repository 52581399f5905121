package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.strand.Strand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StrandsTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(50);

    private final StrandService strands = new StrandService(new Scheduler(2, System::nanoTime, Limits.USUAL));

    @AfterEach
    void close() {
        strands.close();
    }

    @Test
    void strandsRunAndEnd() throws InterruptedException {
        var ran = new AtomicBoolean();
        Strand strand = strands.fork("one", () -> ran.set(true));
        assertTrue(strand.join(LONG));
        assertTrue(ran.get());
        assertEquals(Strand.State.ENDED, strand.state());
        assertTrue(strand.processorTime() > 0);
        assertTrue(strands.strands().isEmpty());
    }

    @Test
    void aVirtualThreadThatAStrandStartsIsNoStrandAndHarmsNone() throws InterruptedException {
        var ran = new AtomicBoolean();
        var strand = strands.fork("starter", () -> {
            for (int i = 0; i < 100; i++) {
                var done = new CountDownLatch(1);
                Thread.startVirtualThread(done::countDown); // the JDK gives it its starter's scheduler
                await(done);
            }
            ran.set(true);
        });
        assertTrue(strand.join(LONG));
        assertTrue(ran.get());
        assertEquals(1, strand.id());
    }

    @Test
    void idsAreUniqueFromOneAndListed() throws InterruptedException {
        var go = new CountDownLatch(1);
        Strand first = strands.fork("first", () -> await(go));
        Strand second = strands.fork("second", () -> await(go));
        assertEquals(1, first.id());
        assertEquals(2, second.id());
        assertEquals("second", second.name());
        assertEquals(2, strands.strands().size());
        go.countDown();
        assertTrue(first.join(0) && second.join(0));
    }

    @Test
    void interruptEndsAWait() throws InterruptedException {
        var interrupted = new AtomicBoolean();
        Strand strand = strands.fork("waiter", () -> interrupted.set(!await(new CountDownLatch(1))));
        assertFalse(strand.join(1_000_000));
        while (strand.state() != Strand.State.BLOCKED) {
            Thread.onSpinWait();
        }
        strand.interrupt();
        assertTrue(strand.join(LONG));
        assertTrue(interrupted.get());
    }

    @Test
    void anExceptionEndsOnlyItsStrand() throws InterruptedException {
        Strand strand = strands.fork("bad", () -> {
            throw new IllegalStateException("on purpose");
        });
        assertTrue(strand.join(LONG));
        assertTrue(strands.fork("good", () -> {}).join(LONG));
    }

    @Test
    void joinCanBeInterrupted() {
        var go = new CountDownLatch(1);
        Strand strand = strands.fork("waiter", () -> await(go));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> strand.join(0));
        go.countDown();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** The JDK submits a thread again whose stack was looked at while it waited for its turn. */
    @Test
    void looksAtStacksDisturbNobody() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Strand[] all = new Strand[6];
        for (int i = 0; i < all.length; i++) {
            all[i] = strands.fork("yields " + i, () -> {
                while (!over.get()) {
                    Thread.yield();
                }
            });
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (System.nanoTime() < end) {
            for (Strand strand : all) {
                strand.thread().getStackTrace();
            }
        }
        over.set(true);
        for (Strand strand : all) {
            assertTrue(strand.join(LONG));
        }
        assertEquals("", strands.report());
    }
}
