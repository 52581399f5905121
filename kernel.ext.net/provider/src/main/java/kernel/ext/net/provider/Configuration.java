package kernel.ext.net.provider;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;

/**
 * What was set in a network and what it has learnt, as texts, for the one that comes after it: addresses of interfaces, routes by
 * gateways, whether packets are sent on, resolvers; leases and what routers told ({@link Learnt}). Thread-safe: by its monitor.
 */
final class Configuration {

    private final Map<String, List<String>> addresses = new HashMap<>();
    private final List<String[]> routes = new ArrayList<>();
    private Map<String, List<String>> learnt;
    /** Time of day at which it was left, nanoseconds. */
    private long leftAt;

    private Configuration() {}

    /** What is set in a network, in types of the JDK. @param automatic interfaces whose addresses DHCP gives */
    static Map<String, Object> of(PlainNetwork network, Set<String> automatic) {
        List<String> all = new ArrayList<>();
        for (Network.Address one : network.addresses()) {
            if (!one.by().equals("lo") && !automatic.contains(one.by()) && one.address().isV4()
                    && !one.state().equals("duplicate")) {
                all.add(one.by() + " " + one.address() + " " + one.prefix());
            }
        }
        Set<String> by = new HashSet<>(automatic);
        List<String> ways = network.routes().stream()
                .filter(one -> one.gateway() != null && !one.gateway().isScoped() && !by.contains(one.by()))
                .map(one -> one.network() + " " + one.prefix() + " " + one.gateway()).toList();
        return Map.of("addresses", all, "routes", ways, "forwarding", network.forwards(), "resolvers",
                network.chosenResolvers().stream().map(IpAddress::toString).toList(), "learnt", network.learnt(),
                "time", network.realTime());
    }

    /** Reads what was left; null if there is nothing, or it cannot be understood. */
    @SuppressWarnings("unchecked") // what an earlier version left may have other keys, not other types
    static Configuration from(Object left, PlainNetwork network) {
        if (!(left instanceof Map<?, ?> map) || !(map.get("addresses") instanceof List<?> all)
                || !(map.get("routes") instanceof List<?> ways) || !(map.get("resolvers") instanceof List<?> names)
                || !(map.get("learnt") instanceof Map<?, ?> learnt) || !(map.get("time") instanceof Long time)) {
            return null;
        }
        Configuration own = new Configuration();
        for (Object one : all) {
            String[] words = one.toString().split(" ");
            own.addresses.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(words[1] + " " + words[2]);
        }
        ways.forEach(one -> own.routes.add(one.toString().split(" ")));
        own.learnt = new HashMap<>((Map<String, List<String>>) learnt);
        own.leftAt = time;
        network.forward(Boolean.TRUE.equals(map.get("forwarding")));
        network.resolvers(names.stream().map(one -> IpAddress.parse(one.toString())).toList());
        return own;
    }

    /** An interface is there: it gets the addresses that it had. @return false if nothing is known of it */
    synchronized boolean apply(String name, PlainNetwork network) throws IOException {
        List<String> known = learnt.remove(name);
        if (known == null) {
            return false;
        }
        network.restore(name, known, Math.max(0, network.realTime() - leftAt));
        for (String one : addresses.getOrDefault(name, List.of())) {
            String[] words = one.split(" ");
            network.configure(name, IpAddress.parse(words[0]), Integer.parseInt(words[1]));
        }
        routes.removeIf(one -> {
            try {
                network.addRoute(IpAddress.parse(one[0]), Integer.parseInt(one[1]), IpAddress.parse(one[2]));
                return true;
            } catch (IOException e) {
                return false; // its gateway is by an interface that is still to come
            }
        });
        return true;
    }
}
