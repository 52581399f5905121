package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;

/**
 * What a stack has learnt of a link and its addresses there, as texts, so that the stack after it need not ask anew: the lease of DHCP,
 * addresses of IPv6 that are known to be ours, routers, near networks, resolvers. Times are nanoseconds that are left. Called in the
 * stack's strand.
 */
final class Learnt {

    private static final String EVER = "ever", NONE = "-";

    private Learnt() {}

    /** All that is known of a link. */
    static List<String> of(Stack stack, Link link, long now) {
        List<String> all = new ArrayList<>();
        Link6 six = link.six;
        if (six.on) {
            all.add("link " + six.mtu + " " + six.hops + " " + six.reachable + " " + six.retransmit);
        }
        for (Address6 one : six.addresses) {
            if (one.usable()) {
                all.add("address " + plain(one.address) + " " + one.prefix + " " + one.advertised + " "
                        + left(one.preferredUntil, now) + " " + left(one.validUntil, now));
            }
        }
        all.addAll(stack.routers.left(link, now));
        String lease = stack.dhcp.left(link, now);
        if (lease != null) {
            all.add(lease);
        }
        return all;
    }

    static String plain(IpAddress address) {
        return (address.isV4() ? address : new IpAddress(IpAddress.wire(address.high()), address.low())).toString();
    }

    static String left(long until, long now) {
        return until == Long.MAX_VALUE ? EVER : String.valueOf(Math.max(0, until - now));
    }

    /** The moment at which a time that was left is over. @param gone nanoseconds since it was noted */
    static long until(String left, long gone, long now) {
        return left.equals(EVER) ? Long.MAX_VALUE : now + Long.parseLong(left) - gone;
    }

    static String list(List<IpAddress> addresses) {
        return addresses.isEmpty() ? NONE : String.join(",", addresses.stream().map(Learnt::plain).toList());
    }

    static List<IpAddress> list(String addresses) {
        return addresses.equals(NONE)
                ? List.of()
                : List.of(addresses.split(",")).stream().map(IpAddress::parse)
                        .toList();
    }

    /** Takes over what another stack knew of a link. @param gone nanoseconds since */
    static void restore(Stack stack, Link link, List<String> all, long gone, long now) {
        for (String line : all) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "link" -> {
                    link.six.resume(now);
                    link.six.mtu = Math.min(link.mtu, Integer.parseInt(words[1]));
                    link.six.hops = Integer.parseInt(words[2]);
                    link.six.reachable = Long.parseLong(words[3]);
                    link.six.retransmit = Long.parseLong(words[4]);
                }
                case "address" -> {
                    Address6 one = new Address6(IpAddress.parse(words[1]).scoped(link.six.scope()),
                            Integer.parseInt(words[2]), Boolean.parseBoolean(words[3]));
                    one.preferredUntil = until(words[4], gone, now);
                    one.validUntil = until(words[5], gone, now);
                    link.six.resume(one, now);
                    stack.opening.resume(one.address);
                }
                case "lease" -> stack.dhcp.start(link).resume(words, gone, now);
                default -> stack.routers.resume(link, words, gone, now);
            }
        }
    }
}
