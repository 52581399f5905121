package hw.alpha.device.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import kernel.core.dispatch.Reserved;
import kernel.core.machine.AtmAdapter;
import kernel.core.machine.NetworkAdapter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The adapters that the machine was ordered with: framework property {@code spin.net}, orders with semicolons between
 * ({@link NetworkOrder}), which become eth0, eth1 and so on; {@code spin.atm}: the same, for ATM, atm0 and so on. {@code gateway}: a
 * wire within the machine, where we are 10.0.2.15/24, with a gateway at its other end; {@code none}, and the default: none.
 */
@Component(service = {}, immediate = true)
public final class NetworkSlots {

    private static final String OURS = "10.0.2.15/24 fd53:5049:4e00:2::15/64";

    /** Who has an adapter sees and sends what he likes: framework property, and what it is if it is not set. */
    private static final String MAY = "spin.net.adapters", USUALLY = "kernel.ext.net.*,bundles.shell";

    private final BundleContext context;
    private final List<Switchable> fitted = new ArrayList<>();

    /** Made by Declarative Services. */
    @Activate
    public NetworkSlots(BundleContext context) {
        this.context = context;
        String wanted = context.getProperty("spin.net");
        int slot = 0;
        for (String order : wanted == null || wanted.isBlank() ? new String[0] : wanted.split(";")) {
            if (order.equals("none")) {
                continue;
            }
            try {
                fit("eth" + slot++, NetworkOrder.parse(order));
            } catch (IOException | IllegalArgumentException e) {
                trouble("spin.net: " + e.getMessage());
            }
        }
        String cells = context.getProperty("spin.atm");
        slot = 0;
        for (String order : cells == null || cells.isBlank() ? new String[0] : cells.split(";")) {
            try {
                fitAtm("atm" + slot++, NetworkOrder.parseAtm(order));
            } catch (IOException | IllegalArgumentException e) {
                trouble("spin.atm: " + e.getMessage());
            }
        }
    }

    @Deactivate
    void off() {
        fitted.forEach(Switchable::off);
    }

    private static void trouble(String text) {
        System.getLogger(NetworkSlots.class.getName()).log(System.Logger.Level.ERROR, text);
    }

    private void fitAtm(String name, NetworkOrder order) throws IOException {
        AtmCard card = order.fitAtm(name);
        fitted.add(card);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(AtmAdapter.CIRCUITS, order.circuits().toArray(new String[0]));
        if (order.address() != null) {
            properties.put(AtmAdapter.ADDRESS, order.address());
        }
        if (order.route() != null) {
            properties.put(AtmAdapter.ROUTE, order.route());
        }
        context.registerService(AtmAdapter.class, new Reserved<>(context, card, MAY, USUALLY), properties);
    }

    private void fit(String name, NetworkOrder order) throws IOException {
        List<NetworkAdapter> adapters = order.fit(name);
        adapters.forEach(adapter -> fitted.add((Switchable) adapter));
        boolean gateway = order.wire().equals("gateway") && !NetworkAdapter.DHCP.equals(order.address());
        register(adapters.getFirst(), NetworkAdapter.KERNEL, gateway ? OURS : order.address(),
                gateway ? "10.0.2.2" : order.route(), gateway ? "10.0.2.2" : order.resolver());
        for (NetworkAdapter other : adapters.subList(1, adapters.size())) {
            register(other, NetworkAdapter.GATEWAY, null, null, null);
        }
    }

    private void register(NetworkAdapter adapter, String network, String address, String route,
            String resolver) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(NetworkAdapter.NETWORK, network);
        if (address != null) {
            properties.put(NetworkAdapter.ADDRESS, address);
        }
        if (route != null) {
            properties.put(NetworkAdapter.ROUTE, route);
        }
        if (resolver != null) {
            properties.put(NetworkAdapter.RESOLVER, resolver);
        }
        context.registerService(NetworkAdapter.class, new Reserved<>(context, adapter, MAY, USUALLY), properties);
    }
}
