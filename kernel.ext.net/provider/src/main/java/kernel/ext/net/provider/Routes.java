package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;

/** Which way packets go: the longest prefix that fits (RFC 1812 section 5.2.4). Used in the stack's strand. */
final class Routes {

    /**
     * One route.
     *
     * @param gateway 0 if the destination is near
     */
    record Route(int network, int prefix, int gateway, Link link) {

        boolean fits(int address) {
            return prefix == 0 || (address ^ network) >>> 32 - prefix == 0;
        }

        @Override
        public String toString() {
            return IpAddress.of(network) + "/" + prefix + " by " + link.name;
        }
    }

    private final List<Route> routes = new ArrayList<>();

    void add(Route route) {
        remove(route.network, route.prefix);
        int i = 0;
        while (i < routes.size() && routes.get(i).prefix >= route.prefix) {
            i++;
        }
        routes.add(i, route);
    }

    boolean remove(int network, int prefix) {
        return routes.removeIf(one -> one.network == network && one.prefix == prefix);
    }

    void remove(Link link) {
        routes.removeIf(one -> one.link == link);
    }

    List<Route> all() {
        return List.copyOf(routes);
    }

    /** The route to an address, or null. */
    Route find(int address) {
        for (int i = 0; i < routes.size(); i++) {
            Route one = routes.get(i);
            if (one.fits(address) && one.link.up) {
                return one;
            }
        }
        return null;
    }
}
