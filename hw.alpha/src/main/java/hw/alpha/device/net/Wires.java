package hw.alpha.device.net;

import java.io.IOException;
import kernel.core.machine.NetworkAdapter;

/** Wires for a plain Java program, which orders them in the words of {@code run/spin --net} (docs/network.md). */
public final class Wires {

    private Wires() {}

    /**
     * An adapter and its switch.
     *
     * @param adapter on the wire
     * @param off switches it off for good
     */
    public record Fitted(NetworkAdapter adapter, Runnable off) implements AutoCloseable {
        @Override
        public void close() {
            off.run();
        }
    }

    /**
     * Puts an adapter on a wire.
     *
     * @param name of the adapter, such as {@code eth0}
     * @param order {@code wire:unix:PATH}, {@code wire:HOST:PORT} or {@code tap:NAME:ADDRESS/PREFIX}, and options
     * @throws IOException the wire cannot be had; the message says what to do
     * @throws IllegalArgumentException the order cannot be understood
     */
    public static Fitted ethernet(String name, String order) throws IOException {
        NetworkOrder wanted = NetworkOrder.parse(order);
        if (wanted.wire().equals("gateway")) {
            throw new IllegalArgumentException("a gateway is within a kernel; a plain program has the host's sockets");
        }
        NetworkAdapter adapter = wanted.fit(name).getFirst();
        return new Fitted(adapter, ((Switchable) adapter)::off);
    }
}
