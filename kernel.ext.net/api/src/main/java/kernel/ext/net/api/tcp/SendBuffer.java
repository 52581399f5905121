package kernel.ext.net.api.tcp;

/** Bytes that the application wants sent, until they are acknowledged: a ring that grows up to its limit. */
public final class SendBuffer {

    private static final int FIRST = 8192;

    private final int limit;
    private byte[] ring = new byte[0];
    private int head;
    private int size;

    SendBuffer(int limit) {
        this.limit = limit;
    }

    /** Bytes in it. */
    public int size() {
        return size;
    }

    /** Bytes that still fit. */
    public int room() {
        return limit - size;
    }

    /** Appends as many of the bytes as fit; answers how many. */
    public int write(byte[] from, int offset, int count) {
        int some = Math.min(count, room());
        if (size + some > ring.length) {
            grow(size + some);
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
    }

    /** Forgets everything and gives its memory back. */
    public void release() {
        ring = new byte[0];
        head = 0;
        size = 0;
    }

    private void grow(int wanted) {
        int capacity = Math.max(FIRST, Integer.highestOneBit(Math.max(1, wanted - 1)) * 2);
        byte[] more = new byte[capacity];
        copy(0, more, 0, size);
        ring = more;
        head = 0;
    }
}
