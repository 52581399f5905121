package kernel.ext.net.api.tcp;

import java.util.Arrays;

/**
 * The scoreboard: what was sent and is not acknowledged, segment by segment in the order of sequence numbers, and what became
 * of it. A ring of parallel arrays, so that keeping it allocates nothing.
 */
public final class SentSegments {

    /** Marks: the other side has it; it is held lost and must be sent again; it was sent again. */
    public static final int SACKED = 1, LOST = 2, AGAIN = 4;

    private int[] from = new int[16];
    private int[] to = new int[16];
    private long[] time = new long[16];
    private byte[] marks = new byte[16];
    private int head;
    private int count;
    private int sacked;
    private int lost;
    private int sackedCount;

    /** How many segments. */
    public int count() {
        return count;
    }

    /** Sequence numbers in segments that the other side has. */
    public int sackedBytes() {
        return sacked;
    }

    /** Segments that the other side has. */
    public int sackedCount() {
        return sackedCount;
    }

    /** Sequence numbers in segments that are held lost. */
    public int lostBytes() {
        return lost;
    }

    private int slot(int i) {
        return head + i & from.length - 1;
    }

    /** First sequence number of a segment. */
    public int from(int i) {
        return from[slot(i)];
    }

    /** The one after its last. */
    public int to(int i) {
        return to[slot(i)];
    }

    /** When it was sent last. */
    public long time(int i) {
        return time[slot(i)];
    }

    /** Its marks. */
    public int marks(int i) {
        return marks[slot(i)];
    }

    /** Adds one at the end. */
    public void add(int begin, int end, long now) {
        if (count == from.length) {
            resize(2 * count);
        }
        int slot = slot(count++);
        from[slot] = begin;
        to[slot] = end;
        time[slot] = now;
        marks[slot] = 0;
    }

    /** Changes a segment's marks. */
    public void mark(int i, int newMarks) {
        int slot = slot(i);
        int size = to[slot] - from[slot];
        int old = marks[slot];
        sacked += ((newMarks & SACKED) - (old & SACKED)) * size;
        sackedCount += (newMarks & SACKED) - (old & SACKED);
        lost += ((newMarks & LOST) - (old & LOST)) / LOST * size;
        marks[slot] = (byte) newMarks;
    }

    /** Notes that it was sent again. */
    public void sentAgain(int i, long now) {
        mark(i, marks(i) & ~LOST | AGAIN);
        time[slot(i)] = now;
    }

    /** Removes the first. */
    public void removeFirst() {
        mark(0, 0);
        head = head + 1 & from.length - 1;
        count--;
    }

    /** Cuts away the part of the first segment before this sequence number. */
    public void trimFirst(int begin) {
        int old = marks(0);
        mark(0, 0);
        from[head] = begin;
        mark(0, old);
    }

    /** Makes two segments of one, the first of them of so many bytes. */
    public void split(int i, int bytes) {
        int begin = from(i);
        int end = to(i);
        int old = marks(i);
        long when = time(i);
        mark(i, 0);
        add(0, 0, 0);
        for (int k = count - 1; k > i; k--) {
            int to1 = slot(k);
            int from1 = slot(k - 1);
            from[to1] = from[from1];
            to[to1] = to[from1];
            time[to1] = time[from1];
            marks[to1] = marks[from1];
        }
        put(i, begin, begin + bytes, when, old);
        put(i + 1, begin + bytes, end, when, old);
    }

    private void put(int i, int begin, int end, long when, int newMarks) {
        int slot = slot(i);
        from[slot] = begin;
        to[slot] = end;
        time[slot] = when;
        marks[slot] = 0;
        mark(i, newMarks);
    }

    /** Index of the segment that holds a sequence number or, if none does, of the first behind it. */
    public int find(int sequence) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            if (to(middle) - sequence <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Forgets everything. */
    public void clear() {
        head = 0;
        count = 0;
        sacked = 0;
        lost = 0;
        sackedCount = 0;
    }

    private void resize(int capacity) {
        int[] newFrom = new int[capacity];
        int[] newTo = new int[capacity];
        long[] newTime = new long[capacity];
        byte[] newMarks = Arrays.copyOf(marks, capacity);
        for (int i = 0; i < count; i++) {
            int slot = slot(i);
            newFrom[i] = from[slot];
            newTo[i] = to[slot];
            newTime[i] = time[slot];
            newMarks[i] = marks[slot];
        }
        from = newFrom;
        to = newTo;
        time = newTime;
        marks = newMarks;
        head = 0;
    }
}
