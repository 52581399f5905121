package hw.alpha.mmu;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Which frames are free, by number, and who waits for one: in the order in which they came, but for whoever takes frames away for
 * all, who is first. While somebody waits no frame is free: one that is freed is the first one's from that moment, so that nobody
 * who comes later is faster.
 *
 * <p>Thread-safe: the monitor guards everything, and is the last lock that is taken.
 */
final class FreeFrames {

    /** No frame. */
    static final int NONE = -1;
    /** Bit of a number that {@link #take} gives: nobody had the frame before. */
    static final int UNUSED = Integer.MIN_VALUE;

    /** Somebody's place in the line. */
    static final class Claim {
        private final Thread thread = Thread.currentThread();
        private int frame = NONE;
    }

    /** Numbers of the frames that were freed and not allocated again. */
    private final BitSet recycled = new BitSet();
    private int recycledCount;
    /** Where the next is looked for: neighbours are allocated one after the other, which windows like. */
    private int cursor;
    /** Frames from this number on were never allocated. */
    private int fresh;
    /** There are no frames from this number on. */
    private int end;
    private volatile long freed;
    private final Deque<Claim> line = new ArrayDeque<>();

    FreeFrames(int total) {
        end = total;
    }

    synchronized int count() {
        return end - fresh + recycledCount;
    }

    /** Frames that were freed, all told. */
    long freed() {
        return freed;
    }

    /** A frame's number, with {@link #UNUSED} or without, or {@link #NONE}. Those that were freed come first. */
    synchronized int take() {
        if (recycledCount > 0) {
            int number = recycled.nextSetBit(cursor);
            number = number < 0 ? recycled.nextSetBit(0) : number;
            recycled.clear(number);
            recycledCount--;
            cursor = number + 1;
            return number;
        }
        return fresh == end ? NONE : fresh++ | UNUSED;
    }

    /** The host has no memory for frames from a number on, of which none was ever given back. */
    synchronized void endAt(int number) {
        end = Math.min(end, number);
        fresh = Math.min(fresh, end);
    }

    /** A frame is free: the first in line gets it, or whoever comes. */
    void put(int number) {
        Claim first;
        synchronized (this) {
            freed++;
            first = line.poll();
            if (first == null) {
                recycled.set(number);
                recycledCount++;
                return;
            }
            first.frame = number;
        }
        LockSupport.unpark(first.thread);
    }

    /** Waits in line for one, unless one is free. The caller polls its claim, and leaves in the end. */
    synchronized Claim claim() {
        Claim claim = new Claim();
        claim.frame = take();
        if (claim.frame == NONE) {
            line.add(claim);
        }
        return claim;
    }

    /** The one that takes frames away goes to the head of the line, for it will not wait for others to do it. */
    synchronized void first(Claim claim) {
        if (line.remove(claim)) {
            line.addFirst(claim);
        }
    }

    /** The frame that the claim has got, or {@link #NONE}. */
    synchronized int granted(Claim claim) {
        return claim.frame;
    }

    /** Leaves the line. @return the frame that it has got, or {@link #NONE} */
    synchronized int leave(Claim claim) {
        line.remove(claim);
        return claim.frame;
    }

    /** Wakes the first in line, for nobody takes frames away now. */
    void wakeFirst() {
        Claim first;
        synchronized (this) {
            first = line.peek();
        }
        if (first != null) {
            LockSupport.unpark(first.thread);
        }
    }
}
