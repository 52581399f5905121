package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;

/**
 * Tells a link's routers, and switches that listen, in which groups an interface is (MLDv2, RFC 3810; who is asked in the manner of RFC 2710
 * answers so): those at which its addresses are asked for. A change is told twice within a second. Members of a group of which all
 * nodes are, and wires within the machine, are not told of. Used in the stack's strand.
 */
final class Groups6 {

    /** Types of messages. */
    static final int QUERY = 130, REPORT1 = 131, DONE1 = 132, REPORT2 = 143;
    /** Kinds of records. */
    private static final int IS_EXCLUDE = 2, TO_INCLUDE = 3, TO_EXCLUDE = 4;
    private static final long SECOND = 1_000_000_000L, MILLISECOND = 1_000_000;
    private static final int TIMES = 2;
    private static final int RECORD = 20, MESSAGE1 = 24, QUERY2 = 28;
    /** A hop-by-hop header with the option that makes routers look (RFC 2711), and one that fills up. */
    private static final long ALERT = 0x3A00_0502_0000_0100L;
    /** How long routers of the older kind are believed to be there (RFC 3810 section 9.12). */
    private static final long OLD_ROUTER = 260 * SECOND;

    private final Stack stack;
    private final Link link;
    private final SplittableRandom random;
    private final Set<IpAddress> told = new HashSet<>();
    /** Changes that are to be told so many times more. */
    private final Map<IpAddress, Integer> changes = new LinkedHashMap<>();
    private long changesDue = Long.MAX_VALUE;
    private long answerDue = Long.MAX_VALUE;
    private long oldUntil = Long.MIN_VALUE;

    Groups6(Stack stack, Link link) {
        this.stack = stack;
        this.link = link;
        random = new SplittableRandom(link.hardware);
    }

    private Set<IpAddress> wanted() {
        Set<IpAddress> all = new HashSet<>();
        for (Address6 one : link.six.addresses) {
            if (one.state != Address6.State.DUPLICATE) {
                all.add(Link6.solicited(one.address, link.six.scope()));
            }
        }
        return all;
    }

    /** The interface's addresses may have changed. */
    void changed(long now) {
        if (link.out == null || link.intact || !link.six.on) {
            return;
        }
        Set<IpAddress> wanted = wanted();
        for (IpAddress one : wanted) {
            if (told.add(one)) {
                changes.put(one, TIMES);
                changesDue = now;
            }
        }
        told.removeIf(one -> {
            if (!wanted.contains(one)) {
                changes.put(one, TIMES);
                changesDue = now;
            }
            return !wanted.contains(one);
        });
    }

    /** An address has gone: the next poll is to look. */
    void soon() {
        changesDue = Long.MIN_VALUE;
    }

    /** Nothing is told any more. */
    void stop() {
        told.clear();
        changes.clear();
        changesDue = Long.MAX_VALUE;
        answerDue = Long.MAX_VALUE;
    }

    /** A router asks (RFC 3810 section 5.1, RFC 2710 section 3). */
    void query(Packet p, long now) {
        int at = p.transport();
        int length = p.end() - at;
        if (!p.source().isLinkLocal() || Ipv6.hops(p, p.network()) != 1 || length != MESSAGE1 && length < QUERY2) {
            stack.counters.damaged++;
            return;
        }
        int code = p.u16(at + 4);
        if (length == MESSAGE1) {
            oldUntil = now + OLD_ROUTER;
        }
        long most = code < 0x8000 || length == MESSAGE1 ? code : (code & 0xFFF | 0x1000) << (code >>> 12 & 7) + 3;
        if (!told.isEmpty()) {
            answerDue = Math.min(answerDue, now + random.nextLong(most * MILLISECOND + 1));
        }
    }

    long nextDeadline() {
        return Math.min(changesDue, answerDue);
    }

    void poll(long now) {
        if (changesDue <= now) {
            tellChanges(now);
        }
        if (answerDue <= now) {
            answerDue = Long.MAX_VALUE;
            List<IpAddress> all = new ArrayList<>(told);
            if (oldUntil > now) {
                all.forEach(one -> old(REPORT1, one, one, now));
            } else if (!all.isEmpty()) {
                report(all.stream().map(one -> new Record(IS_EXCLUDE, one)).toList(), now);
            }
        }
    }

    private void tellChanges(long now) {
        List<Record> records = new ArrayList<>();
        for (IpAddress one : changes.keySet()) {
            boolean in = told.contains(one);
            if (oldUntil > now) {
                old(in ? REPORT1 : DONE1, one, in ? one : group(2), now);
            } else {
                records.add(new Record(in ? TO_EXCLUDE : TO_INCLUDE, one));
            }
        }
        if (!records.isEmpty()) {
            report(records, now);
        }
        changes.replaceAll((_, left) -> left - 1);
        changes.values().removeIf(left -> left == 0);
        changesDue = changes.isEmpty() ? Long.MAX_VALUE : now + random.nextLong(SECOND) + 1;
    }

    private record Record(int kind, IpAddress group) {}

    private IpAddress group(int low) {
        return new IpAddress(0xFF02L << 48 | (long) link.six.scope() << 32, low);
    }

    private void report(List<Record> records, long now) {
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, Icmp6.LENGTH + RECORD * records.size());
        int at = Icmp6.LENGTH;
        for (Record one : records) {
            b.put32(at, one.kind << 24); // no sources, nothing else
            Discovery.put(b, at + 4, one.group);
            at += RECORD;
        }
        send(b, new Icmp6(REPORT2, 0, records.size()), group(0x16), now);
    }

    private void old(int type, IpAddress group, IpAddress to, long now) {
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, MESSAGE1);
        Discovery.put(b, Icmp6.LENGTH, group);
        send(b, new Icmp6(type, 0, 0), to, now);
    }

    /** While no address is known to be ours, from the one that means none (RFC 3590). */
    private void send(PacketBuffer b, Icmp6 header, IpAddress to, long now) {
        IpAddress local = link.six.source(to);
        IpAddress source = local == null ? IpAddress.ANY6 : local;
        header.write(b, 0, source, to);
        b.prepend(8);
        b.put64(0, ALERT);
        stack.counters.icmpSent++;
        stack.ipv6.onLink(link, b, source, to, Ipv6.HOP_BY_HOP, 1, now);
    }
}
