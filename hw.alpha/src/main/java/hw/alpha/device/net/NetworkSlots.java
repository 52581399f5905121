package hw.alpha.device.net;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import kernel.core.machine.NetworkAdapter;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The adapters that the machine was ordered with: framework property {@code spin.net}. {@code gateway}: a wire within the machine,
 * eth0 at 10.0.2.15/24, with a gateway at its other end; {@code tap:NAME:ADDRESS/PREFIX[:GATEWAY]}: the host's TAP device of that name;
 * {@code none}, and the default: none.
 */
@Component(service = {}, immediate = true)
public final class NetworkSlots {

    /** What DEC's adapters begin with. */
    private static final long DIGITAL = 0x0800_2B00_0000L;
    private static final int ETHERNET = 1500;

    private final BundleContext context;
    private Runnable off = () -> {};

    /** Made by Declarative Services. */
    @Activate
    public NetworkSlots(BundleContext context) {
        this.context = context;
        String wanted = context.getProperty("spin.net");
        if (wanted == null || wanted.isBlank() || wanted.equals("none")) {
            return;
        }
        if (wanted.equals("gateway")) {
            gateway();
        } else if (wanted.startsWith("tap:")) {
            tap(wanted.substring(4).split(":"));
        } else {
            trouble("spin.net=" + wanted + ": must be none, gateway or tap:NAME:ADDRESS/PREFIX[:GATEWAY]");
        }
    }

    @Deactivate
    void off() {
        off.run();
    }

    private static void trouble(String text) {
        System.getLogger(NetworkSlots.class.getName()).log(System.Logger.Level.ERROR, text);
    }

    private void gateway() {
        WireEnd[] ends = WireEnd.pair("eth0", DIGITAL + 0x15, "gw0", DIGITAL + 2, ETHERNET);
        register(ends[0], NetworkAdapter.KERNEL, "10.0.2.15/24", "10.0.2.2");
        register(ends[1], NetworkAdapter.GATEWAY, null, null);
        off = () -> {
            ends[0].off();
            ends[1].off();
        };
    }

    private void tap(String[] words) {
        if (words.length < 2 || !words[1].matches("[0-9.]+/[0-9]+")) {
            trouble("spin.net: tap wants a name and an address, such as tap:tap0:10.1.0.2/24");
            return;
        }
        try {
            TapAdapter adapter = new TapAdapter("eth0", words[0], DIGITAL + 0x100, ETHERNET);
            off = adapter::off;
            register(adapter, NetworkAdapter.KERNEL, words[1], words.length > 2 ? words[2] : null);
        } catch (IOException e) {
            trouble(e.getMessage());
        }
    }

    private void register(NetworkAdapter adapter, String network, String address, String route) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(NetworkAdapter.NETWORK, network);
        if (address != null) {
            properties.put(NetworkAdapter.ADDRESS, address);
        }
        if (route != null) {
            properties.put(NetworkAdapter.ROUTE, route);
        }
        context.registerService(NetworkAdapter.class, adapter, properties);
    }
}
