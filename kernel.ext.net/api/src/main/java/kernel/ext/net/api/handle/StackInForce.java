package kernel.ext.net.api.handle;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpUser;

/**
 * What handles need of the stack that serves them. Called with the lock of {@link Handles} held, and so in the stack's strand; nothing
 * here waits but {@link #await}.
 */
public interface StackInForce {

    /** Nanoseconds of the stack's time. */
    long now();

    /**
     * Waits, in the stack's time, without the lock.
     *
     * @param condition of the lock of {@link Handles}
     * @param nanoseconds how long at most
     * @return what is left of that time; 0 or less: it is over
     * @throws InterruptedException the strand was interrupted
     */
    long await(Condition condition, long nanoseconds) throws InterruptedException;

    /** Somebody who has called is about to give the lock back: a deadline may have come nearer. */
    void leaving();

    /** Whether it stops, so that what it sends may not arrive: what can wait for the next one does. */
    boolean stops();

    /** Something new is to be done for a connection. */
    void push(Tcb tcb);

    /** Ends a connection at once, with a reset. */
    void abort(Tcb tcb);

    /** Whether an address is one of ours. */
    boolean ours(IpAddress address);

    /** An address that means something on one link alone, with that link's number. */
    IpAddress scoped(IpAddress address);

    /** A TCP port at which nobody is; 0 if there is none. */
    int freePort(IpAddress address, boolean only6);

    /** Whether a TCP port cannot be taken. @param reuse see {@link kernel.ext.net.api.Network#bindTcp} */
    boolean taken(IpAddress address, boolean only6, int port, boolean reuse);

    /** A TCP port is taken from now on; or, with {@code false}, is not any more. */
    void take(HeldPort port, boolean taken);

    /** Accepts connections. @return false if somebody does so there */
    boolean listen(TcpListening listening);

    /** Accepts no more; connections that nobody has taken are ended. */
    void unlisten(TcpListening listening);

    /**
     * Begins a connection.
     *
     * @param from an address of ours, or {@link IpAddress#ANY} for the one that fits
     * @param fromPort the port, or 0 for any
     * @return null if there is this connection already, or no port is free
     * @throws IOException there is no route
     */
    Tcb connect(IpAddress from, int fromPort, IpAddress to, int port, TcpUser user) throws IOException;

    /** See {@link kernel.ext.net.api.Network#bind}. */
    UdpEndpoint bind(int port, String name, UdpReceive handler) throws IOException;

    /** See {@link kernel.ext.net.api.Network#bindEthernet}. */
    EthernetEndpoint bindEthernet(int type, String name, EthernetReceive handler) throws IOException;

    /** See {@link kernel.ext.net.api.Network#divert}. @param firstBack the first of the ports behind it; 0 for any */
    Diversion divert(int protocol, int port, int firstBack, int backs, String name, TransportDivert handler)
            throws IOException;
}
