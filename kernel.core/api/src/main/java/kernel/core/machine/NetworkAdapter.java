package kernel.core.machine;

/**
 * A network adapter of the machine, for Ethernet frames. Registered as a service, with the property {@value #NETWORK} that
 * says whose it is. Thread-safe.
 */
public interface NetworkAdapter {

    /** Service property: which of the machine's networks it is for. */
    String NETWORK = "spin.network";
    /** {@link #NETWORK}: the kernel's. */
    String KERNEL = "kernel";
    /** {@link #NETWORK}: the other side of the wire to the outside. */
    String GATEWAY = "gateway";
    /** Optional service property: addresses and prefixes with blanks between, {@code 10.0.2.15/24 fd00::15/64}, or {@value #DHCP}. */
    String ADDRESS = "spin.address";
    /** {@link #ADDRESS}: a server on the wire says it. */
    String DHCP = "dhcp";
    /** Optional service property: address of who answers for names. */
    String RESOLVER = "spin.resolver";
    /** Optional service property: address of the default route's gateway. */
    String ROUTE = "spin.route";

    /** Name for people, such as {@code eth0}. */
    String name();

    /** Hardware address, 48 bits. */
    long address();

    /** Bytes of the largest IP packet that a frame carries. */
    int mtu();

    /** Whether frames cannot be changed on the way, so that checksums within need not be computed. */
    boolean intact();

    /**
     * Sends a frame. Does not wait: what finds no room is lost, as on any wire. Does not call the receiver.
     *
     * @param frame lent while this runs
     */
    void transmit(byte[] frame, int offset, int length);

    /**
     * Says who is given the frames that come, in a strand of the adapter's, one at a time.
     *
     * @param receiver or null for nobody; when this returns no call to the one before is under way or will be made, unless
     *            it is that one who calls
     */
    void connect(Receiver receiver);

    /** What it is on, what is wrong with that, and what was lost there: a line for people, empty if there is nothing to say. */
    default String details() {
        return "";
    }

    /** Who is given frames. */
    @FunctionalInterface
    interface Receiver {
        /** A frame came; the bytes are lent while this runs. */
        void received(byte[] frame, int offset, int length);

        /**
         * Some frames that came together follow, in this thread, then {@link #ended}: what would be done for each can be done once for
         * all. Adapters need not say so.
         */
        default void begun() {}

        /** Those were all that came together, see {@link #begun}. Called whatever became of them. */
        default void ended() {}
    }
}
