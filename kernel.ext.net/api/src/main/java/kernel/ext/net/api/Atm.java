package kernel.ext.net.api;

import java.io.IOException;
import java.util.List;

/** The ATM adapters, for applications with circuits of their own. Thread-safe. */
public interface Atm {

    /**
     * Takes a permanent virtual circuit.
     *
     * @param adapter such as {@code atm0}
     * @param vpi virtual path, 0 to 255
     * @param vci virtual channel, 0 to 65535
     * @param name for people
     * @param handler is called in the adapter's strand, and must not wait; may send
     * @throws IOException there is no such adapter, or somebody has that circuit
     */
    Circuit open(String adapter, int vpi, int vci, String name, AtmReceive handler) throws IOException;

    /** Names of the adapters. */
    List<String> adapters();

    /** A circuit. Thread-safe. */
    interface Circuit extends AutoCloseable {

        /** What {@link AtmReceive} knows it by. */
        int key();

        /** Sends a packet, 1 to 65535 bytes, which are lent while this runs. Does not wait: what finds no room is lost. */
        void send(byte[] packet, int offset, int length);

        @Override
        void close();
    }
}
