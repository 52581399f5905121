package kernel.ext.net.provider;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.core.strand.Strands;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.Names;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.handle.Handles;
import kernel.ext.net.api.handle.HeldConnection;
import kernel.ext.net.api.handle.HeldDatagrams;
import kernel.ext.net.api.handle.HeldDoor;
import kernel.ext.net.api.handle.HeldListener;
import kernel.ext.net.api.handle.HeldPort;
import kernel.ext.net.api.handle.HeldType;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.TcpProtocol;

/**
 * A network without OSGi: a stack, its lock, its strand, and adapters as its interfaces. Thread-safe: by the lock of its host.
 *
 * <pre>{@code
 * PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
 * network.attach(adapter);
 * network.configure(adapter.name(), IpAddress.parse("10.1.0.2"), 24);
 * }</pre>
 */
public class PlainNetwork implements Network, Capture, Names {

    private final Host host;
    private final Sockets sockets;
    private final DnsClient names;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Map<Object, Integer> adapters = new HashMap<>();

    /**
     * A network without interfaces but the loopback one.
     *
     * @param graph its protocols' nodes
     * @param strands of which one is taken, which waits for deadlines
     */
    public PlainNetwork(Graph graph, Clock clock, Strands strands, TcpProtocol tcp, CongestionControl congestion) {
        this(graph, clock, strands, tcp, congestion, null);
    }

    /** @param left what applications hold of the network before this one, or null */
    PlainNetwork(Graph graph, Clock clock, Strands strands, TcpProtocol tcp, CongestionControl congestion,
            Handles left) {
        host = Host.serving(left, clock, (connections, seed) -> new Stack(graph, tcp, connections, congestion, seed));
        sockets = new Sockets(host);
        names = new DnsClient(host, sockets, () -> {
            List<IpAddress> told = new ArrayList<>(host.stack.dhcp.resolvers());
            told.addAll(host.stack.routers.resolvers());
            return told;
        });
        host.start(strands, "network");
    }

    /** Ends all connections and gives everything back; the adapters must have been detached. */
    public void close() {
        host.stop();
    }

    /** Gives everything back, and what applications hold to the next network; the adapters must have been detached. */
    final void leave(Succession succession) {
        succession.leave(host);
    }

    /** Makes an adapter an interface of the same name, without an address. */
    public void attach(NetworkAdapter adapter) {
        host.enter();
        int index;
        try {
            index = host.stack.add(adapter.name(), adapter.address(), adapter.mtu(), adapter.intact(),
                    adapter::transmit);
            adapters.put(adapter, index);
            host.stack.enable6(index);
        } finally {
            host.leave();
        }
        host.attach(adapter, index);
    }

    /** Makes something that is no Ethernet an interface, without an address. */
    public void attach(IpLink link) {
        host.enter();
        int index;
        try {
            index = host.stack.add(link);
            adapters.put(link, index);
        } finally {
            host.leave();
        }
        host.attach(link, index);
    }

    /** Takes an adapter away: its interface is down from now on. */
    public void detach(NetworkAdapter adapter) {
        adapter.connect(null);
        gone(adapter);
    }

    /** Takes an interface away that is no Ethernet. */
    public void detach(IpLink link) {
        link.connect(null);
        gone(link);
    }

    private void gone(Object adapter) {
        host.enter();
        try {
            host.stack.down(adapters.remove(adapter));
        } finally {
            host.leave();
        }
    }

    private <T> T look(Function<Stack, T> at) {
        host.enter();
        try {
            return at.apply(host.stack);
        } finally {
            host.leave();
        }
    }

    @Override
    public UdpEndpoint bind(int port, String name, UdpReceive handler) throws IOException {
        return new HeldDatagrams(host.handles, port, name, handler);
    }

    @Override
    public TcpListener listen(IpAddress address, int port, int backlog) throws IOException {
        return new HeldListener(host.handles, address, false, port, backlog);
    }

    @Override
    public TcpConnection open(IpAddress address, int port) throws IOException {
        return HeldConnection.open(host.handles, IpAddress.ANY, 0, address, port);
    }

    @Override
    public TcpPort bindTcp(IpAddress address, boolean only6, int port, boolean reuse) throws IOException {
        return new HeldPort(host.handles, address, only6, port, reuse);
    }

    @Override
    public EthernetEndpoint bindEthernet(int type, String name, EthernetReceive handler) throws IOException {
        return new HeldType(host.handles, type, name, handler);
    }

    @Override
    public Diversion divert(int protocol, int port, int backs, String name, TransportDivert handler)
            throws IOException {
        return new HeldDoor(host.handles, protocol, port, backs, name, handler);
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
        return look(stack -> stack.ip.sourceFor(stack.scoped(destination)));
    }

    @Override
    public Echo echo(IpAddress address, int ttl, int bytes, Consumer<Answer> told) throws IOException {
        Echo[] echo = new Echo[1];
        Runnable uncount = host.handles.hold(() -> echo[0].close());
        Echo behind;
        try {
            behind = sockets.echo(address, ttl, bytes, told);
        } catch (IOException | RuntimeException e) {
            uncount.run();
            throw e;
        }
        echo[0] = () -> {
            uncount.run();
            behind.close();
        };
        return echo[0];
    }

    @Override
    public List<Holder> holders() {
        return host.handles.held();
    }

    /** Who calls is found out so: see {@link Handles#callers}. */
    final void callers(Supplier<Handles.Holder> who) {
        host.enter();
        host.handles.callers(who);
        host.leave();
    }

