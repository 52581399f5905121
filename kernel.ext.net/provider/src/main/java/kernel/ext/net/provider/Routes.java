package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;

/**
 * Which way packets go: the longest prefix that fits (RFC 1812 section 5.2.4), for both families in one table. Used in the stack's
 * strand.
 */
final class Routes {

    /** Bits before those of an IPv4 address in its mapped form. */
    private static final int MAPPED = 96;

    /**
     * One route.
     *
     * @param network with nothing but zeros behind its prefix
     * @param prefix bits, as people count them: 0 to 32 or 0 to 128
     * @param gateway null if the destination is near
     * @param advertised whether a router told of it
     */
    record Route(IpAddress network, int prefix, IpAddress gateway, Link link, boolean advertised) {

        boolean fits(long high, long low) {
            if (network.isV4() != IpAddress.isV4(high, low)) {
                return false;
            }
            int bits = network.isV4() ? prefix + MAPPED : prefix;
            return bits == 0 || (bits <= 64
                    ? (high ^ network.high()) >>> 64 - bits == 0
                    : high == network.high() && (low ^ network.low()) >>> 128 - bits == 0);
        }

        @Override
        public String toString() {
            return network + "/" + prefix + " by " + link.name;
        }
    }

    private final List<Route> routes = new ArrayList<>();

    /** The network that an address is in: all bits behind the prefix are 0. */
    static IpAddress network(IpAddress address, int prefix) {
        int bits = address.isV4() ? prefix + MAPPED : prefix;
        long high = bits == 0 ? 0 : bits >= 64 ? address.high() : address.high() & -1L << 64 - bits;
        long low = bits <= 64 ? 0 : bits == 128 ? address.low() : address.low() & -1L << 128 - bits;
        return new IpAddress(high, low);
    }

    void add(Route route) {
        remove(route.network, route.prefix);
        append(route);
    }

    /** Adds a route beside others to the same network: it is used when they are gone. */
    void append(Route route) {
        int i = 0;
        while (i < routes.size() && routes.get(i).prefix >= route.prefix) {
            i++;
        }
        routes.add(i, route);
    }

    boolean remove(IpAddress network, int prefix) {
        return routes.removeIf(one -> one.prefix == prefix && one.network.equals(network));
    }

    boolean remove(Route route) {
        return routes.remove(route);
    }

    void remove(Link link) {
        routes.removeIf(one -> one.link == link);
    }

    void remove(Link link, boolean v4) {
        routes.removeIf(one -> one.link == link && one.network.isV4() == v4);
    }

    List<Route> all() {
        return List.copyOf(routes);
    }

    /** The route to an IPv4 address, or null. */
    Route find(int v4) {
        return find(0, IpAddress.mapped(v4));
    }

    /** The route to an address, or null. */
    Route find(long high, long low) {
        for (int i = 0; i < routes.size(); i++) {
            Route one = routes.get(i);
            if (one.fits(high, low) && one.link.up) {
                return one;
            }
        }
        return null;
    }
}
