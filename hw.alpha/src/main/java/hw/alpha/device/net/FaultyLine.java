package hw.alpha.device.net;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a faulty wire. What becomes of a frame is drawn when it comes, always by the same number of draws, so that the
 * fate of the n-th depends on the seed alone. Frames that are on their way are in a queue, by the time when they
 * arrive; time is an argument. Thread-safe: by its monitor, which is not held while frames are passed on.
 */
final class FaultyLine {

    /** Who is given what arrives. */
    @FunctionalInterface
    interface Exit {
        /** Passes a frame on; the bytes are lent while it runs. */
        void pass(byte[] frame, int offset, int length);
    }

    private static final int LIMIT = 1000, ETHERNET = 14;
    private static final long REORDERED = 1_000_000;

    private record Late(long due, long number, byte[] frame) implements Comparable<Late> {
        @Override
        public int compareTo(Late other) {
            int order = Long.compare(due, other.due);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    private final Faults faults;
    private final Random random;
    private final Exit exit;
    private final PriorityQueue<Late> late = new PriorityQueue<>();
    private long busyUntil = Long.MIN_VALUE;
    private long latest = Long.MIN_VALUE;
    private long number;
    final AtomicLong lost = new AtomicLong();
    final AtomicLong overrun = new AtomicLong();
    final AtomicLong doubled = new AtomicLong();
    final AtomicLong changed = new AtomicLong();
    final AtomicLong overtaken = new AtomicLong();

    FaultyLine(Faults faults, long seed, Exit exit) {
        this.faults = faults;
        this.exit = exit;
        random = new Random(seed);
    }

    /** A frame enters, and leaves at once unless something holds it up. @return whether something waits now */
    boolean enter(byte[] frame, int offset, int length, long now) {
        byte[] own = frame;
        int at = offset;
        int times;
        boolean waits;
        synchronized (this) {
            boolean loses = random.nextDouble() < faults.loss()
                    || faults.hole() > 0 && length > ETHERNET + faults.hole();
            boolean doubles = random.nextDouble() < faults.duplication();
            boolean changes = random.nextDouble() < faults.corruption();
            boolean reorders = random.nextDouble() < faults.reordering();
            double jitter = random.nextDouble();
            int bit = (int) (random.nextDouble() * length * 8);
            if (loses) {
                lost.incrementAndGet();
                return !late.isEmpty();
            }
            if (changes || faults.slow()) {
                own = Arrays.copyOfRange(frame, offset, offset + length);
                at = 0;
            }
            if (changes && length > 0) {
                changed.incrementAndGet();
                own[bit >> 3] ^= (byte) (1 << (bit & 7));
            }
            times = doubles ? 2 : 1;
            doubled.addAndGet(times - 1);
            if (faults.slow()) {
                for (int i = 0; i < times; i++) {
                    queue(own, jitter, reorders, now);
                }
                times = 0;
            }
            waits = !late.isEmpty();
        }
        for (int i = 0; i < times; i++) {
            exit.pass(own, at, length);
        }
        return waits;
    }

    private void queue(byte[] frame, double jitter, boolean reorders, long now) {
        if (late.size() >= LIMIT) {
            overrun.incrementAndGet();
            return;
        }
        long leaves = now;
        if (faults.rate() > 0) {
            busyUntil = Math.max(now, busyUntil) + frame.length * 8_000_000_000L / faults.rate();
            leaves = busyUntil;
        }
        long due = leaves + faults.delay() + (long) (jitter * faults.jitter());
        if (reorders) {
            overtaken.incrementAndGet();
            due += Math.max(REORDERED, faults.delay());
        } else {
            due = Math.max(due, latest);
            latest = due;
        }
        late.add(new Late(due, number++, frame));
    }

    /** When the next frame arrives; {@link Long#MAX_VALUE} if none is on its way. */
    synchronized long next() {
        return late.isEmpty() ? Long.MAX_VALUE : late.peek().due;
    }

    /** Passes on what has arrived. Called by one strand at a time. */
    void poll(long now) {
        while (true) {
            Late one;
            synchronized (this) {
                one = late.isEmpty() || late.peek().due > now ? null : late.poll();
            }
            if (one == null) {
                return;
            }
            exit.pass(one.frame, 0, one.frame.length);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        count(text, "lost", lost);
        count(text, "overrun", overrun);
        count(text, "doubled", doubled);
        count(text, "changed", changed);
        count(text, "overtaken", overtaken);
        return text.toString();
    }

    private static void count(StringBuilder text, String name, AtomicLong count) {
        if (count.get() > 0) {
            text.append(text.isEmpty() ? "" : " ").append(name).append(' ').append(count.get());
        }
    }
}
