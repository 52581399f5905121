package bundles.pagers.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.device.net.WireEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two kernels with a wire between them, and what their programs see of memory that they share. */
@Timeout(240)
class SharedMemoryTest {

    private static final int PAGE = Kernel.PAGE;
    private static final int FRAMES = 64;
    private static final String NAME = "test@10.1.0.1";

    private Kernel home;
    private Kernel other;
    private final List<FutureTask<?>> tasks = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        WireEnd[] ends = WireEnd.pair("eth0", 0x02_00_00_00_00_01L, "eth0", 0x02_00_00_00_00_02L, 1500);
        home = new Kernel(ends[0], "10.1.0.1", FRAMES);
        other = new Kernel(ends[1], "10.1.0.2", FRAMES);
    }

    @AfterEach
    void end() throws InterruptedException {
        home.close();
        other.close();
        allIsFree(home);
        allIsFree(other);
    }

    private static void allIsFree(Kernel kernel) throws InterruptedException {
        for (int i = 0; i < 500 && kernel.memory.free() < FRAMES; i++) {
            Thread.sleep(10);
        }
        assertEquals(FRAMES, kernel.memory.free());
    }

    private <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        tasks.add(task);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    @Test
    void whatOneStoresTheOtherLoads() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 4); Kernel.Program b = other.new Program(NAME, 4)) {
            assertEquals(0, b.load(8));
            a.store(8, 7);
            assertEquals(7, b.load(8));
            b.store(8, 8);
            b.store(PAGE, 9);
            assertEquals(8, a.load(8));
            assertEquals(9, a.load(PAGE));
            assertEquals(9, b.load(PAGE));
        }
    }

    /** One access after the other, from two programs of each kernel: all load what an ordinary memory would have. */
    @Test
    void itIsAsOneMemory() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 8);
                Kernel.Program b = other.new Program(NAME, 8);
                Kernel.Program c = home.new Program(NAME, 8);
                Kernel.Program d = other.new Program(NAME, 8)) {
            Kernel.Program[] programs = {a, b, c, d};
            long[] model = new long[8 * PAGE / Long.BYTES];
            Random random = new Random(5);
            for (int i = 0; i < 6000; i++) {
                Kernel.Program one = programs[random.nextInt(4)];
                int at = random.nextInt(8) * PAGE / Long.BYTES + random.nextInt(4);
                if (random.nextInt(3) == 0) {
                    model[at] = random.nextLong();
                    one.store((long) at * Long.BYTES, model[at]);
                } else {
                    assertEquals(model[at], one.load((long) at * Long.BYTES), "access " + i);
                }
            }
        }
    }

    /** Peterson's lock is one only if stores and loads of all are in one order. */
    @Test
    void petersonsLockKeepsTheOtherOut() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 4); Kernel.Program b = other.new Program(NAME, 4)) {
            int rounds = 300;
            FutureTask<?> one = start(() -> peterson(a, 0, rounds));
            FutureTask<?> two = start(() -> peterson(b, 1, rounds));
            one.get(100, TimeUnit.SECONDS);
            two.get(100, TimeUnit.SECONDS);
            assertEquals(2 * rounds, a.load(3 * PAGE));
        }
    }

    /** Interest of both in page 0 and 1, whose turn it is in page 2, the counter in page 3. */
    private static Void peterson(Kernel.Program program, int me, int rounds) throws IOException {
        for (int i = 0; i < rounds; i++) {
            program.store((long) me * PAGE, 1);
            program.store(2 * PAGE, 1 - me);
            while (program.load((1L - me) * PAGE) == 1 && program.load(2 * PAGE) == 1 - me) {
                Thread.onSpinWait();
            }
            program.store(3 * PAGE, program.load(3 * PAGE) + 1);
            program.store((long) me * PAGE, 0);
        }
        return null;
    }

    /** Threads of both kernels, each of which adds to one counter by load locked and store conditional. */
    @Test
    void noCountIsLost() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 1); Kernel.Program b = other.new Program(NAME, 1)) {
            List<FutureTask<Void>> all = new ArrayList<>();
            for (Kernel.Program program : List.of(a, b, a, b)) {
                all.add(start(() -> {
                    for (int i = 0; i < 2000; i++) {
                        int value;
                        do {
                            value = (int) program.load(16);
                        } while (!program.exchange(16, value, value + 1));
                    }
                    return null;
                }));
            }
            for (FutureTask<Void> one : all) {
                one.get(100, TimeUnit.SECONDS);
            }
            assertEquals(8000, a.load(16));
        }
    }

    /** Store here, load there, in both: not both may load what was before (Dekker). */
    @Test
    void storesAreNotOvertakenByLoads() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 2); Kernel.Program b = other.new Program(NAME, 2)) {
            CyclicBarrier barrier = new CyclicBarrier(2);
            int rounds = 300;
            long[][] seen = new long[2][rounds];
            List<FutureTask<Void>> both = new ArrayList<>();
            for (int me = 0; me < 2; me++) {
                int mine = me;
                Kernel.Program program = me == 0 ? a : b;
                both.add(start(() -> {
                    for (int i = 0; i < rounds; i++) {
                        barrier.await(60, TimeUnit.SECONDS);
                        program.store((long) mine * PAGE, i + 1);
                        seen[mine][i] = program.load((1L - mine) * PAGE);
                    }
                    return null;
                }));
            }
            for (FutureTask<Void> one : both) {
                one.get(100, TimeUnit.SECONDS);
            }
            for (int i = 0; i < rounds; i++) {
                assertTrue(seen[0][i] > i || seen[1][i] > i, "round " + i);
            }
        }
    }

    /** A member with eight pages of which the machine has frames for fewer at a time: they are dropped nowhere. */
    @Test
    void whoLeavesLeavesWhatHeWrote() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 8)) {
            try (Kernel.Program b = other.new Program(NAME, 8)) {
                for (int page = 0; page < 8; page++) {
                    b.store((long) page * PAGE, page + 100);
                }
            }
            for (int page = 0; page < 8; page++) {
                assertEquals(page + 100, a.load((long) page * PAGE));
            }
        }
        allIsFree(home);
        allIsFree(other);
        // With the last program the segment has gone.
        try (Kernel.Program b = other.new Program(NAME, 8)) {
            assertEquals(0, b.load(0));
        }
    }

    /** Killed while it waits for a page that another one has: the page is not lost. */
    @Test
    void whoIsKilledWhileItWaitsTakesNothingAway() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 1)) {
            for (int i = 0; i < 40; i++) {
                a.store(0, i);
                Kernel.Program b = other.new Program(NAME, 1);
                FutureTask<Void> waits = start(() -> {
                    b.store(0, 1000);
                    return null;
                });
                Thread.sleep(0, i * 20_000);
                b.close();
                try {
                    waits.get(30, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    // it had no memory any more
                }
                long left = a.load(0);
                assertTrue(left == i || left == 1000, "" + left);
            }
        }
    }

    @Test
    void whenABundleIsStoppedItsProgramsAreToldAndTheOthersHaveTheirPages() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 2); Kernel.Program b = other.new Program(NAME, 2)) {
            b.store(0, 5);
            assertEquals(5, b.load(0));
            a.store(PAGE, 6);
            assertEquals(6, b.load(PAGE));
            other.segments.close();
            assertEquals(5, a.load(0));
            assertThrows(IOException.class, () -> b.load(0));
            assertThrows(IOException.class, () -> b.load(PAGE));
            assertThrows(IOException.class, () -> b.store(0, 1));
            assertThrows(IOException.class, () -> other.new Program(NAME, 2));
            a.store(0, 7);
        }
    }

    @Test
    void whenTheHomeIsStoppedAllAreTold() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 2); Kernel.Program b = other.new Program(NAME, 2)) {
            b.store(0, 5);
            a.store(PAGE, 6);
            home.segments.close();
            assertThrows(IOException.class, () -> a.load(PAGE));
            long began = System.nanoTime();
            while (System.nanoTime() - began < 20_000_000_000L) {
                try {
                    b.load(0);
                } catch (IOException e) {
                    return;
                }
                Thread.sleep(1);
            }
            throw new AssertionError("still there");
        }
    }

    /** No word comes any more: both sides end what they have in common, the member first. */
    @Test
    void aWireThatIsCutHangsNobody() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 3); Kernel.Program b = other.new Program(NAME, 3)) {
            b.store(0, 5);
            a.store(PAGE, 6);
            assertEquals(6, b.load(PAGE));
            AtomicBoolean told = new AtomicBoolean();
            other.cut();
            FutureTask<Void> reads = start(() -> {
                try {
                    while (true) {
                        b.load(PAGE);
                        Thread.sleep(1);
                    }
                } catch (IOException e) {
                    told.set(true);
                }
                return null;
            });
            // To write, the home must know that nobody reads any more: it waits until the member has given up.
            a.store(PAGE, 7);
            assertTrue(told.get(), "a member still reads what is not so any more");
            reads.get(10, TimeUnit.SECONDS);
            assertThrows(IOException.class, () -> a.load(0));
            assertEquals(7, a.load(PAGE));
            a.store(2 * PAGE, 8);
            assertThrows(IOException.class, () -> b.load(2 * PAGE));
        }
    }

    @Test
    void whoTalksNonsenseIsNotListenedTo() throws Exception {
        try (Kernel.Program a = home.new Program(NAME, 2)) {
            a.store(0, 3);
            Random random = new Random(1);
            IpAddress address = IpAddress.parse("10.1.0.1");
            for (int i = 0; i < 60; i++) {
                TcpConnection connection = other.network.connect(address, PlainSegments.PORT, 5_000_000_000L);
                byte[] noise = new byte[1 + random.nextInt(200)];
                random.nextBytes(noise);
                if (i % 3 != 0) {
                    Message.text(Message.Kind.JOIN, PAGE, "test").write(connection);
                }
                if (i % 3 == 2) {
                    Message.Kind kind = Message.Kind.values()[random.nextInt(Message.Kind.values().length)];
                    new Message(kind, random.nextInt(5) * PAGE / 2, random.nextInt(9), new byte[random.nextInt(3)])
                            .write(connection);
                } else {
                    connection.write(noise, 0, noise.length);
                }
                connection.close();
            }
            try (Kernel.Program b = other.new Program(NAME, 2)) {
                assertEquals(3, b.load(0));
                b.store(0, 4);
            }
            assertEquals(4, a.load(0));
        }
    }

    @Test
    void whatCannotBeHadIsTold() {
        assertThrows(IOException.class, () -> home.new Program("test@10.1.0.9", 1));
        other.segments.close();
        IOException e = assertThrows(IOException.class, () -> home.new Program("test@10.1.0.2", 1));
        assertFalse(e.getMessage().isEmpty());
    }
}
