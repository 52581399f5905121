package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;

/** What a router tells the hosts of a link, when they ask and every five minutes (RFC 4861 section 6.2). Used in the stack's strand. */
final class Advertiser {

    private static final long PERIOD = 300_000_000_000L;
    /** Between two advertisements to all. */
    private static final long PAUSE = 500_000_000L;
    private static final int LIFE = 1800, VALID = 86400, PREFERRED = 14400;

    private final Stack stack;
    private final Link link;
    private final IpAddress prefix;
    private final boolean routes;
    private final IpAddress resolver;
    private long due = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE / 2;

    /**
     * @param prefix of 64 bits, from which hosts make addresses
     * @param routes whether it is a way to everywhere
     * @param resolver who answers for names, or null
     */
    Advertiser(Stack stack, Link link, IpAddress prefix, boolean routes, IpAddress resolver) {
        this.stack = stack;
        this.link = link;
        this.prefix = prefix;
        this.routes = routes;
        this.resolver = resolver;
    }

    /** A host asks. */
    void solicited(long now) {
        due = Math.min(due, Math.max(now, last + PAUSE));
    }

    long nextDeadline() {
        return due;
    }

    void poll(long now) {
        if (due > now) {
            return;
        }
        IpAddress all = new IpAddress(0xFF02L << 48 | (long) link.six.scope() << 32, 1);
        IpAddress source = link.six.source(all);
        if (source == null) {
            due = now + PAUSE; // our own address is not settled yet
            return;
        }
        due = now + PERIOD;
        last = now;
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, 16 + 8 + 8 + 32 + (resolver == null ? 0 : 24));
        b.put32(8, 0);
        b.put32(12, 0);
        Discovery.hardware(b, 16, Discovery.SOURCE_HARDWARE, link.hardware);
        b.put32(24, Discovery.MTU << 24 | 1 << 16);
        b.put32(28, link.six.mtu);
        b.put32(32, Discovery.PREFIX << 24 | 4 << 16 | 64 << 8 | 0xC0);
        b.put32(36, VALID);
        b.put32(40, PREFERRED);
        b.put32(44, 0);
        Discovery.put(b, 48, prefix);
        if (resolver != null) {
            b.put32(64, Discovery.DNS << 24 | 3 << 16);
            b.put32(68, LIFE);
            Discovery.put(b, 72, resolver);
        }
        stack.discovery.send(link, b, new Icmp6(Icmp6.ROUTER_ADVERTISEMENT, 0, 64 << 24 | (routes ? LIFE : 0)), source,
                all, now);
    }
}
