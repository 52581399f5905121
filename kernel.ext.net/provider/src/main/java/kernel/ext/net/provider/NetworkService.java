package kernel.ext.net.provider;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.TcpProtocol;
import kernel.ext.net.api.tcp.TcpTable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The kernel's network: a stack on the dispatcher's graph, and the adapters of the machine as its interfaces, with the addresses
 * that they are registered with. Thread-safe: by the lock of its host.
 */
@Component(service = Network.class, immediate = true)
public final class NetworkService implements Network {

    private final Host host;
    private final Sockets sockets;
    private final DispatchedGraph graph;
    private final Map<NetworkAdapter, Integer> adapters = new HashMap<>();

    /** Made by Declarative Services. */
    @Activate
    public NetworkService(@Reference Dispatcher dispatcher, @Reference Clock clock, @Reference Strands strands,
            @Reference(target = Binding.STUB_ONLY) TcpProtocol tcp,
            @Reference(target = Binding.STUB_ONLY) CongestionControl congestion) {
        graph = new DispatchedGraph(dispatcher);
        host = new Host(clock, new Stack(graph, tcp, congestion, new SecureRandom().nextLong(), TcpTable.BUFFER));
        sockets = new Sockets(host);
        host.start(strands, "network");
    }

    @Deactivate
    void stop() {
        host.stop();
        graph.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "remove",
            target = "(" + NetworkAdapter.NETWORK + "=" + NetworkAdapter.KERNEL + ")")
    void add(NetworkAdapter adapter, Map<String, Object> properties) {
        host.enter();
        int index;
        try {
            index = host.stack.add(adapter.name(), adapter.address(), adapter.mtu(), adapter.intact(), adapter::transmit);
            adapters.put(adapter, index);
        } finally {
            host.leave();
        }
        host.attach(adapter, index);
        String address = (String) properties.get(NetworkAdapter.ADDRESS);
        if (address != null) {
            int slash = address.indexOf('/');
            host.enter();
            try {
                host.stack.configure(index, IpAddress.parse(address.substring(0, slash)),
                        Integer.parseInt(address.substring(slash + 1)));
                String gateway = (String) properties.get(NetworkAdapter.ROUTE);
                if (gateway != null) {
                    host.stack.route(IpAddress.ANY, 0, IpAddress.parse(gateway));
                }
            } finally {
                host.leave();
            }
        }
    }

    void remove(NetworkAdapter adapter) {
        adapter.connect(null);
        host.enter();
        try {
            Link link = host.stack.links().get(adapters.remove(adapter));
            link.up = false;
            link.prefix = -1;
            host.stack.routes.remove(link);
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
        return sockets.bind(port, name, handler);
    }

    @Override
    public TcpListener listen(IpAddress address, int port, int backlog) throws IOException {
        return new Acceptor(host, address, port, backlog);
    }

    @Override
    public TcpConnection connect(IpAddress address, int port, long timeout) throws IOException {
        return sockets.connect(address, port, timeout);
    }

    @Override
    public Answer ping(IpAddress address, int ttl, int bytes, long timeout) throws IOException {
        return sockets.ping(address, ttl, bytes, timeout);
    }

    @Override
    public List<Interface> interfaces() {
        return look(Tables::interfaces);
    }

    @Override
    public void configure(String name, IpAddress address, int prefix) throws IOException {
        if (prefix < 0 || prefix > 32) {
            throw new IOException("The prefix is " + prefix + " bits long; it must be 0 to 32");
        }
        checked(() -> {
            List<Link> found = host.stack.links().stream().filter(l -> l.name.equals(name)).toList();
            if (found.isEmpty()) {
                return "There is no interface " + name;
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
        checked(() -> host.stack.routes.remove(network.v4(), prefix)
                ? null
                : "There is no route to " + network + "/" + prefix);
    }

    @Override
    public void forward(boolean on) {
        look(stack -> {
            stack.forward(on);
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
}
