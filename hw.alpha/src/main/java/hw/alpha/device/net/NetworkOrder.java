package hw.alpha.device.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import kernel.core.machine.NetworkAdapter;

/**
 * An adapter as it is ordered, in words: {@code WIRE[,OPTION=VALUE...]}. The wire is {@code gateway}, {@code tap:NAME},
 * {@code wire:unix:PATH} or {@code wire:HOST:PORT}; options are {@code address} (with its prefix; several with + between), {@code gateway}, {@code dns},
 * {@code mtu}, {@code mac}, and what is wrong with the wire ({@code loss}, {@code delay}, {@code jitter}, {@code rate}, {@code reorder},
 * {@code dup}, {@code corrupt}, {@code seed}: docs/network.md). An ATM adapter has {@code pvc} as well,
 * {@code VPI.VCI[:ADDRESS]+...}, and no {@code mac}. Immutable.
 *
 * @param wire which one
 * @param address with its prefix, several with blanks between, or {@code dhcp}, or null
 * @param route address of the default route's gateway, of both families with a blank between, or null
 * @param resolver address of who answers for names, or null
 * @param mac hardware address, 48 bits, or -1 if it was not said
 * @param mtu bytes of the largest IP packet
 * @param faults of the wire
 * @param circuits of an ATM adapter
 */
