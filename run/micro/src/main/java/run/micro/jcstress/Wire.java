package run.micro.jcstress;

import hw.alpha.device.net.WireEnd;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import kernel.core.machine.NetworkAdapter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The wire within the machine: a ring without a lock between who sends and the reader, who sleeps when it is empty. */
public final class Wire {

    private static final int MTU = 1500, FRAME = 64;
    private static final long PATIENCE = 5_000_000_000L;

    private Wire() {}

    private static boolean until(java.util.function.BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE;
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    private static void put(byte[] frame, int at, int value) {
        for (int i = 0; i < 4; i++) {
            frame[at + i] = (byte) (value >> 24 - 8 * i);
        }
    }

    private static int get(byte[] frame, int at) {
        return frame[at] << 24 | (frame[at + 1] & 0xFF) << 16 | (frame[at + 2] & 0xFF) << 8 | frame[at + 3] & 0xFF;
    }

    /** Two send while the reader falls asleep: all arrives, whole, and of each in the order in which he sent. */
    @JCStressTest
    @State
    @Outcome(id = "8, 0", expect = Expect.ACCEPTABLE, desc = "All frames arrived, in order and whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A frame stayed in the ring, was damaged, or overtook another.")
    public static class AllArrives {

        private static final int EACH = 4; // of the ten pairs of a stride: less than the ring's 256
        private static final AtomicInteger IDS = new AtomicInteger();
        private static final ConcurrentMap<Integer, AllArrives> ALL = new ConcurrentHashMap<>();
        private static final WireEnd[] ENDS = WireEnd.pair("a", 1, "b", 2, MTU);

        static {
            ENDS[1].connect((frame, offset, length) -> ALL.get(get(frame, offset)).came(frame, offset, length));
        }

        private final int id = IDS.incrementAndGet();
        private final AtomicIntegerArray next = new AtomicIntegerArray(2);
        private volatile int arrived;
        private volatile int wrong;

        /** Made for each round. */
        public AllArrives() {
            ALL.put(id, this);
        }

        private void came(byte[] frame, int offset, int length) {
            int sender = get(frame, offset + 4);
            int number = get(frame, offset + 8);
            boolean good = length == FRAME && next.getAndIncrement(sender) == number;
            for (int i = 12; i < FRAME; i++) {
                good &= frame[offset + i] == (byte) (number + sender);
            }
            wrong += good ? 0 : 1; // the reader alone writes
            arrived++;
        }

        private void send(int sender) {
            byte[] frame = new byte[FRAME];
            for (int number = 0; number < EACH; number++) {
                put(frame, 0, id);
                put(frame, 4, sender);
                put(frame, 8, number);
                java.util.Arrays.fill(frame, 12, FRAME, (byte) (number + sender));
                ENDS[0].transmit(frame, 0, FRAME);
            }
        }

        /** Sends. */
        @Actor
        public void one() {
            send(0);
        }

        /** The same. */
        @Actor
        public void two() {
            send(1);
        }

        /** Waits for what was sent. */
        @Arbiter
        public void end(II_Result result) {
            until(() -> arrived == 2 * EACH);
            ALL.remove(id);
            result.r1 = arrived;
            result.r2 = wrong;
        }
    }

    /** A frame is sent about when the reader falls asleep, which it does some microseconds after the one before, and wakes it. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Each frame arrived without another behind it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The reader slept on.")
    public static class SleepAndSend {

        private static final int ROUNDS = 20, LATEST = 600;
        private static final WireEnd[] ENDS = WireEnd.pair("a", 1, "b", 2, MTU);
        private static final Object[] ONE = {new Object(), new Object()};
        private static final long[] SENT = new long[2];
        private static final AtomicIntegerArray ARRIVED = new AtomicIntegerArray(2);

        static {
            for (int i = 0; i < 2; i++) {
                int end = i;
                ENDS[i].connect((_, _, _) -> ARRIVED.incrementAndGet(end));
            }
        }

        private static int send(int from) {
            int to = 1 - from;
            int lost = 0;
            synchronized (ONE[from]) { // of several at once they would wake each other's
                for (int i = 0; i < ROUNDS; i++) {
                    SENT[to] = SENT[to] * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL; // so that every time is met
                    for (long spins = (SENT[to] >>> 33) % LATEST; spins > 0; spins--) {
                        Thread.onSpinWait();
                    }
                    int before = ARRIVED.get(to);
                    ENDS[from].transmit(new byte[FRAME], 0, FRAME);
                    lost += until(() -> ARRIVED.get(to) != before) ? 0 : 1;
                }
            }
            return lost;
        }

        /** Sends one after the other. */
        @Actor
        public void one(II_Result result) {
            result.r1 = send(0);
        }

        /** The same in the other direction. */
        @Actor
        public void two(II_Result result) {
            result.r2 = send(1);
        }
    }

    /** Who has taken his receiver away is not called any more. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Nobody was called after he was disconnected.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A frame came to who had been disconnected.")
    public static class NobodyIsInside {

        private final WireEnd[] ends = WireEnd.pair("a", 1, "b", 2, MTU);
        private volatile boolean gone;
        private volatile int late;

        /** Made for each round. */
        public NobodyIsInside() {
            NetworkAdapter.Receiver receiver = (_, _, _) -> {
                for (int i = 0; i < 20; i++) {
                    late += gone ? 1 : 0; // the reader alone writes
                }
            };
            ends[1].connect(receiver);
        }

        /** Sends. */
        @Actor
        public void send() {
            byte[] frame = new byte[FRAME];
            for (int i = 0; i < 20; i++) {
                ends[0].transmit(frame, 0, FRAME);
            }
        }

        /** What a stack does that is being updated. */
        @Actor
        public void disconnect() {
            ends[1].connect(null);
            gone = true;
        }

        /** Looks. */
        @Arbiter
        public void end(I_Result result) {
            ends[0].off();
            ends[1].off();
            result.r1 = late;
        }
    }
}
