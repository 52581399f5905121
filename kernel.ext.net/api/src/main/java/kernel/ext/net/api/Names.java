package kernel.ext.net.api;

import java.io.IOException;
import java.util.List;

/** Names of hosts, asked of others (RFC 1034, RFC 1035). Thread-safe. */
public interface Names {

    /**
     * Finds the addresses of a host: of both families, those of IPv4 first, since not every way out carries IPv6. An address as text is
     * its own.
     *
     * @param name such as {@code www.example.org}
     * @return at least one
     * @throws IOException there is no such name, it has no address, or nobody answers; the message says which
     * @throws java.io.InterruptedIOException the calling strand was interrupted
     */
    List<IpAddress> addresses(String name) throws IOException;

    /** Who is asked, in this order. */
    List<IpAddress> resolvers();

    /** Says who is asked before those that DHCP or routers tell of. */
    void resolvers(List<IpAddress> addresses);
}
