package kernel.core.machine;

/**
 * An ATM adapter of the machine: it cuts packets into cells and puts them together again by itself (AAL5, ITU-T I.363.5), for
 * permanent virtual circuits. Registered as a service, with what it was ordered with as properties. Thread-safe.
 */
public interface AtmAdapter {

    /** Optional service property: address and prefix, {@code 10.2.0.1/24}. */
    String ADDRESS = "spin.address";
    /** Optional service property: address of the default route's gateway. */
    String ROUTE = "spin.route";
    /** Optional service property, texts: the circuits, {@code VPI.VCI} or {@code VPI.VCI:ADDRESS} of who is at the other end. */
    String CIRCUITS = "spin.circuits";
    /** Bytes of the longest packet. */
    int LONGEST = 65535;

    /** Name for people, such as {@code atm0}. */
    String name();

    /** Bytes of the largest IP packet that is to go over it. */
    int mtu();

    /** Whether packets cannot be changed on the way, so that checksums within need not be computed. */
    boolean intact();

    /**
     * Begins to receive from a circuit.
     *
     * @param vpi virtual path, 0 to 255
     * @param vci virtual channel, 0 to 65535
     */
    void open(int vpi, int vci);

    /** Ends to receive from a circuit. */
    void close(int vpi, int vci);

    /**
     * Sends a packet, 1 to {@link #LONGEST} bytes, into a circuit. Does not wait: what finds no room is lost, as on any wire. Does not
     * call the receiver.
     *
     * @param packet lent while this runs
     */
    void transmit(int vpi, int vci, byte[] packet, int offset, int length);

    /**
     * Says who is given the packets that come, in a strand of the adapter's, one at a time.
     *
     * @param receiver or null for nobody; when this returns no call to the one before is under way or will be made, unless
     *            it is that one who calls
     */
    void connect(Receiver receiver);

    /** What it is on, what is wrong with that, and what was lost there: a line for people. */
    String details();

    /** Who is given packets. */
    @FunctionalInterface
    interface Receiver {
        /** A packet came whole; the bytes are lent while this runs. */
        void received(int vpi, int vci, byte[] packet, int offset, int length);
    }
}
