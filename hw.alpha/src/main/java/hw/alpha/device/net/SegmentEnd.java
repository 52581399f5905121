package hw.alpha.device.net;

import java.util.function.Function;
import kernel.core.machine.NetworkAdapter;

/** An adapter on a wire between processes. Thread-safe. */
final class SegmentEnd implements NetworkAdapter, Switchable {

    private final String name;
    private final long address;
    private final int mtu;
    private final Segment segment;
    private final Object busy = new Object();
    private volatile Receiver receiver;

    SegmentEnd(String name, long address, int mtu, Function<FaultyLine.Exit, Segment> wire) {
        this.name = name;
        this.address = address;
        this.mtu = mtu;
        segment = wire.apply(this::arrived);
        segment.start();
    }

    private void arrived(byte[] frame, int offset, int length) {
        synchronized (busy) {
            Receiver to = receiver;
            if (to != null) {
                to.received(frame, offset, length);
            }
        }
    }

    @Override
    public void off() {
        segment.off();
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
        segment.send(frame, offset, length);
    }

    @Override
    public void connect(Receiver to) {
        receiver = to;
        if (!Thread.holdsLock(busy)) {
            synchronized (busy) { // whoever was called has returned
                receiver = to;
            }
        }
    }

    @Override
    public String details() {
        return segment.details();
    }
}
