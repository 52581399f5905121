package kernel.ext.net.forward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import kernel.core.machine.NetworkAdapter;

/** A wire with any number of adapters: what one sends its thread gives to all others. */
final class Hub implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final List<Adapter> adapters = new CopyOnWriteArrayList<>();
    /** What gets lost. */
    volatile Predicate<byte[]> loses = _ -> false;
    /** What is changed on the way, and how. */
    volatile Predicate<byte[]> changes = _ -> false;

    Adapter add(int number) {
        Adapter adapter = new Adapter(0x0800_2B00_0000L + number);
        adapters.add(adapter);
        return adapter;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** One end. */
    final class Adapter implements NetworkAdapter {
        private final long address;
        private volatile Receiver receiver;
        final List<byte[]> sent = new ArrayList<>();

        private Adapter(long address) {
            this.address = address;
        }

        @Override
        public String name() {
            return "eth0";
        }

        @Override
        public long address() {
            return address;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public boolean intact() {
            return false;
        }

        @Override
        public void transmit(byte[] frame, int offset, int length) {
            byte[] own = Arrays.copyOfRange(frame, offset, offset + length);
            thread.execute(() -> {
                changes.test(own);
                if (!loses.test(own)) {
                    for (Adapter one : adapters) {
                        Receiver to = one.receiver;
                        if (one != this && to != null) {
                            to.received(own, 0, own.length);
                        }
                    }
                }
            });
        }

        @Override
        public void connect(Receiver to) {
            receiver = to;
        }
    }
}
