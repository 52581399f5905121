package bundles.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.machine.Clock;
import kernel.core.machine.Machine;
import kernel.core.memory.PhysAddr;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.header.Ethernet;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The machine as JSON. Raises are counted for 100 ms by the strand that asks; of several that ask within a second all but the first
 * get what he got. Thread-safe: by its monitor.
 */
@Component(service = MachineReport.class)
public final class MachineReport {

    private static final Duration COUNTED = Duration.ofMillis(100);
    private static final long GOOD_FOR = 1_000_000_000L;

    private final Machine machine;
    private final PhysAddr memory;
    private final Clock clock;
    private final Dispatcher dispatcher;
    private final Strands strands;
    private final Network network;
    private final BundleContext context;
    private String last;
    private long lastAt;

    /** Made by Declarative Services. */
    @Activate
    public MachineReport(@Reference Machine machine, @Reference PhysAddr memory, @Reference Clock clock,
            @Reference Dispatcher dispatcher, @Reference Strands strands,
            @Reference(target = Binding.STUB_ONLY) Network network,
            BundleContext context) {
        this.machine = machine;
        this.memory = memory;
        this.clock = clock;
        this.dispatcher = dispatcher;
        this.strands = strands;
        this.network = network;
        this.context = context;
    }

    /**
     * The report.
     *
     * @throws InterruptedException the calling strand was interrupted
     */
    public synchronized String json() throws InterruptedException {
        if (last == null || clock.monotonicTime() - lastAt > GOOD_FOR) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("machine", machine.name());
            all.put("processors", machine.processors());
            all.put("uptime", clock.monotonicTime() / 1e9);
            all.put("memory", Map.of("bytes", machine.memory(), "free", (long) memory.free() * memory.pageSize(),
                    "frame", memory.pageSize()));
            all.put("bundles", bundles());
            all.put("events", events());
            all.put("strands", strands.strands().stream().map(MachineReport::strand).toList());
            all.put("interfaces", network.interfaces().stream().map(this::link).toList());
            all.put("endpoints", network.endpoints().stream().map(MachineReport::endpoint).toList());
            all.put("counters", network.counters());
            last = Json.of(all);
            lastAt = clock.monotonicTime();
        }
        return last;
    }

    private List<Object> bundles() {
        List<Object> all = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", bundle.getBundleId());
            one.put("name", bundle.getSymbolicName());
            one.put("version", bundle.getVersion().toString());
            one.put("active", bundle.getState() == Bundle.ACTIVE);
            all.add(one);
        }
        return all;
    }

    private List<Object> events() throws InterruptedException {
        List<Object> all = new ArrayList<>();
        for (Dispatcher.EventState event : dispatcher.measure(COUNTED)) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", event.name());
            one.put("rate", event.count() == null ? 0 : Math.round(event.count().rate()));
            one.put("bound", event.bindings().stream().map(b -> {
                Map<String, Object> binding = new LinkedHashMap<>();
                binding.put("name", b.name());
                binding.put("role", b.role());
                binding.put("guard", b.guard());
                binding.put("bundle", b.bundle());
                binding.put("failures", b.failures());
                return binding;
            }).toList());
            all.add(one);
        }
        return all;
    }

    private static Object strand(kernel.core.strand.Strand strand) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("id", strand.id());
        one.put("name", strand.name());
        one.put("state", strand.state().toString().toLowerCase(java.util.Locale.ROOT));
        one.put("seconds", strand.processorTime() / 1e9);
        return one;
    }

    private Object link(Network.Interface link) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", link.name());
        one.put("hardware", Ethernet.text(link.hardware()));
        one.put("address", link.address() == null ? null : link.address() + "/" + link.prefix());
        one.put("addresses",
                network.addresses().stream().filter(address -> address.by().equals(link.name()))
                        .map(address -> address.address() + "/" + address.prefix()
                                + (address.state().equals("preferred") ? "" : " " + address.state()))
                        .toList());
        one.put("mtu", link.mtu());
        one.put("up", link.up());
        one.put("received", link.received());
        one.put("receivedBytes", link.receivedBytes());
        one.put("sent", link.sent());
        one.put("sentBytes", link.sentBytes());
        return one;
    }

    private static Object endpoint(Network.Endpoint end) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("protocol", end.protocol());
        one.put("local", end(end.local(), end.localPort()));
        one.put("remote", end.remote() == null ? null : end(end.remote(), end.remotePort()));
        one.put("state", end.state());
        one.put("details", end.details());
        return one;
    }

    /** An address and a port, as URLs have them. */
    private static String end(IpAddress address, int port) {
        return (address.isAny() ? "*" : address.isV4() ? address.toString() : "[" + address + "]") + ":" + port;
    }
}
