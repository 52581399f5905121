package run.itest;

import kernel.core.machine.NetworkAdapter;

/** An adapter by which frames come that nobody has sent, besides those of its wire. Thread-safe, as what it is given to is. */
final class Injector implements NetworkAdapter {

    private final NetworkAdapter wire;
    private volatile Receiver receiver;

    Injector(NetworkAdapter wire) {
        this.wire = wire;
    }

    /** A frame comes. */
    void inject(byte[] frame) {
        Receiver to = receiver;
        if (to != null) {
            to.received(frame, 0, frame.length);
        }
    }

    @Override
    public void connect(Receiver to) {
        receiver = to;
        wire.connect(to);
    }

    @Override
    public String name() {
        return wire.name();
    }

    @Override
    public long address() {
        return wire.address();
    }

    @Override
    public int mtu() {
        return wire.mtu();
    }

    @Override
    public boolean intact() {
        return wire.intact();
    }

    @Override
    public void transmit(byte[] frame, int offset, int length) {
        wire.transmit(frame, offset, length);
    }

    @Override
    public String details() {
        return wire.details();
    }
}
