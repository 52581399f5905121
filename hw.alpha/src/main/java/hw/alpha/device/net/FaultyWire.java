package hw.alpha.device.net;

import java.util.concurrent.locks.LockSupport;
import kernel.core.machine.NetworkAdapter;

/**
 * An adapter whose wire has faults, in both directions: give them at one end. Where something is held up on the way, a thread of its own
 * passes it on. Thread-safe.
 */
final class FaultyWire implements NetworkAdapter, Switchable {

    private final NetworkAdapter good;
    private final Faults faults;
    private final FaultyLine out;
    private final FaultyLine in;
    private final Object busy = new Object();
    private volatile Receiver receiver;
    private volatile boolean off;
    private final Thread thread;

    FaultyWire(NetworkAdapter good, Faults faults) {
        this.good = good;
        this.faults = faults;
        out = new FaultyLine(faults, faults.seed(), good::transmit);
        in = new FaultyLine(faults, ~faults.seed(), this::arrived);
        thread = new Thread(this::run, "wire " + good.name() + ", on the way");
        thread.setDaemon(true);
        if (faults.slow()) {
            thread.start();
        }
    }

    @Override
    public void off() {
        off = true;
        LockSupport.unpark(thread);
        ((Switchable) good).off();
    }

    private void run() {
        while (!off) {
            long now = System.nanoTime();
            long wait = Math.min(out.next(), in.next()) - now;
            if (wait > 0) {
                LockSupport.parkNanos(this, Math.min(wait, 1_000_000_000L));
            } else {
                out.poll(now);
                in.poll(now);
            }
        }
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
    public void transmit(byte[] frame, int offset, int length) {
        if (out.enter(frame, offset, length, System.nanoTime())) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void connect(Receiver to) {
        receiver = to;
        good.connect(to == null ? null : (frame, offset, length) -> {
            if (in.enter(frame, offset, length, System.nanoTime())) {
                LockSupport.unpark(thread);
            }
        });
        if (!Thread.holdsLock(busy)) {
            synchronized (busy) { // whoever was called has returned
                receiver = to;
            }
        }
    }

    @Override
    public String name() {
        return good.name();
    }

    @Override
    public long address() {
        return good.address();
    }

    @Override
    public int mtu() {
        return good.mtu();
    }

    @Override
    public boolean intact() {
        return good.intact() && faults.corruption() == 0;
    }

    @Override
    public String details() {
        String sent = out.toString();
        String came = in.toString();
        return good.details() + "; " + faults + (sent.isEmpty() ? "" : "; out: " + sent)
                + (came.isEmpty() ? "" : "; in: " + came);
    }
}