    final Handles handles() {
        return host.handles;
    }

    @Override
    public List<Interface> interfaces() {
        return look(Tables::interfaces);
    }

    /** An interface gets its address of IPv4 from a server of DHCP. @throws IOException there is no such interface */
    public void automatic(String name) throws IOException {
        checked(() -> {
            for (Link link : host.stack.links()) {
                if (link.name.equals(name) && link.out != null && link.ip == null && link.up) {
                    host.stack.automatic(link.index);
                    return null;
                }
            }
            return "There is no Ethernet interface " + name;
        });
    }

    @Override
    public List<IpAddress> addresses(String name) throws IOException {
        return names.addresses(name);
    }

    @Override
    public List<IpAddress> resolvers() {
        return names.resolvers();
    }

    @Override
    public void resolvers(List<IpAddress> addresses) {
        names.resolvers(addresses);
    }

    @Override
    public List<Address> addresses() {
        return look(Tables::addresses);
    }

    private static void prefix(IpAddress address, int prefix) throws IOException {
        int most = address.isV4() ? 32 : 128;
        if (prefix < 0 || prefix > most) {
            throw new IOException("The prefix is " + prefix + " bits long; it must be 0 to " + most);
        }
    }

    @Override
    public void unconfigure(String name, IpAddress address) throws IOException {
        checked(() -> host.stack.links().stream().filter(l -> l.name.equals(name)).anyMatch(l -> l.six.remove(address))
                ? null
                : name + " has no address " + address + " of IPv6");
    }

    @Override
    public void configure(String name, IpAddress address, int prefix) throws IOException {
        prefix(address, prefix);
        checked(() -> {
            List<Link> found = host.stack.links().stream().filter(l -> l.name.equals(name)).toList();
            if (found.isEmpty()) {
                return "There is no interface " + name;
            }
            if (!address.isV4() && found.getLast().ip != null) {
                return name + " carries IPv4 alone";
            }
            host.stack.configure(found.getLast().index, address, prefix);
            return null;
        });
    }

    private void checked(Supplier<String> change) throws IOException {
        String trouble = look(_ -> change.get());
        if (trouble != null) {
            throw new IOException(trouble);
        }
    }

    @Override
    public List<Route> routes() {
        return look(Tables::routes);
    }

    @Override
    public void addRoute(IpAddress network, int prefix, IpAddress gateway) throws IOException {
        prefix(network, prefix);
        checked(() -> {
            try {
                host.stack.route(network, prefix, gateway);
                return null;
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        });
    }

    @Override
    public void removeRoute(IpAddress network, int prefix) throws IOException {
        prefix(network, prefix);
        checked(() -> host.stack.routes.remove(Routes.network(network, prefix), prefix)
                ? null
                : "There is no route to " + network + "/" + prefix);
    }

    /** What is known of each interface: see {@link Learnt}. */
    final Map<String, List<String>> learnt() {
        Map<String, List<String>> all = new HashMap<>();
        host.enter();
        try {
            long now = host.now();
            for (Link link : host.stack.links()) {
                if (link.up && link.out != null) {
                    all.put(link.name, Learnt.of(host.stack, link, now));
                }
            }
        } finally {
            host.leave();
        }
        return all;
    }

    /** An interface is as {@link #learnt} told. @param gone nanoseconds since */
    final void restore(String name, List<String> known, long gone) {
        host.enter();
        try {
            host.stack.links().stream().filter(l -> l.name.equals(name)).reduce((_, b) -> b)
                    .ifPresent(link -> Learnt.restore(host.stack, link, known, gone, host.now()));
        } finally {
            host.leave();
        }
    }

    final long realTime() {
        return host.realTime();
    }

    final List<IpAddress> chosenResolvers() {
        return names.chosen();
    }

    /** Whether packets for others are sent on. */
    final boolean forwards() {
        return look(stack -> stack.ipv4.forwarding);
    }

    @Override
    public void forward(boolean on) {
        look(stack -> {
            stack.forward(on);
            return null;
        });
    }

    /** Whether ICMP redirects are obeyed, which anybody on the link can send; they are not unless this is called. */
    public final void obeyRedirects(boolean on) {
        look(stack -> {
            stack.redirects.obeyed = on;
            return null;
        });
    }

    /**
     * Whether addresses of IPv4 that Ethernet interfaces are given from now on are used only when nobody has answered for them, which takes
     * four to seven seconds (RFC 5227); else they are used at once and given up if somebody does.
     */
    public final void probeFirst(boolean on) {
        look(stack -> {
            stack.claims.waits = on;
            return null;
        });
    }

    @Override
    public List<Neighbour> neighbours() {
        return look(stack -> Tables.neighbours(stack, host.now()));
    }

    @Override
    public List<Endpoint> endpoints() {
        return look(stack -> new ArrayList<>(Tables.endpoints(stack)));
    }

    @Override
    public Map<String, Long> counters() {
        return look(Tables::counters);
    }

    @Override
    public Watching watch(Watcher watcher) {
        watchers.add(watcher);
        setWatcher();
        return () -> {
            watchers.remove(watcher);
            setWatcher(); // frames are shown with the lock held: who was called has returned
        };
    }

    private void setWatcher() {
        look(stack -> {
            stack.watcher = watchers.isEmpty()
                    ? null
                    : (by, sent, bytes, offset, length) -> watchers
                            .forEach(one -> one.frame(by, sent, bytes, offset, length));
            return null;
        });
    }
}