record NetworkOrder(String wire, String address, String route, String resolver, long mac, int mtu, Faults faults,
        List<String> circuits) {

    /** What DEC's adapters begin with. */
    static final long DIGITAL = 0x0800_2B00_0000L;
    private static final int ETHERNET = 1500;
    /** RFC 2225 section 7. */
    private static final int ATM = 9180;
    private static final String CIRCUIT = "[0-9]{1,3}\\.[0-9]{1,5}(:[0-9.]+)?";

    /** Reads one for Ethernet. @throws IllegalArgumentException it cannot be understood; the message is for people */
    static NetworkOrder parse(String text) {
        return parse(text, false);
    }

    /** Reads one for ATM. @throws IllegalArgumentException it cannot be understood; the message is for people */
    static NetworkOrder parseAtm(String text) {
        NetworkOrder order = parse(text, true);
        if (!order.wire.startsWith("wire:")) {
            throw new IllegalArgumentException(text + ": ATM goes over wire:unix:PATH or wire:HOST:PORT");
        }
        return order;
    }

    private static NetworkOrder parse(String text, boolean atm) {
        String[] words = text.split(",");
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1 || options.put(words[i].substring(0, equals), words[i].substring(equals + 1)) != null) {
                throw new IllegalArgumentException(text + ": \"" + words[i] + "\" is not NAME=VALUE, or said twice");
            }
        }
        String wire = words[0];
        if (wire.startsWith("tap:")) { // tap:NAME:ADDRESS/PREFIX[:GATEWAY] or tap:NAME:dhcp
            String[] parts = wire.split(":");
            wire = "tap:" + (parts.length > 1 ? parts[1] : "");
            options.putAll(parts.length > 2 ? Map.of("address", parts[2]) : Map.of());
            options.putAll(parts.length > 3 ? Map.of("gateway", parts[3]) : Map.of());
        }
        if (!wire.matches("gateway|tap:[^:/]{1,15}|wire:unix:.+|wire:(\\[[0-9a-fA-F:.]+\\]|[^:]+):[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    text + ": gateway, tap:NAME:ADDRESS/PREFIX, wire:unix:PATH or wire:HOST:PORT is wanted");
        }
        String one = "([0-9.]+/[0-9]{1,2}|[0-9a-fA-F:.]+/[0-9]{1,3})";
        String address = match(options, "address", one + "(\\+" + one + ")*|dhcp", "10.1.0.2/24+fd00::2/64");
        String way = "[0-9a-fA-F:.]+";
        String route = match(options, "gateway", way + "(\\+" + way + ")?", "10.1.0.1+fd00::1");
        String resolver = match(options, "dns", "[0-9a-fA-F:.]+", "10.1.0.1");
        String mtu = match(options, "mtu", "[0-9]{2,5}", "1500");
        String mac = match(options, "mac", "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}", "08:00:2b:00:00:02");
        String circuits = atm ? match(options, "pvc", CIRCUIT + "(\\+" + CIRCUIT + ")*", "0.100:10.2.0.2") : null;
        Faults faults = Faults.take(options);
        if (!options.isEmpty()) {
            throw new IllegalArgumentException(text + ": there is no option " + options.keySet().iterator().next()
                    + "; there are address, gateway, dns, mtu, mac, pvc (for ATM), loss, delay, jitter, rate, reorder, dup, corrupt, hole, seed");
        }
        int bytes = mtu == null ? atm ? ATM : ETHERNET : Integer.parseInt(mtu);
        if (bytes < 68 || bytes > 65000) {
            throw new IllegalArgumentException(text + ": mtu must be 68 to 65000");
        }
        return new NetworkOrder(wire, words(address), words(route), resolver,
                mac == null ? -1 : Long.parseLong(mac.replace(":", ""), 16), bytes, faults,
                circuits == null ? atm ? List.of("0.100") : List.of() : List.of(circuits.split("\\+")));
    }

    /** Several addresses with blanks between, as adapters' properties have them. */
    private static String words(String several) {
        return several == null ? null : several.replace('+', ' ');
    }

    private static String match(Map<String, String> options, String name, String pattern, String example) {
        String value = options.remove(name);
        if (value != null && !value.matches(pattern)) {
            throw new IllegalArgumentException(name + "=" + value + ": such as " + name + "=" + example + " is wanted");
        }
        return value;
    }

    /** The hardware address: as it was said, else from the IP address, so that those on one wire differ, else by chance. */
    private long hardware() {
        if (mac >= 0) {
            return mac;
        }
        String first = address == null || address.indexOf('/') < 0 ? null : address.substring(0, address.indexOf('/'));
        if (first == null) {
            return DIGITAL | ThreadLocalRandom.current().nextInt(1 << 24);
        }
        if (first.indexOf(':') >= 0) {
            return DIGITAL | first.toLowerCase(Locale.ROOT).hashCode() & 0xFF_FFFF;
        }
        long low = 0;
        for (String part : first.split("\\.")) {
            low = low << 8 | Integer.parseInt(part);
        }
        return DIGITAL | low & 0xFF_FFFF;
    }

    /**
     * Puts the adapters in: the kernel's first, and, with {@code gateway}, the gateway's.
     *
     * @param name of the kernel's, such as {@code eth0}
     * @throws IOException the wire cannot be had; the message says what to do
     */
    List<NetworkAdapter> fit(String name) throws IOException {
        List<NetworkAdapter> all = new ArrayList<>();
        if (wire.equals("gateway")) {
            WireEnd[] ends = WireEnd.pair(name, DIGITAL + 0x15, "gw0", DIGITAL + 2, mtu);
            all.add(ends[0]);
            all.add(ends[1]);
        } else if (wire.startsWith("tap:")) {
            all.add(new TapAdapter(name, wire.substring(4), mac >= 0 ? mac : DIGITAL + 0x100, mtu));
        } else {
            all.add(new SegmentEnd(name, hardware(), mtu, segment(wire.substring("wire:".length()))));
        }
        if (!faults.none()) {
            all.set(0, new FaultyWire(all.getFirst(), faults));
        }
        return all;
    }

    /** Puts an ATM adapter in. */
    AtmCard fitAtm(String name) throws IOException {
        return new AtmCard(fit(name).getFirst(), mtu, !faults.none());
    }

    /** The wire between processes of that name. */
    static Function<FaultyLine.Exit, Segment> segment(String place) {
        if (place.startsWith("unix:")) {
            return exit -> new UnixSegment(place.substring("unix:".length()), exit);
        }
        int colon = place.lastIndexOf(':');
        String host = place.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(place.substring(colon + 1));
        return exit -> new UdpSegment(host, port, exit);
    }
}
