package hw.alpha.device.net;

import java.io.IOException;
import java.util.List;
import kernel.core.machine.AtmAdapter;
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
     * An ATM adapter and its switch.
     *
     * @param adapter on the wire
     * @param circuits that it was ordered with
     * @param off switches it off for good
     */
    public record FittedAtm(AtmAdapter adapter, List<String> circuits, Runnable off) implements AutoCloseable {
        @Override
        public void close() {
            off.run();
        }
    }

    /**
     * Puts an ATM adapter on a wire.
     *
     * @param name of the adapter, such as {@code atm0}
     * @param order {@code wire:unix:PATH} or {@code wire:HOST:PORT}, and options
     * @throws IOException the wire cannot be had; the message says what to do
     * @throws IllegalArgumentException the order cannot be understood
     */
    public static FittedAtm atm(String name, String order) throws IOException {
        NetworkOrder wanted = NetworkOrder.parseAtm(order);
        AtmCard card = wanted.fitAtm(name);
        return new FittedAtm(card, wanted.circuits(), card::off);
    }

    /** Two ATM adapters on one wire within this process. */
    public static FittedAtm[] atmPair(String nameA, String nameB) {
        WireEnd[] ends = WireEnd.pair(nameA, 0, nameB, 0, AtmAdapter.LONGEST);
        FittedAtm[] both = new FittedAtm[2];
        for (int i = 0; i < 2; i++) {
            AtmCard card = new AtmCard(ends[i], 9180, false);
            both[i] = new FittedAtm(card, List.of("0.100"), card::off);
        }
        return both;
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
