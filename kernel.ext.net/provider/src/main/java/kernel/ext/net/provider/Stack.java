package kernel.ext.net.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.IpReceive;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.PacketPool;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpProtocol;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpTable;
import kernel.ext.net.api.tcp.TcpUser;

/**
 * A TCP/IP stack: interfaces, protocols, connections. Has no thread, no clock and no lock: whoever calls it runs it, one at a
 * time, and says what time it is. What arrives is given to {@link #frame}; {@link #poll} is called when {@link #nextDeadline} has
 * come. Times are nanoseconds of any clock that does not go back. Not thread-safe.
 */
public final class Stack {

    /** Room before a packet for Ethernet, IP and what else may come: a multiple of 16. */
    static final int HEADROOM = 64;
    private static final int LOOPBACK_MTU = 65535;

    final Graph graph;
    final TcpProtocol tcp;
    final TcpTable connections;
    final PacketPool pool = new PacketPool();
    final Counters counters = new Counters();
    final Routes routes = new Routes();
    final ArpTable arp = new ArpTable(this);
    final Ipv4Layer ipv4;
    final IcmpLayer icmp = new IcmpLayer(this);
    final UdpLayer udp = new UdpLayer(this);
    final TcpPorts ports = new TcpPorts(this);
    private final List<Link> links = new ArrayList<>();
    private final ArrayDeque<PacketBuffer> looped = new ArrayDeque<>();
    private final List<Runnable> bindings = new ArrayList<>();
    /** Sees every frame; null if nobody does. */
    Capture.Watcher watcher;
    private PacketBuffer current;
    private boolean busy;
    private int nextPort;

    /**
     * A stack with a loopback interface, 127.0.0.1.
     *
     * @param graph its nodes, to which it binds its protocols
     * @param seed from which secrets are made
     * @param buffers what a connection may hold in each direction, bytes
     */
    public Stack(Graph graph, TcpProtocol tcp, CongestionControl congestion, long seed, int buffers) {
        this.graph = graph;
        this.tcp = tcp;
        ipv4 = new Ipv4Layer(this, (int) seed);
        connections = new TcpTable(ipv4, congestion, seed * 0x9E3779B97F4A7C15L + 1, buffers);
        nextPort = UdpLayer.FIRST_FREE + (int) (seed >>> 8 & 0x1FFF);
        bindings.add(graph.ethernet(Ethernet.IPV4, "ipv4", ipv4::received));
        bindings.add(graph.ethernet(Ethernet.ARP, "arp", arp::received));
        bindings.add(graph.ip(Ipv4.ICMP, "icmp", real(icmp::received)));
        bindings.add(graph.ip(Ipv4.UDP, "udp", real(udp::received)));
        bindings.add(graph.ip(Ipv4.TCP, "tcp", real((packet, _, now) -> {
            tcp.segment(connections, packet, now);
            return true;
        })));
        bindings.add(graph.icmp(Icmp.ECHO, "echo", real(icmp::echo)::received));
        bindings.add(graph.icmp(Icmp.ECHO_REPLY, "reply", real(icmp::reply)::received));
        bindings.add(graph.icmp(Icmp.UNREACHABLE, "unreachable", real(icmp::error)::received));
        bindings.add(graph.icmp(Icmp.TIME_EXCEEDED, "expired", real(icmp::error)::received));
        Link lo = new Link(0, "lo", 0, LOOPBACK_MTU, true, null);
        lo.address = IpAddress.LOOPBACK.v4();
        lo.prefix = 8;
        links.add(lo);
    }

    /** Takes packets that came by an interface; who raises a node's event himself brings none of those. */
    private IpReceive real(IpReceive handler) {
        return (packet, key, now) -> current(packet) != null && handler.received(packet, key, now);
    }

    /** Gives everything back; the stack is of no use any more. */
    public void close() {
        // not by the protocol: when the whole machine stops, its bundle may be gone already
        for (Tcb tcb : connections.all()) {
            tcb.state = TcpState.CLOSED;
            tcb.failure = "The network was stopped";
            connections.remove(tcb);
            tcb.user.changed(tcb);
        }
        connections.listening().forEach(listening -> {
            listening.ended = true;
            listening.arrived.run();
        });
        List.copyOf(udp.ports.values()).forEach(port -> {
            port.close();
            port.trouble("The network was stopped", "");
        });
        bindings.forEach(Runnable::run);
        arp.clear();
        ipv4.clear();
        looped.forEach(pool::give);
        looped.clear();
    }

    /**
     * Adds an Ethernet interface.
     *
     * @param hardware its address, 48 bits
     * @param mtu bytes of the largest IP packet, 68 to 65535
     * @param intact whether what it carries cannot be changed on the way, so that checksums need not be computed
     * @return its index
     */
    public int add(String name, long hardware, int mtu, boolean intact, FrameSink out) {
        Link link = new Link(links.size(), name, hardware, mtu, intact, out);
        links.add(link);
        return link.index;
    }

