package hw.alpha.device.net;

import java.io.IOException;
import kernel.core.machine.NetworkAdapter;

/**
 * An adapter on a TAP device of Linux (Documentation/networking/tuntap.rst): frames go to and come from the host's own network
 * stack. Needs the right to open the device. Its thread waits for frames; senders write to the device at once. Thread-safe.
 */
public final class TapAdapter implements NetworkAdapter, Switchable {

    /** Frames that are handed over together at most, and bytes of them. */
    private static final int TOGETHER = 64, ROOM = 2 * TapFile.LONGEST;

    private final String name;
    private final String tap;
    private final long address;
    private final int mtu;
    private final TapFile device;
    private final Object busy = new Object();
    private volatile Receiver receiver;
    private volatile boolean off;
    private final Thread thread;

    /**
     * Opens the device and makes it if it is not there.
     *
     * @throws IOException it cannot be had; the message says what to do
     */
    public TapAdapter(String name, String tap, long address, int mtu) throws IOException {
        this.name = name;
        this.tap = tap;
        this.address = address;
        this.mtu = mtu;
        try {
            device = TapFile.open(tap);
        } catch (IOException e) {
            throw new IOException("The TAP device " + tap + " cannot be had: " + e.getMessage()
                    + ". It needs root, or a device made for this user: ip tuntap add dev " + tap
                    + " mode tap user NAME", e);
        }
        thread = new Thread(this::run, "tap " + tap);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void off() {
        off = true;
        thread.interrupt();
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
        return false;
    }

    @Override
    public void transmit(byte[] frame, int offset, int length) {
        if (!off) {
            device.write(frame, offset, length);
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
        return "the host's TAP device " + tap;
    }

    private void run() {
        byte[] frames = new byte[ROOM];
        int[] ends = new int[TOGETHER];
        while (!off) {
            int count = device.read(frames, ends);
            if (count < 0) {
                break;
            }
            if (count > 0) {
                hand(frames, ends, count);
            }
        }
        device.close();
    }

    private void hand(byte[] frames, int[] ends, int count) {
        synchronized (busy) {
            Receiver to = receiver;
            if (to == null) {
                return;
            }
            to.begun();
            try {
                int at = 0;
                for (int i = 0; i < count; i++) {
                    to.received(frames, at, ends[i] - at);
                    at = ends[i];
                }
            } finally {
                to.ended();
            }
        }
    }
}
