package kernel.ext.net.provider;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import kernel.ext.net.api.IpAddress;

/**
 * How large packets to a destination may be where a path carries less than its first link (RFC 1191, RFC 8201). Known for ten
 * minutes, after which larger ones are tried; of at most 1,024 destinations, the one told of first going first. Used in the
 * stack's strand.
 */
final class PathMtus {

    private static final long KNOWN = 600_000_000_000L;
    private static final int LIMIT = 1024;

    private record Known(int mtu, long until) {}

    private final Map<IpAddress, Known> all = new LinkedHashMap<>();

    /** The path to there carries no more than so many bytes. */
    void learn(IpAddress destination, int mtu, long now) {
        Known before = all.get(destination);
        if (before != null && before.mtu <= mtu) {
            return;
        }
        all.remove(destination);
        all.put(destination, new Known(mtu, now + KNOWN));
        if (all.size() > LIMIT) {
            Iterator<IpAddress> oldest = all.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Bytes of the largest packet to there, as far as is known; the link's otherwise. */
    int of(IpAddress destination, int link) {
        Known known = all.isEmpty() ? null : all.get(destination);
        return known == null ? link : Math.min(link, known.mtu);
    }

    int count() {
        return all.size();
    }

    long nextDeadline() {
        return all.isEmpty() ? Long.MAX_VALUE : all.values().iterator().next().until;
    }

    void poll(long now) {
        Iterator<Known> each = all.values().iterator();
        while (each.hasNext() && each.next().until <= now) {
            each.remove();
        }
    }
}