    /** Adds an interface that is no Ethernet; what it brings is given to {@link #packet}. @return its index */
    public int add(IpLink ip) {
        Link link = new Link(links.size(), ip);
        links.add(link);
        return link.index;
    }

    /** Gives an interface its address; its network becomes a route. */
    public void configure(int index, IpAddress address, int prefix) {
        Link link = links.get(index);
        routes.remove(link);
        link.address = address.v4();
        link.prefix = prefix;
        link.up = true;
        routes.add(new Routes.Route(link.address & link.mask(), prefix, 0, link));
        if (link.ip != null) {
            link.ip.address(link.address);
        } else if (link.out != null) {
            arp.announce(link);
        }
    }

    /** Sets a route by a gateway; prefix 0 is the default route. */
    public void route(IpAddress network, int prefix, IpAddress gateway) {
        Routes.Route near = routes.find(gateway.v4());
        if (near == null || near.gateway() != 0) {
            throw new IllegalArgumentException("The gateway " + gateway + " is on no network of an interface");
        }
        routes.add(new Routes.Route(prefix == 0 ? 0 : network.v4() & -1 << 32 - prefix, prefix, gateway.v4(),
                near.link()));
    }

    /** Whether packets for others are sent on. */
    public void forward(boolean on) {
        ipv4.forwarding = on;
    }

    /** An interface takes packets to any address, and answers for all that are not near: a gateway that ends connections. */
    public void takeAll(int index) {
        links.get(index).takesAll = true;
    }

    List<Link> links() {
        return links;
    }

    Link link(Packet p) {
        int index = p.interfaceIndex();
        return index < links.size() ? links.get(index) : null;
    }

    /** The buffer of the packet that is being handled, or null if this is not it. */
    PacketBuffer current(Packet p) {
        return current != null && current.packet() == p ? current : null;
    }

    void enter(PacketBuffer b) {
        current = b;
    }

    void leave(PacketBuffer before) {
        current = before;
    }

