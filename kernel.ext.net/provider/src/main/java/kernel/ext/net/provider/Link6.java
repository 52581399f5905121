package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.header.Ipv6;

/**
 * What an interface is in IPv6: its addresses and how they come about (RFC 4862: a link-local one by itself, others by hand or by a
 * router's advertisements, each after nobody else was found to have it), the groups that follow from them, and what routers say of the
 * link. Used in the stack's strand.
 */
final class Link6 {

    private static final long SECOND = 1_000_000_000L;
    /** Addresses that advertisements may make on an interface. */
    private static final int ADVERTISED = 16;

    private final Stack stack;
    private final Link link;
    final List<Address6> addresses = new ArrayList<>();
    final Groups6 groups;
    /** Whether the interface speaks IPv6; begins with the next poll if it is to. */
    boolean on;
    private boolean starting;
    /** What routers said, or what is usual (RFC 4861 sections 6.3.2 and 10). */
    int mtu;
    /** See {@link #mtu}. */
    int hops = 64;
    /** See {@link #mtu}; nanoseconds. */
    long reachable = 30 * SECOND;
    /** See {@link #mtu}; nanoseconds. */
    long retransmit = SECOND;

    Link6(Stack stack, Link link) {
        this.stack = stack;
        this.link = link;
        mtu = link.mtu;
        groups = new Groups6(stack, link);
    }

    /** The number that scoped addresses of this link have. */
    int scope() {
        return link.index + 1;
    }

    /** The interface speaks IPv6 from the next poll on, if it carries large enough packets. */
    void start() {
        starting = !on && link.mtu >= Ipv6.LEAST_MTU;
    }

    /** It speaks IPv6 as it did under the stack before this, whose addresses follow; what routers say is asked for again. */
    void resume(long now) {
        starting = false;
        on = true;
        stack.routes.add(new Routes.Route(Routes.network(linkLocal(), 64), 64, null, link, false));
        stack.routers.solicit(link, now);
    }

    /** An address that was known to be ours. */
    void resume(Address6 address, long now) {
        if (address.validUntil <= now) {
            return;
        }
        addresses.removeIf(one -> one.is(address.address.high(), address.address.low())); // just begun anew
        addresses.add(address);
        address.state = address.preferredUntil > now ? Address6.State.PREFERRED : Address6.State.DEPRECATED;
        if (!address.advertised) {
            stack.routes
                    .add(new Routes.Route(Routes.network(address.address, address.prefix), address.prefix, null, link,
                            false));
        }
    }

    /** It speaks no IPv6 any more. */
    void stop() {
        on = false;
        starting = false;
        addresses.clear();
        groups.stop();
    }

    /** The lower half that this interface's addresses have (RFC 4291 appendix A). */
    long identifier() {
        long h = link.hardware;
        return (h >>> 24 ^ 0x02_0000) << 40 | 0xFF_FE00_0000L | h & 0xFF_FFFF;
    }

    IpAddress linkLocal() {
        return new IpAddress(0xFE80L << 48 | (long) scope() << 32, identifier());
    }

    /** An address of ours there, or null; also one that is not used yet. */
    Address6 find(long high, long low) {
        for (int i = 0; i < addresses.size(); i++) {
            Address6 one = addresses.get(i);
            if (one.is(high, low)) {
                return one;
            }
        }
        return null;
    }

    boolean has(long high, long low) {
        Address6 one = find(high, low);
        return one != null && one.usable();
    }

    /** Adds an address by hand; its network becomes a route. */
    void add(IpAddress address, int prefix) {
        remove(address);
        take(new Address6(address.scoped(scope()), prefix, false));
        on = true;
        stack.routes.add(new Routes.Route(Routes.network(address.scoped(scope()), prefix), prefix, null, link, false));
    }

    private Address6 take(Address6 address) {
        addresses.add(address);
        boolean alone = link.out == null || link.intact; // on a wire within the machine is nobody else
        address.state = alone ? Address6.State.PREFERRED : Address6.State.TENTATIVE;
        address.probeAt = Long.MIN_VALUE;
        return address;
    }

    /** Takes an address away. @return whether there was one */
    boolean remove(IpAddress address) {
        IpAddress scoped = address.scoped(scope());
        groups.soon();
        return addresses.removeIf(one -> one.address.equals(scoped));
    }

