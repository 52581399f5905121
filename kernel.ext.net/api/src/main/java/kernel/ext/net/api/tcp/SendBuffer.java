package kernel.ext.net.api.tcp;

/**
 * Bytes that the application wants sent, until they are acknowledged: a ring that grows up to its limit, and as its owner's allowance
 * lets it.
 */
public final class SendBuffer {

    private static final int FIRST = Allowance.FREE;

    private final int limit;
    private final Allowance allowance;
    private byte[] ring = new byte[0];
    private int head;
    private int size;

    SendBuffer(int limit, Allowance allowance) {
        this.limit = limit;
        this.allowance = allowance;
    }

    /** Bytes that it could hold now. */
    public int most() {
        int next = Math.max(FIRST, 2 * ring.length);
        return allowance.has(next - ring.length) ? limit : Math.min(limit, Math.max(FIRST, ring.length));
    }

    /** Bytes in it. */
    public int size() {
        return size;
    }

    /** Bytes that still fit. */
    public int room() {
        return Math.max(0, most() - size);
    }

    /** Appends as many of the bytes as fit; answers how many. */
    public int write(byte[] from, int offset, int count) {
        int some = Math.min(count, room());
        if (size + some > ring.length) {
            grow(size + some);
            some = Math.min(some, ring.length - size);
        }
        int tail = head + size & ring.length - 1;
        int first = Math.min(some, ring.length - tail);
        if (some > 0) {
            System.arraycopy(from, offset, ring, tail, first);
            System.arraycopy(from, offset + first, ring, 0, some - first);
        }
        size += some;
        return some;
    }

    /** Copies bytes out, counted from the first that is not acknowledged. */
    public void copy(int at, byte[] to, int offset, int count) {
        if (at < 0 || at + count > size) {
            throw new IndexOutOfBoundsException(at + " + " + count + " of " + size);
        }
        if (count > 0) {
            int from = head + at & ring.length - 1;
            int first = Math.min(count, ring.length - from);
            System.arraycopy(ring, from, to, offset, first);
            System.arraycopy(ring, 0, to, offset + first, count - first);
        }
    }

    /** Forgets the first bytes: they were acknowledged. */
    public void drop(int count) {
        if (count > size) {
            throw new IndexOutOfBoundsException(count + " of " + size);
        }
        if (count > 0) {
            head = head + count & ring.length - 1;
            size -= count;
        }
        if (size == 0 && ring.length > FIRST && allowance.tight()) {
            release();
        }
    }

    /** Forgets everything and gives its memory back. */
    public void release() {
        allowance.exchange(ring.length, 0);
        ring = new byte[0];
        head = 0;
        size = 0;
    }

    private void grow(int wanted) {
        int capacity = Math.max(FIRST, Integer.highestOneBit(Math.max(1, wanted - 1)) * 2);
        while (!allowance.exchange(ring.length, capacity)) {
            capacity /= 2; // ends at what it has, or at what is free
            if (capacity <= ring.length) {
                return;
            }
        }
        byte[] more = new byte[capacity];
        copy(0, more, 0, size);
        ring = more;
        head = 0;
    }
}