    boolean ours(int address) {
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            if (link.address == address && link.prefix >= 0) {
                return true;
            }
        }
        return address >>> 24 == 127;
    }

    /** The loopback interface if the address is ours, else null. */
    Link loopbackFor(int address) {
        return ours(address) ? links.getFirst() : null;
    }

    /** A frame arrived; the bytes are lent while this runs. */
    public void frame(int index, byte[] frame, int offset, int length, long now) {
        Link link = links.get(index);
        link.received++;
        link.receivedBytes += length;
        watch(link, false, frame, offset, length);
        if (length < Ethernet.LENGTH || !link.up) {
            link.dropped++;
            return;
        }
        PacketBuffer b = link.arriving.wrap(frame, offset, length);
        Packet p = b.packet();
        long to = Ethernet.destination(p, 0);
        if (to != link.hardware && (to & 0x0100_0000_0000L) == 0) {
            return;
        }
        b.arrived(index, Ethernet.LENGTH, link.intact);
        raise(link, b, Ethernet.type(p, 0), now);
    }

    /** An IP packet arrived by an interface that is no Ethernet; the bytes are lent while this runs. */
    public void packet(int index, byte[] packet, int offset, int length, long now) {
        Link link = links.get(index);
        link.received++;
        link.receivedBytes += length;
        if (!link.up) {
            link.dropped++;
            return;
        }
        PacketBuffer b = link.arriving.wrap(packet, offset, length);
        b.arrived(index, 0, link.intact);
        raise(link, b, Ethernet.IPV4, now);
    }

    private void raise(Link link, PacketBuffer b, int type, long now) {
        busy = true;
        try {
            enter(b);
            if (!graph.ethernet().received(b.packet(), type, now)) {
                link.dropped++;
            }
        } finally {
            leave(null);
            busy = false;
        }
        settle(now);
    }

    /** Handles what we sent to ourselves, until there is no more. */
    void settle(long now) {
        if (busy) {
            return;
        }
        busy = true;
        try {
            PacketBuffer b;
            while ((b = looped.pollFirst()) != null) {
                Link lo = links.getFirst();
                lo.received++;
                lo.receivedBytes += b.length();
                watch(lo, false, b.bytes(), b.start(), b.length());
                b.arrived(0, 0, true);
                try {
                    enter(b);
                    graph.ethernet().received(b.packet(), Ethernet.IPV4, now);
                } finally {
                    leave(null);
                    pool.give(b);
                }
            }
        } finally {
            busy = false;
        }
    }

    private void watch(Link link, boolean sent, byte[] bytes, int offset, int length) {
        if (watcher != null) {
            watcher.frame(link.name, sent, bytes, offset, length);
        }
    }

    /** Sends an IP packet to a neighbour or to ourselves. Takes the buffer over. */
    void emit(Link link, int nextHop, PacketBuffer b, long now) {
        if (link.out == null) {
            link.sent++;
            link.sentBytes += b.length();
            looped.addLast(b);
        } else if (link.ip != null) {
            link.sent++;
            link.sentBytes += b.length();
            try {
                link.ip.transmit(nextHop, b.bytes(), b.start(), b.length());
            } finally {
                pool.give(b);
            }
        } else if (link.broadcast(nextHop)) {
            transmit(link, Ethernet.BROADCAST, Ethernet.IPV4, b);
        } else if (nextHop >>> 28 == 14) { // RFC 1112 section 6.4
            transmit(link, 0x0100_5E00_0000L | nextHop & 0x7F_FFFF, Ethernet.IPV4, b);
        } else {
            arp.send(link, nextHop, b, now);
        }
    }

    /** Sends a frame. Takes the buffer over. */
    void transmit(Link link, long to, int type, PacketBuffer b) {
        Ethernet.write(b.prepend(Ethernet.LENGTH), 0, to, link.hardware, type);
        link.sent++;
        link.sentBytes += b.length();
        watch(link, true, b.bytes(), b.start(), b.length());
        try {
            link.out.transmit(b.bytes(), b.start(), b.length());
        } finally {
            pool.give(b);
        }
    }

    /** When {@link #poll} is to be called at the latest; {@link Long#MAX_VALUE} if nothing is waited for. */
    public long nextDeadline() {
        Tcb first = connections.first();
        long next = first == null ? Long.MAX_VALUE : first.deadline;
        return Math.min(Math.min(next, arp.nextDeadline()), ipv4.nextDeadline());
    }

    /** Does what is due. */
    public void poll(long now) {
        Tcb first = connections.first();
        while (first != null && first.deadline <= now) {
            tcp.timeout(first, now);
            first = connections.first();
        }
        arp.poll(now);
        ipv4.poll(now);
        settle(now);
    }

    /** Buffers that are in use: 0 when nothing waits for anything. */
    public int buffersTaken() {
        return pool.taken();
    }

    /** The connections. */
    public TcpTable connections() {
        return connections;
    }

    /**
     * Opens a connection.
     *
     * @param user is told of its changes
     * @return null if there is no route or no free port
     */
    public Tcb connect(IpAddress to, int port, TcpUser user, long now) {
        IpAddress from = ipv4.sourceFor(to);
        for (int i = 0; from != null && i < 65536 - UdpLayer.FIRST_FREE; i++) {
            int local = nextPort;
            nextPort = nextPort == 65535 ? UdpLayer.FIRST_FREE : nextPort + 1;
            if (connections.find(from.high(), from.low(), local, to.high(), to.low(), port) == null
                    && !connections.taken(from, local) && !ports.holds(from, local)) {
                return open(from, local, to, port, user, now);
            }
        }
        return null;
    }

    private Tcb open(IpAddress from, int local, IpAddress to, int port, TcpUser user, long now) {
        Tcb tcb = new Tcb(connections, from, local, to, port, user);
        connections.add(tcb);
        tcp.open(tcb, now);
        settle(now);
        return tcb;
    }

    /**
     * Opens a connection from a port of our choice.
     *
     * @return null if there is this connection already
     */
    public Tcb connect(IpAddress from, int fromPort, IpAddress to, int port, TcpUser user, long now) {
        Tcb old = connections.find(from.high(), from.low(), fromPort, to.high(), to.low(), port);
        return old != null ? null : open(from, fromPort, to, port, user, now);
    }

    /** A port of those that are given to who asks for none in particular, at which nobody is; 0 if there is none. */
    int freePort(IpAddress address) {
        for (int i = 0; i < 65536 - UdpLayer.FIRST_FREE; i++) {
            int local = nextPort;
            nextPort = nextPort == 65535 ? UdpLayer.FIRST_FREE : nextPort + 1;
            if (!ports.taken(address, local, false)) {
                return local;
            }
        }
        return 0;
    }

    /**
     * Accepts connections.
     *
     * @return false if somebody does so there
     */
    public boolean listen(TcpListening listening) {
        if (connections.taken(listening.address, listening.port)) {
            return false;
        }
        connections.listen(listening);
        return true;
    }

    /** Accepts no more; connections that nobody has taken are ended. */
    public void unlisten(TcpListening listening, long now) {
        connections.forget(listening);
        connections.all().stream().filter(tcb -> tcb.listening == listening && !tcb.state.synchronised())
                .forEach(tcb -> tcp.abort(tcb, now));
        listening.ready.forEach(tcb -> tcp.abort(tcb, now));
        listening.ready.clear();
        settle(now);
    }

    /** Something new is to be done for a connection. */
    public void push(Tcb tcb, long now) {
        tcp.push(tcb, now);
        settle(now);
    }

    /** Ends a connection at once. */
    public void abort(Tcb tcb, long now) {
        tcp.abort(tcb, now);
        settle(now);
    }
}
