package kernel.ext.net.api.tcp;

import kernel.ext.net.api.Packet;

/**
 * Bytes from the other side: those in order, which the application takes, and pieces behind gaps, each at its place in the
 * same ring. Places count from the next byte expected. How many it may hold is granted by its owner's allowance before the other side is
 * told of it: some at first, twice as many when half of that has come, up to its limit.
 */
public final class ReceiveBuffer {

    private static final int FIRST = Allowance.FREE;
    /** Bytes that are granted at first, if the allowance has them. */
    private static final int GRANTED = 128 * 1024;
    /** Gaps that are remembered; what would make more is not taken. */
    private static final int PIECES = 64;

    private final int limit;
    private final Allowance allowance;
    private byte[] ring = new byte[0];
    private int head;
    private int ready;
    private int[] from = new int[8];
    private int[] to = new int[8];
    private int pieces;
    private int latest = -1;
    /** Bytes that it may hold; of those that have come, how many since that grew. */
    private int granted, since;

    ReceiveBuffer(int limit, Allowance allowance) {
        this.limit = limit;
        this.allowance = allowance;
        granted = Math.min(limit, FIRST);
        for (int more = Math.min(limit, GRANTED); more > granted; more /= 2) {
            if (allowance.exchange(granted, more)) {
                granted = more;
            }
        }
    }

    /** After much has come, more is granted. */
    private void came(int moved) {
        since += moved;
        if (since >= granted / 2 && granted < limit) {
            int more = (int) Math.min(limit, 2L * granted);
            if (allowance.exchange(granted, more)) {
                granted = more;
                since = 0;
            }
        }
    }

    /** Bytes that the application can take. */
    public int ready() {
        return ready;
    }

    /** Bytes that may still come, those behind gaps included. */
    public int room() {
        return Math.max(0, granted - ready);
    }

    /** Bytes that it may hold now, read or not. */
    public int granted() {
        return granted;
    }

    /** How many pieces lie behind gaps. */
    public int pieces() {
        return pieces;
    }

    /** Index of the piece that was added to last, -1 if there is none. */
    public int latest() {
        return latest;
    }

    /** Where a piece begins. */
    public int from(int piece) {
        return from[piece];
    }

    /** Where a piece ends. */
    public int to(int piece) {
        return to[piece];
    }

    /** Whether these places are all filled. */
    public boolean has(int begin, int end) {
        for (int i = 0; i < pieces; i++) {
            if (from[i] <= begin && end <= to[i]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes bytes of a packet.
     *
     * @param place of the first of them
     * @param at where in the packet they begin
     * @param count how many, 1 or more
     * @return by how much the next byte expected moves; 0 if there is a gap before them; -1 if they were not taken
     */
    public int add(int place, Packet packet, int at, int count) {
        int end = place + count;
        if (place > 0 && pieces == PIECES && !touches(place, end)) {
            return -1;
        }
        if (ready + end > ring.length) {
            grow(ready + end);
        }
        int tail = head + ready + place & ring.length - 1;
        int first = Math.min(count, ring.length - tail);
        packet.copyTo(at, ring, tail, first);
        packet.copyTo(at + first, ring, 0, count - first);
        if (place > 0) {
            insert(place, end);
            return 0;
        }
        int moved = end;
        while (pieces > 0 && from[0] <= moved) {
            moved = Math.max(moved, to[0]);
            remove(0);
        }
        for (int i = 0; i < pieces; i++) {
            from[i] -= moved;
            to[i] -= moved;
        }
        latest = Math.min(latest, pieces - 1);
        ready += moved;
        came(moved);
        return moved;
    }

    /** Takes bytes out; answers how many. */
    public int read(byte[] into, int offset, int count) {
        int some = peek(into, offset, count);
        if (some > 0) {
            head = head + some & ring.length - 1;
            ready -= some;
        }
        if (ready == 0 && pieces == 0 && ring.length > FIRST && allowance.tight()) {
            ring = new byte[0];
            head = 0;
        }
        return some;
    }

    /** Copies bytes that can be taken out, which stay; answers how many. */
    public int peek(byte[] into, int offset, int count) {
        int some = Math.min(count, ready);
        if (some > 0) {
            int first = Math.min(some, ring.length - head);
            System.arraycopy(ring, head, into, offset, first);
            System.arraycopy(ring, 0, into, offset + first, some - first);
        }
        return some;
    }

    /** Forgets everything and gives its memory back. */
    public void release() {
        allowance.exchange(granted, 0);
        granted = 0;
        ring = new byte[0];
        head = 0;
        ready = 0;
        pieces = 0;
        latest = -1;
    }

    private boolean touches(int begin, int end) {
        for (int i = 0; i < pieces; i++) {
            if (from[i] <= end && begin <= to[i]) {
                return true;
            }
        }
        return false;
    }

    private void insert(int begin, int end) {
        int i = 0;
        while (i < pieces && to[i] < begin) {
            i++;
        }
        if (i < pieces && from[i] <= end) {
            from[i] = Math.min(from[i], begin);
            to[i] = Math.max(to[i], end);
            while (i + 1 < pieces && from[i + 1] <= to[i]) {
                to[i] = Math.max(to[i], to[i + 1]);
                remove(i + 1);
            }
        } else {
            if (pieces == from.length) {
                from = java.util.Arrays.copyOf(from, 2 * pieces);
                to = java.util.Arrays.copyOf(to, 2 * pieces);
            }
            System.arraycopy(from, i, from, i + 1, pieces - i);
            System.arraycopy(to, i, to, i + 1, pieces - i);
            from[i] = begin;
            to[i] = end;
            pieces++;
        }
        latest = i;
    }

    private void remove(int i) {
        pieces--;
        System.arraycopy(from, i + 1, from, i, pieces - i);
        System.arraycopy(to, i + 1, to, i, pieces - i);
    }

    private void grow(int wanted) {
        byte[] more = new byte[Math.max(FIRST, Integer.highestOneBit(Math.max(1, wanted - 1)) * 2)];
        for (int i = 0; i < ring.length; i++) {
            more[i] = ring[head + i & ring.length - 1];
        }
        ring = more;
        head = 0;
    }
}
