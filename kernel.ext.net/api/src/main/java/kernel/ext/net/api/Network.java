package kernel.ext.net.api;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kernel.core.dispatch.Event;

/**
 * The kernel's network, as applications and people use it. Thread-safe; lists are snapshots.
 *
 * <p>An event: its service is a stub that stays while the network behind it is updated. What was got from it (connections, listeners,
 * ports) lives on as well; what cannot be done meanwhile waits, {@code spin.event.wait} milliseconds at most.
 */
@Event
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
     * @param address one of ours, {@link IpAddress#ANY} for all of IPv4, or {@link IpAddress#ANY6} for all
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
    default TcpConnection connect(IpAddress address, int port, long timeout) throws IOException {
        TcpConnection connection = open(address, port);
        connection.established(timeout);
        return connection;
    }

    /**
     * Begins a connection without waiting for it: {@link TcpConnection#established} waits, {@link TcpConnection#readiness} tells
     * how far it is.
     *
     * @throws IOException there is no route, or no port is free
     */
    TcpConnection open(IpAddress address, int port) throws IOException;

    /**
     * Takes a TCP port, to listen or to connect from it.
     *
     * @param address one of ours, {@link IpAddress#ANY} for all of IPv4, or {@link IpAddress#ANY6} for all
     * @param only6 whether {@link IpAddress#ANY6} is to mean IPv6 alone
     * @param port 1 to 65535, or 0 for any that is free
     * @param reuse whether connections that are left of its last user do not matter, nor others who have it, if they said so too
     *            and do not listen
     * @throws IOException it is taken, or the address is not ours
     */
    TcpPort bindTcp(IpAddress address, boolean only6, int port, boolean reuse) throws IOException;

    /**
     * Takes an Ethernet type.
     *
     * @param type 0x600 to 0xFFFF, none of IP, ARP
     * @param name for people
     * @param handler is called by whoever brings the frame, in his strand, and must not wait; may send
     * @throws IOException the type is taken
     */
    EthernetEndpoint bindEthernet(int type, String name, EthernetReceive handler) throws IOException;

    /**
     * Diverts a port's packets, and those of ports behind it, to an application, which sends them on.
     *
     * @param protocol 6 (TCP) or 17 (UDP)
     * @param port that others know, 1 to 65535
     * @param backs how many ports behind it are wanted, 0 to 30,000
     * @param name for people
     * @param handler is called by whoever brings the packet, in his strand, and must not wait
     * @throws IOException the port is taken, or there are not so many free ones
     */
    Diversion divert(int protocol, int port, int backs, String name, TransportDivert handler) throws IOException;

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
     * @throws java.io.InterruptedIOException the calling strand was interrupted
     */
    default Answer ping(IpAddress address, int ttl, int bytes, long timeout) throws IOException {
        BlockingQueue<Answer> first = new ArrayBlockingQueue<>(1);
        Echo echo = echo(address, ttl, bytes, first::offer);
        try {
            return first.poll(timeout, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } finally {
            echo.close();
        }
    }

    /**
     * Sends an echo without waiting.
     *
     * @param ttl hops that it may make, 1 to 255
     * @param bytes of data, 0 to 65000
     * @param told what comes of it, in the stack's strand; must not wait. Nothing, if the network is updated meanwhile
     * @throws IOException there is no route
     */
    Echo echo(IpAddress address, int ttl, int bytes, Consumer<Answer> told) throws IOException;

    /** The interfaces. */
    List<Interface> interfaces();

    /** The addresses of interfaces, of both families. */
    List<Address> addresses();

    /**
     * Gives an interface its address: in IPv4 in place of the one before, in IPv6 beside others.
     *
     * @throws IOException there is no such interface, or the prefix is out of range
     */
    void configure(String name, IpAddress address, int prefix) throws IOException;

    /** Takes an IPv6 address from an interface. @throws IOException it has no such address */
    void unconfigure(String name, IpAddress address) throws IOException;

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

    /** Who holds how much of the network, in the order in which they came; nobody's limit is anybody else's. */
    List<Holder> holders();

    /** What was counted since the start, by name. */
    Map<String, Long> counters();

    /** An echo that is under way. */
    @FunctionalInterface
    interface Echo extends AutoCloseable {

        /** Nothing is told of it any more. */
        @Override
        void close();
    }

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
     * @param address of IPv4, null if it has none; those of IPv6 are in {@link Network#addresses}
     */
    record Interface(String name, long hardware, int mtu, IpAddress address, int prefix, boolean up, long received,
            long receivedBytes, long sent, long sentBytes, long dropped) {}

    /**
     * An address of an interface.
     *
     * @param index of the interface, from 1 on; scoped addresses have it for their link
     * @param state {@code preferred}, {@code duplicate} (somebody else has it; it is not used), {@code tentative} (whether somebody has it is
     *            asked first); in IPv6 also {@code deprecated}
     * @param advertised whether a router told of it
     */
    record Address(String by, int index, IpAddress address, int prefix, String state, boolean advertised) {}

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
     * @param state {@code asked for}, {@code reachable}; in IPv6 also {@code stale}, {@code delay}, {@code probe}
     * @param age nanoseconds since it was confirmed, -1 if it never was
     */
    record Neighbour(IpAddress address, long hardware, String by, String state, long age) {}

    /**
     * Who holds something: in the kernel, a bundle.
     *
     * @param ports of all kinds
     * @param bytes in buffers of connections, beyond the first few of each
     * @param most what they may be, {@link Long#MAX_VALUE} if that is not limited
     */
    record Holder(String name, int ports, int connections, long bytes, long most) {}

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
