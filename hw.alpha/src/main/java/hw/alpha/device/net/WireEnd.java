package hw.alpha.device.net;

import java.util.concurrent.locks.LockSupport;
import kernel.core.machine.NetworkAdapter;

/**
 * One end of a wire within the machine: what is sent at the other end comes out here. A ring with one writer at a time (its monitor
 * of the other end) and one reader, this end's thread; positions are volatile, frames are copied into the ring's own
 * slots. A full ring loses frames, which are counted. Thread-safe.
 */
public final class WireEnd implements NetworkAdapter, Switchable {

    private static final int SLOTS = 256;
    /** Frames that are handed over together at most. */
    private static final int TOGETHER = 64;
    /** How often the reader looks again before it sleeps. */
    private static final int SPINS = 200;

    private final String name;
    private final long address;
    private final int mtu;
    private final byte[][] slots = new byte[SLOTS][0];
    private final int[] lengths = new int[SLOTS];
    private volatile long head;
    private volatile long tail;
    private volatile boolean asleep;
    private volatile boolean off;
    private volatile Receiver receiver;
    private volatile long lost;
    private final Object busy = new Object();
    private final Thread thread;
    private WireEnd other;

    private WireEnd(String name, long address, int mtu) {
        this.name = name;
        this.address = address;
        this.mtu = mtu;
        thread = new Thread(this::run, "wire " + name);
        thread.setDaemon(true);
    }

    /** Two ends, switched on. */
    public static WireEnd[] pair(String nameA, long addressA, String nameB, long addressB, int mtu) {
        WireEnd a = new WireEnd(nameA, addressA, mtu);
        WireEnd b = new WireEnd(nameB, addressB, mtu);
        a.other = b;
        b.other = a;
        a.thread.start();
        b.thread.start();
        return new WireEnd[]{a, b};
    }

    @Override
    public void off() {
        off = true;
        LockSupport.unpark(thread);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public boolean intact() {
        return true;
    }

    /** Frames that found no room at the other end. */
    public long lost() {
        return other.lost;
    }

    @Override
    public void transmit(byte[] frame, int offset, int length) {
        other.put(frame, offset, length);
    }

    private synchronized void put(byte[] frame, int offset, int length) {
        long at = tail;
        if (at - head == SLOTS || off) {
            lost++;
            return;
        }
        int slot = (int) at & SLOTS - 1;
        if (slots[slot].length < length) {
            slots[slot] = new byte[length <= 2048 ? 2048 : length];
        }
        System.arraycopy(frame, offset, slots[slot], 0, length);
        lengths[slot] = length;
        tail = at + 1;
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void connect(Receiver to) {
        receiver = to;
        if (Thread.currentThread() != thread) {
            synchronized (busy) { // whoever was called has returned
                receiver = to;
            }
        }
    }

    @Override
    public String details() {
        return "wire within the machine" + (lost() > 0 ? ", no room for " + lost() : "");
    }

    /** Hands frames over, up to a position. */
    private void hand(long end) {
        synchronized (busy) {
            Receiver to = receiver;
            if (to == null) {
                head = end;
                return;
            }
            to.begun();
            try {
                while (head < end) {
                    int slot = (int) head & SLOTS - 1;
                    try {
                        to.received(slots[slot], 0, lengths[slot]);
                    } finally {
                        head++;
                    }
                }
            } finally {
                to.ended();
            }
        }
    }

    private void run() {
        int spins = 0;
        while (!off) {
            if (head < tail) {
                spins = 0;
                hand(Math.min(tail, head + TOGETHER));
            } else if (++spins < SPINS) {
                Thread.onSpinWait();
            } else {
                asleep = true;
                if (head == tail && !off) {
                    LockSupport.park(this);
                }
                asleep = false;
                spins = 0;
            }
        }
    }
}