    /** A router told of a prefix from which addresses are made (RFC 4862 section 5.5.3). Times are nanoseconds. */
    void advertised(long high, long preferred, long valid, long now) {
        Address6 one = find(high, identifier());
        if (one == null && valid > 0) {
            if (addresses.stream().filter(a -> a.advertised).count() >= ADVERTISED) {
                return;
            }
            one = take(new Address6(new IpAddress(high, identifier()), 64, true));
            one.validUntil = end(now, valid);
        } else if (one == null || !one.advertised) {
            return;
        } else {
            long left = one.validUntil == Long.MAX_VALUE ? Long.MAX_VALUE : one.validUntil - now;
            if (valid > 7200 * SECOND || valid > left) {
                one.validUntil = end(now, valid);
            } else if (left > 7200 * SECOND) { // who forges advertisements cannot take it away at once
                one.validUntil = now + 7200 * SECOND;
            }
        }
        one.preferredUntil = end(now, preferred);
        if (one.usable()) {
            one.state = one.preferredUntil > now ? Address6.State.PREFERRED : Address6.State.DEPRECATED;
        }
    }

    static long end(long now, long life) {
        return life >= 0xFFFF_FFFFL * SECOND ? Long.MAX_VALUE : now + life;
    }

    /** Somebody else has an address that we were about to take (RFC 4862 section 5.4.5). */
    void duplicate(Address6 address) {
        stack.counters.duplicates++;
        address.state = Address6.State.DUPLICATE;
        if (address.address.isLinkLocal()) {
            on = false; // another machine has our hardware address
        }
    }

    /** The group at which somebody with this address is asked for (RFC 4291 section 2.7.1). */
    static IpAddress solicited(IpAddress address, int scope) {
        return new IpAddress(0xFF02L << 48 | (long) scope << 32, 0x1_FF00_0000L | address.low() & 0xFF_FFFF);
    }

    /** Whether we are in a group. */
    boolean member(long high, long low) {
        long wire = IpAddress.wire(high);
        if ((wire == 0xFF02L << 48 || wire == 0xFF01L << 48) && low == 1) {
            return true; // all nodes
        }
        if (wire == 0xFF02L << 48 && low == 2) {
            return stack.ipv6.forwarding || stack.advertisers.containsKey(link);
        }
        if (wire == 0xFF02L << 48 && low >>> 24 == 0x1FF) {
            for (int i = 0; i < addresses.size(); i++) {
                if ((addresses.get(i).address.low() & 0xFF_FFFF) == (low & 0xFF_FFFF)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The address that packets from here to there have (RFC 6724 section 5, rules 1, 2, 3 and 8); null if there is none. */
    IpAddress source(IpAddress destination) {
        Address6 best = null;
        for (Address6 one : addresses) {
            if (one.usable() && one.address.isScoped() == destination.isScoped()
                    && (best == null || better(one, best, destination))) {
                best = one;
            }
        }
        return best == null ? null : best.address;
    }

    private static boolean better(Address6 one, Address6 than, IpAddress destination) {
        if (one.state != than.state) {
            return one.state == Address6.State.PREFERRED;
        }
        return common(one.address, destination) > common(than.address, destination);
    }

    private static int common(IpAddress a, IpAddress b) {
        return a.high() != b.high()
                ? Long.numberOfLeadingZeros(a.high() ^ b.high())
                : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low());
    }

    long nextDeadline() {
        if (starting) {
            return Long.MIN_VALUE;
        }
        long next = groups.nextDeadline();
        for (Address6 one : addresses) {
            next = Math.min(next, one.validUntil);
            next = one.state == Address6.State.TENTATIVE ? Math.min(next, one.probeAt) : next;
            next = one.state == Address6.State.PREFERRED ? Math.min(next, one.preferredUntil) : next;
        }
        return next;
    }

    void poll(long now) {
        if (starting) {
            starting = false;
            on = true;
            stack.routes.add(new Routes.Route(Routes.network(linkLocal(), 64), 64, null, link, false));
            if (take(new Address6(linkLocal(), 64, false)).usable()) {
                stack.routers.solicit(link, now);
            }
        }
        groups.changed(now); // before somebody is asked for there
        groups.poll(now);
        for (Iterator<Address6> each = addresses.iterator(); each.hasNext();) {
            Address6 one = each.next();
            if (one.validUntil <= now) {
                each.remove();
            } else if (one.state == Address6.State.PREFERRED && one.preferredUntil <= now) {
                one.state = Address6.State.DEPRECATED;
            } else if (one.state == Address6.State.TENTATIVE && one.probeAt <= now) {
                probe(one, now);
            }
        }
    }

    /** Asks once whether somebody has an address; who does not answer within a second is not there. */
    private void probe(Address6 one, long now) {
        if (one.probes++ == 0) {
            one.probeAt = now + retransmit;
            stack.discovery.solicit(link, IpAddress.ANY6, one.address, solicited(one.address, scope()), now);
            return;
        }
        one.state = one.preferredUntil > now ? Address6.State.PREFERRED : Address6.State.DEPRECATED;
        if (one.address.isLinkLocal()) {
            stack.routers.solicit(link, now);
        }
    }
}
