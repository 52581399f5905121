package kernel.ext.net.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.PacketPool;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpProtocol;
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
    final Ipv6Layer ipv6;
    final Icmp6Layer icmp6 = new Icmp6Layer(this);
    final Discovery discovery = new Discovery(this);
    final Neighbours6 neighbours6 = new Neighbours6(this);
    final Routers routers = new Routers(this);
    final Map<Link, Advertiser> advertisers = new LinkedHashMap<>();
    final Redirects redirects = new Redirects(this);
    final Claims claims;
    final Unresolved unresolved = new Unresolved(this);
    final PathMtus pathMtus = new PathMtus();
    final IpLayer ip = new IpLayer(this);
    final Dhcp dhcp = new Dhcp(this);
    private final Upkeep upkeep = new Upkeep(this);
    final UdpLayer udp = new UdpLayer(this);
    final TcpPorts ports = new TcpPorts(this);
    final Opening opening;
    final Diversions diversions = new Diversions(this);
    /** Ethernet types that applications have taken. */
    final Set<Integer> types = new HashSet<>();
    private final List<Link> links = new ArrayList<>();
    private final ArrayDeque<PacketBuffer> looped = new ArrayDeque<>();
    private final List<Runnable> bindings = new ArrayList<>();
    /** Sees every frame; null if nobody does. */
    Capture.Watcher watcher;
    private PacketBuffer current;
    private boolean busy;

    /**
     * A stack with a loopback interface, 127.0.0.1.
     *
     * @param graph its nodes, to which it binds its protocols
     * @param seed from which secrets are made
     * @param buffers what a connection may hold in each direction, bytes
     */
    public Stack(Graph graph, TcpProtocol tcp, CongestionControl congestion, long seed, int buffers) {
        this(graph, tcp, new TcpTable(seed * 0x9E3779B97F4A7C15L + 1, buffers), congestion, seed);
    }

    /**
     * A stack with the connections of another one, which has been closed.
     *
     * @param connections that it gets
     */
    public Stack(Graph graph, TcpProtocol tcp, TcpTable connections, CongestionControl congestion, long seed) {
        this.graph = graph;
        this.tcp = tcp;
        this.connections = connections;
        ipv4 = new Ipv4Layer(this, (int) seed);
        ipv6 = new Ipv6Layer(this, seed ^ 0x6A09E667F3BCC908L);
        opening = new Opening(this, seed);
        claims = new Claims(this, seed ^ 0x5227);
        connections.serve(ip, congestion);
        bindings.addAll(Protocols.bind(this));
        Link lo = new Link(this, 0, "lo", 0, LOOPBACK_MTU, true, null);
        lo.address = IpAddress.LOOPBACK.v4();
        lo.prefix = 8;
        links.add(lo);
        lo.six.add(IpAddress.LOOPBACK6, 128);
    }

    /** Gives everything back but the connections; the stack is of no use any more. */
    public void close() {
        List.copyOf(udp.ports.values()).forEach(port -> {
            port.close();
            port.trouble("The network was stopped", "");
        });
        bindings.forEach(Runnable::run);
        arp.clear();
        ipv4.clear();
        neighbours6.clear();
        ipv6.clear();
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
        Link link = new Link(this, links.size(), name, hardware, mtu, intact, out);
        links.add(link);
        return link.index;
    }

    /** Adds an interface that is no Ethernet; what it brings is given to {@link #packet}. @return its index */
    public int add(IpLink ip) {
        Link link = new Link(this, links.size(), ip);
        links.add(link);
        return link.index;
    }

    /** An interface speaks IPv6 from the next poll on: it takes a link-local address, and asks for routers. */
    public void enable6(int index) {
        links.get(index).six.start();
    }

    /**
     * Hosts of an interface's link are told to make addresses from a prefix.
     *
     * @param routes whether we are their way to everywhere
     * @param resolver who answers for names, or null
     */
    public void advertise(int index, IpAddress prefix, boolean routes, IpAddress resolver) {
        Link link = links.get(index);
        advertisers.put(link, new Advertiser(this, link, prefix, routes, resolver));
    }

    /** An interface is down from now on: what is known of its link is forgotten. */
    public void down(int index) {
        Link link = links.get(index);
        link.up = false;
        link.prefix = -1;
        link.six.stop();
        dhcp.stop(link);
        claims.end(link);
        advertisers.remove(link);
        routers.clear(link);
        neighbours6.clear(link);
        routes.remove(link);
    }

    /**
     * Gives an interface its address, in IPv4 in place of the one before, in IPv6 beside others; its network becomes a route.
     */
    public void configure(int index, IpAddress address, int prefix) {
        Link link = links.get(index);
        if (!address.isV4()) {
            link.up = true;
            link.six.add(address, prefix);
            return;
        }
        routes.remove(link, true);
        link.address = address.v4();
        link.prefix = prefix;
        link.up = true;
        routes.add(new Routes.Route(Routes.network(address, prefix), prefix, null, link, false));
        opening.resume(address);
        if (link.ip != null) {
            link.ip.address(link.address);
        } else if (link.out != null) {
            claims.begin(link);
            if (!link.tentative) {
                arp.announce(link);
            }
        }
    }

    /** Sets a route by a gateway; prefix 0 is the default route. */
    public void route(IpAddress network, int prefix, IpAddress gateway) {
        IpAddress by = scoped(gateway);
        Routes.Route near = routes.find(by.high(), by.low());
        if (near == null || near.gateway() != null) {
            throw new IllegalArgumentException("The gateway " + gateway + " is on no network of an interface");
        }
        if (network.isV4() != by.isV4()) {
            throw new IllegalArgumentException("The gateway " + gateway + " is of another family than " + network);
        }
        routes.add(new Routes.Route(Routes.network(network, prefix), prefix, by, near.link(), false));
    }

    /** An interface gets its address of IPv4 from a server of DHCP, and keeps asking until there is one. */
    public void automatic(int index) {
        dhcp.start(links.get(index));
    }

    /** Whether packets for others are sent on. */
    public void forward(boolean on) {
        ipv4.forwarding = on;
        ipv6.forwarding = on;
    }

    /** An address that means something on one link alone, of the first that speaks IPv6 if it does not say of which. */
    IpAddress scoped(IpAddress address) {
        if (!address.isScoped() || address.scope() != 0) {
            return address;
        }
        for (Link link : links) {
            if (link.out != null && link.six.on && link.up) {
                return address.scoped(link.six.scope());
            }
        }
        return address;
    }

    /** Whether an address is ours. */
    boolean ours(IpAddress address) {
        return address.isV4() ? ours(address.v4()) : ipv6.ours(address.high(), address.low());
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

    /** Frames that came together follow. */
    public void begin() {
        connections.together = true;
    }

    /** All frames that came together are there: what waited for that is done. */
    public void end(long now) {
        connections.together = false;
        for (Tcb tcb = connections.deferred(); tcb != null; tcb = connections.deferred()) {
            tcp.push(tcb, now);
        }
        settle(now);
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
                    int version = b.packet().u8(0) >>> 4;
                    graph.ethernet().received(b.packet(), version == 4 ? Ethernet.IPV4 : Ethernet.IPV6, now);
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
        } else if (link.tentative && (link.broadcast(nextHop) || nextHop >>> 28 == 14)) {
            counters.unresolved++;
            pool.give(b);
        } else if (link.broadcast(nextHop)) {
            transmit(link, Ethernet.BROADCAST, Ethernet.IPV4, b);
        } else if (nextHop >>> 28 == 14) { // RFC 1112 section 6.4
            transmit(link, 0x0100_5E00_0000L | nextHop & 0x7F_FFFF, Ethernet.IPV4, b);
        } else {
            arp.send(link, nextHop, b, now);
        }
    }

    /** Sends an IPv6 packet to a neighbour, a group or ourselves. Takes the buffer over. */
    void emit6(Link link, IpAddress nextHop, PacketBuffer b, long now) {
        if (link.out == null) {
            link.sent++;
            link.sentBytes += b.length();
            looped.addLast(b);
        } else if (nextHop.isMulticast()) { // RFC 2464 section 7
            transmit(link, 0x3333_0000_0000L | nextHop.low() & 0xFFFF_FFFFL, Ethernet.IPV6, b);
        } else {
            neighbours6.send(link, nextHop, b, now);
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
        return Math.min(next, upkeep.nextDeadline());
    }

    /** Does what is due. */
    public void poll(long now) {
        Tcb first = connections.first();
        while (first != null && first.deadline <= now) {
            tcp.timeout(first, now);
            first = connections.first();
        }
        upkeep.poll(now);
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
        return opening.connect(to, port, user, now);
    }

    /**
     * Opens a connection from a port of our choice.
     *
     * @return null if there is this connection already
     */
    public Tcb connect(IpAddress from, int fromPort, IpAddress to, int port, TcpUser user, long now) {
        return opening.connect(from, fromPort, to, port, user, now);
    }

    /**
     * Accepts connections.
     *
     * @return false if somebody does so there
     */
    public boolean listen(TcpListening listening) {
        return opening.listen(listening);
    }

    /** Accepts no more; connections that nobody has taken are ended. */
    public void unlisten(TcpListening listening, long now) {
        opening.unlisten(listening, now);
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
