package kernel.ext.net.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The kernel's network, as applications and people use it. Thread-safe; lists are snapshots. */
public interface Network {

    /**
     * Takes a port for datagrams.
     *
     * @param port 1 to 65535, or 0 for any that is free
     * @param name for people
     * @param handler is called by whoever brings the datagram, in his strand, and must not wait; may send
     * @throws IOException the port is taken
     */
    UdpEndpoint bind(int port, String name, UdpReceive handler) throws IOException;

    /**
     * Accepts connections.
     *
     * @param address one of ours, or {@link IpAddress#ANY}
     * @param port 1 to 65535
     * @param backlog how many may wait to be accepted
     * @throws IOException the port is taken
     */
    TcpListener listen(IpAddress address, int port, int backlog) throws IOException;

    /**
     * Opens a connection and waits for it.
     *
     * @param timeout nanoseconds
     * @throws IOException it was refused, or nobody answers
     * @throws java.io.InterruptedIOException the calling strand was interrupted
     */
    TcpConnection connect(IpAddress address, int port, long timeout) throws IOException;

    /**
     * Takes a TCP port, to listen or to connect from it.
     *
     * @param address one of ours, or {@link IpAddress#ANY}
     * @param port 1 to 65535, or 0 for any that is free
     * @param reuse whether connections that are left of its last user do not matter, nor others who have it, if they said so too
     *            and do not listen
     * @throws IOException it is taken, or the address is not ours
     */
    TcpPort bindTcp(IpAddress address, int port, boolean reuse) throws IOException;

    /** The address that packets to there are sent from; null if there is no route. */
    IpAddress sourceFor(IpAddress destination);

    /**
     * Sends an echo and waits for what comes of it.
     *
     * @param ttl hops that it may make, 1 to 255
     * @param bytes of data, 0 to 65000
     * @param timeout nanoseconds
     * @return null if nothing came
     * @throws IOException there is no route
     */
    Answer ping(IpAddress address, int ttl, int bytes, long timeout) throws IOException;

    /** The interfaces. */
    List<Interface> interfaces();

    /** Gives an interface its address. @throws IOException there is no such interface, or the prefix is out of range */
    void configure(String name, IpAddress address, int prefix) throws IOException;

    /** Routes, the one that is tried first first. */
    List<Route> routes();

    /** Sets a route; prefix 0 is the default. @throws IOException the gateway is on no network of ours */
    void addRoute(IpAddress network, int prefix, IpAddress gateway) throws IOException;

    /** Takes a route away. @throws IOException there is none */
    void removeRoute(IpAddress network, int prefix) throws IOException;

    /** Whether packets for others are sent on. */
    void forward(boolean on);

    /** Neighbours whose hardware address is known or asked for. */
    List<Neighbour> neighbours();

    /** Ports that are bound, listened at, and connections. */
    List<Endpoint> endpoints();

    /** What was counted since the start, by name. */
    Map<String, Long> counters();

    /**
     * What came of an echo.
     *
     * @param from who answered
     * @param what {@code reply}, or what was wrong
     * @param nanoseconds until it came
     */
    record Answer(IpAddress from, String what, long nanoseconds) {}

    /**
     * An interface.
     *
     * @param hardware its address, 48 bits; 0 if it has none
     * @param address null if it has none
     */
    record Interface(String name, long hardware, int mtu, IpAddress address, int prefix, boolean up, long received,
            long receivedBytes, long sent, long sentBytes, long dropped) {}

    /**
     * A route.
     *
     * @param gateway null if the network is near
     */
    record Route(IpAddress network, int prefix, IpAddress gateway, String by) {}

    /**
     * A neighbour.
     *
     * @param hardware -1 while it is asked for
     * @param age nanoseconds since it was confirmed
     */
    record Neighbour(IpAddress address, long hardware, String by, long age) {}

    /**
     * One end of something.
     *
     * @param protocol {@code udp} or {@code tcp}
     * @param remote null if there is no other end
     * @param details for people
     */
    record Endpoint(String protocol, IpAddress local, int localPort, IpAddress remote, int remotePort, String state,
            int waitingIn, int waitingOut, String details) {}
}
