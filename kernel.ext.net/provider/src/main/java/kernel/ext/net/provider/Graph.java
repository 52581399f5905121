package kernel.ext.net.provider;

import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.Icmp6Receive;
import kernel.ext.net.api.IcmpReceive;
import kernel.ext.net.api.IpReceive;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.UdpReceive;

/**
 * The nodes of a stack's protocol graph, to be raised, and the way to bind to them. Used in the stack's strand. Each {@code bind}
 * answers what takes the binding away again.
 */
public interface Graph {

    /** Whether it is being taken down: packets may be lost in it. */
    default boolean stops() {
        return false;
    }

    /** The node of frames. */
    EthernetReceive ethernet();

    /** The node of IP packets. */
    IpReceive ip();

    /** The node of ICMP messages. */
    IcmpReceive icmp();

    /** The node of ICMPv6 messages. */
    Icmp6Receive icmp6();

    /** The node of UDP datagrams. */
    UdpReceive udp();

    /** The node of what is diverted before its transport sees it. */
    TransportDivert divert();

    /** Binds to frames of a type. */
    Runnable ethernet(int type, String name, EthernetReceive handler);

    /** Binds to packets of a protocol. */
    Runnable ip(int protocol, String name, IpReceive handler);

    /** Binds to messages of a type. */
    Runnable icmp(int type, String name, IcmpReceive handler);

    /** Binds to messages of ICMPv6 of a type. */
    Runnable icmp6(int type, String name, Icmp6Receive handler);

    /** Binds to datagrams for a port. */
    Runnable udp(int port, String name, UdpReceive handler);

    /** Binds to what is diverted by a door. */
    Runnable divert(int door, String name, TransportDivert handler);
}
