package kernel.ext.net.provider;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Intrinsic;
import kernel.core.dispatch.Reserved;
import kernel.core.handoff.Handoff;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.core.strand.Strands;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.Names;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.TcpProtocol;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The kernel's network: a stack on the dispatcher's graph, and the adapters of the machine as its interfaces, with the addresses
 * that they are registered with. What applications hold goes on with the next one when this is updated. Thread-safe: by the lock of
 * its host.
 */
@Component(service = Network.class, immediate = true)
@Intrinsic
public final class NetworkService extends PlainNetwork {

    private static final String CONFIGURATION = "configuration", HANDLES = "handles";

    private final DispatchedGraph graph;
    private final Handoff handoff;
    private final Succession succession;
    private final Callers callers;
    private final ServiceRegistration<?> more;
    private final ServiceRegistration<?> capture;
    /** What the network before this one had set; null if there was none. */
    private final Configuration handed;
    /** Whether new addresses wait for their probes. */
    private final boolean probes;
    /** Interfaces whose addresses DHCP gives. */
    private final Set<String> automatic = ConcurrentHashMap.newKeySet();

    /** Made by Declarative Services. */
    @Activate
    public NetworkService(@Reference Dispatcher dispatcher, @Reference Clock clock, @Reference Strands strands,
            @Reference(target = Binding.STUB_ONLY) TcpProtocol tcp,
            @Reference(target = Binding.STUB_ONLY) CongestionControl congestion,
            @Reference Handoff handoff, BundleContext context) {
        this(new DispatchedGraph(dispatcher, context.getBundle()), clock, strands, tcp, congestion, handoff, context);
    }

    private NetworkService(DispatchedGraph graph, Clock clock, Strands strands, TcpProtocol tcp,
            CongestionControl congestion, Handoff handoff, BundleContext context) {
        super(graph, clock, strands, tcp, congestion, Succession.taken(handoff, HANDLES));
        this.graph = graph;
        this.handoff = handoff;
        succession = new Succession(handoff, HANDLES, context, strands);
        handed = Configuration.from(handoff.take(CONFIGURATION), this);
        callers = new Callers(context, strands, handles());
        callers(callers);
        obeyRedirects("obey".equals(context.getProperty("spin.net.redirects")));
        probes = "wait".equals(context.getProperty("spin.net.probes"));
        more = context.registerService(Names.class, this, null);
        capture = context.registerService(Capture.class,
                new Reserved<Capture>(context, this, Capture.MAY, Capture.USUALLY), null);
    }

    @Deactivate
    void stop() {
        more.unregister();
        capture.unregister();
        callers.close();
        handoff.leave(CONFIGURATION, Configuration.of(this, automatic));
        leave(succession);
        graph.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "remove",
            target = "(" + NetworkAdapter.NETWORK + "=" + NetworkAdapter.KERNEL + ")")
    void add(NetworkAdapter adapter, Map<String, Object> properties) {
        attach(adapter);
        configure(adapter.name(), properties);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "removeLink")
    void addLink(IpLink link, Map<String, Object> properties) {
        attach(link);
        configure(link.name(), properties);
    }

    void removeLink(IpLink link) {
        detach(link);
    }

    private void configure(String name, Map<String, Object> properties) {
        String address = (String) properties.get(NetworkAdapter.ADDRESS);
        try {
            probeFirst(false);
            boolean known = handed != null && handed.apply(name, this); // these are in use
            probeFirst(probes);
            String resolver = (String) properties.get(NetworkAdapter.RESOLVER);
            if (resolver != null && !known) {
                resolvers(List.of(IpAddress.parse(resolver)));
            }
            if (NetworkAdapter.DHCP.equals(address)) {
                automatic.add(name);
                automatic(name);
                return;
            }
            if (known || address == null) {
                return;
            }
            for (String one : address.split(" ")) {
                int slash = one.indexOf('/');
                configure(name, IpAddress.parse(one.substring(0, slash)), Integer.parseInt(one.substring(slash + 1)));
            }
            String gateway = (String) properties.get(NetworkAdapter.ROUTE);
            for (String one : gateway == null ? new String[0] : gateway.split(" ")) {
                IpAddress by = IpAddress.parse(one);
                addRoute(by.isV4() ? IpAddress.ANY : IpAddress.ANY6, 0, by);
            }
        } catch (IOException | IllegalArgumentException e) {
            System.getLogger(NetworkService.class.getName()).log(System.Logger.Level.ERROR,
                    "the adapter {0} was given the address {1}: {2}", name, address, e.getMessage());
        }
    }

    void remove(NetworkAdapter adapter) {
        detach(adapter);
    }
}
