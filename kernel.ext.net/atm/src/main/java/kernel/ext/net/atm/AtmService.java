package kernel.ext.net.atm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Reserved;
import kernel.core.machine.AtmAdapter;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Atm;
import kernel.ext.net.api.AtmReceive;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpLink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The kernel's ATM: a node on the dispatcher, and IP over each adapter that was ordered with circuits. Thread-safe. */
@Component(service = Atm.class, immediate = true)
public final class AtmService implements Atm, Capture {

    private final BundleContext context;
    private final Clock clock;
    private final Bound nobody;
    private final ServiceRegistration<Capture> capture;
    private final Circuits circuits;

    private record Fitted(ClassicalIp ip, ServiceRegistration<IpLink> registration) {}

    private final Map<AtmAdapter, Fitted> fitted = new HashMap<>();

    /** Made by Declarative Services. */
    @Activate
    public AtmService(BundleContext context, @Reference Dispatcher dispatcher, @Reference Clock clock) {
        this.context = context;
        this.clock = clock;
        // binding makes this bundle the node's owner, so others need its consent, which nobody gives
        nobody = dispatcher.bind(Binding.intrinsic(AtmReceive.class, (_, _, _) -> false).name("nobody"));
        AtmReceive node = dispatcher.stub(AtmReceive.class);
        circuits = new Circuits(new AtmNode() {
            @Override
            public AtmReceive receive() {
                return node;
            }

            @Override
            public Runnable bind(int circuit, String name, AtmReceive handler) {
                return dispatcher.bind(Binding.handler(AtmReceive.class, handler).key("circuit", circuit)
                        .name(name))::close;
            }
        }, clock);
        capture = context.registerService(Capture.class,
                new Reserved<Capture>(context, this, Capture.MAY, Capture.USUALLY), null);
    }

    @Deactivate
    synchronized void stop() {
        capture.unregister();
        new ArrayList<>(fitted.keySet()).forEach(this::remove);
        nobody.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "remove")
    synchronized void add(AtmAdapter adapter, Map<String, Object> properties) {
        circuits.add(adapter);
        ClassicalIp ip = null;
        ServiceRegistration<IpLink> registration = null;
        if (properties.get(AtmAdapter.CIRCUITS) instanceof String[] wanted) {
            try {
                ip = new ClassicalIp(circuits, adapter, List.of(wanted), clock);
                Dictionary<String, Object> own = new Hashtable<>();
                copy(properties, AtmAdapter.ADDRESS, own, IpLink.ADDRESS);
                copy(properties, AtmAdapter.ROUTE, own, IpLink.ROUTE);
                registration = context.registerService(IpLink.class, ip, own);
            } catch (IOException | IllegalArgumentException e) {
                System.getLogger(AtmService.class.getName()).log(System.Logger.Level.ERROR,
                        "no IP over {0}: {1}", adapter.name(), e.getMessage());
            }
        }
        fitted.put(adapter, new Fitted(ip, registration));
    }

    private static void copy(Map<String, Object> from, String name, Dictionary<String, Object> to, String as) {
        if (from.get(name) != null) {
            to.put(as, from.get(name));
        }
    }

    synchronized void remove(AtmAdapter adapter) {
        Fitted own = fitted.remove(adapter);
        if (own == null) {
            return;
        }
        if (own.registration != null) {
            own.registration.unregister();
            own.ip.close();
        }
        circuits.remove(adapter);
    }

    @Override
    public Circuit open(String adapter, int vpi, int vci, String name, AtmReceive handler) throws IOException {
        return circuits.open(adapter, vpi, vci, name, handler);
    }

    @Override
    public List<String> adapters() {
        return circuits.adapters();
    }

    @Override
    public Watching watch(Watcher watcher) {
        return circuits.watch(watcher);
    }

    @Override
    public int linkType(String by) {
        return circuits.linkType(by);
    }
}
