package kernel.ext.net.api;

import kernel.core.machine.NetworkAdapter;

/**
 * An interface that is no Ethernet and finds its neighbours itself, such as IP over ATM. The network makes each service of this
 * type an interface, and gives it the address of the service property {@link #ADDRESS}. Thread-safe.
 */
public interface IpLink {

    /** Optional service property: address and prefix, {@code 10.2.0.1/24}. */
    String ADDRESS = NetworkAdapter.ADDRESS;
    /** Optional service property: address of the default route's gateway. */
    String ROUTE = NetworkAdapter.ROUTE;

    /** Name of the interface. */
    String name();

    /** Bytes of the largest IP packet. */
    int mtu();

    /** Whether packets cannot be changed on the way, so that checksums within need not be computed. */
    boolean intact();

    /** The interface has an IPv4 address now; 0: it has none. */
    void address(int address);

    /**
     * Sends an IP packet. Does not wait: what finds no room, or whose neighbour is not known, is lost. Does not call the receiver.
     *
     * @param nextHop IPv4 address of the neighbour
     * @param packet lent while this runs
     */
    void transmit(int nextHop, byte[] packet, int offset, int length);

    /**
     * Says who is given the IP packets that come, one at a time.
     *
     * @param receiver or null for nobody; when this returns no call to the one before is under way or will be made
     */
    void connect(NetworkAdapter.Receiver receiver);

    /** What it goes over, and to whom: a line for people. */
    String details();
}
