package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;

/**
 * Hardware addresses of neighbours in IPv6, and whether they are still there (RFC 4861 section 7). At most 1,024 entries, of which those
 * go first that nobody has answered for yet, then the one longest unused (RFC 6583); at most 16 packets wait for one. Used in the
 * stack's strand.
 */
final class Neighbours6 {

    private static final long SECOND = 1_000_000_000L;
    private static final int LIMIT = 1024;
    private static final int WAITING = 16;
    private static final int TRIES = 3;
    private static final long DELAY = 5 * SECOND;

    /** RFC 4861 section 7.3.2. */
    enum State {
        INCOMPLETE, REACHABLE, STALE, DELAY, PROBE
    }

    /** What is known of one neighbour. */
    static final class Entry {
        final Link link;
        final IpAddress address;
        State state = State.INCOMPLETE;
        long hardware = -1;
        boolean router;
        /** When it was confirmed. */
        long confirmed;
        /** When the next question is due; {@link Long#MAX_VALUE} if none is. */
        long due = Long.MAX_VALUE;
        int tries;
        final List<PacketBuffer> waiting = new ArrayList<>();

        Entry(Link link, IpAddress address) {
            this.link = link;
            this.address = address;
        }
    }

    private final Stack stack;
    private final Map<IpAddress, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private Entry latest;
    private int asking;

    Neighbours6(Stack stack) {
        this.stack = stack;
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    Entry find(IpAddress address) {
        return entries.get(address);
    }

    /** Sends an IP packet to a neighbour, now or when its hardware address is known. Takes the buffer over. */
    void send(Link link, IpAddress nextHop, PacketBuffer b, long now) {
        Entry entry = latest;
        if (entry == null || entry.link != link || !entry.address.equals(nextHop)) {
            entry = entry(link, nextHop);
            latest = entry;
        }
        if (entry.state == State.REACHABLE && now - entry.confirmed > link.six.reachable) {
            entry.state = State.STALE;
        }
        if (entry.state == State.STALE) {
            entry.state = State.DELAY;
            entry.tries = 0;
            due(entry, now + DELAY);
        }
        if (entry.hardware >= 0) {
            stack.transmit(link, entry.hardware, Ethernet.IPV6, b);
            return;
        }
        if (entry.waiting.size() >= WAITING) {
            stack.pool.give(entry.waiting.removeFirst());
            stack.unresolved.left(1);
            stack.counters.unresolved++;
        }
        if (stack.unresolved.mayWait(b)) {
            entry.waiting.add(b);
        }
        if (entry.tries == 0) {
            ask(entry, now);
        }
    }

    private Entry entry(Link link, IpAddress address) {
        Entry entry = entries.get(address);
        if (entry != null && entry.link == link) {
            return entry;
        }
        if (entry != null) {
            forget(entry);
        }
        entry = new Entry(link, address);
        entries.put(address, entry);
        if (entries.size() > LIMIT) {
            Entry made = entry;
            forget(entries.values().stream().filter(one -> one.state == State.INCOMPLETE && one != made).findFirst()
                    .orElse(entries.values().iterator().next()));
        }
        return entry;
    }

    private void due(Entry entry, long when) {
        asking += (entry.due == Long.MAX_VALUE ? 0 : -1) + (when == Long.MAX_VALUE ? 0 : 1);
        entry.due = when;
    }

    private void forget(Entry entry) {
        entries.remove(entry.address);
        due(entry, Long.MAX_VALUE);
        latest = latest == entry ? null : latest;
        stack.counters.unresolved += entry.waiting.size();
        stack.unresolved.left(entry.waiting.size());
        entry.waiting.forEach(stack.pool::give);
        entry.waiting.clear();
    }

    private void ask(Entry entry, long now) {
        entry.tries++;
        due(entry, now + entry.link.six.retransmit);
        IpAddress source = entry.link.six.source(entry.address);
        if (source == null) {
            return; // we have no address there (any more)
        }
        stack.discovery.solicit(entry.link, source, entry.address, entry.state == State.INCOMPLETE
                ? Link6.solicited(entry.address, entry.link.six.scope())
                : entry.address, now);
    }

    /** Somebody speaks to us, and says his hardware address, -1 if not (RFC 4861 sections 6.2.6, 6.3.4, 7.2.3). */
    void heard(Link link, IpAddress address, long hardware, boolean create, long now) {
        if (hardware < 0 || (hardware & 0x0100_0000_0000L) != 0) {
            return;
        }
        Entry entry = entries.get(address);
        if (entry == null && !create) {
            return;
        }
        entry = entry(link, address);
        if (entry.hardware != hardware) {
            entry.hardware = hardware;
            entry.state = State.STALE;
            due(entry, Long.MAX_VALUE);
            ready(entry, now);
        }
    }

    /**
     * An advertisement came (RFC 4861 section 7.2.5).
     *
     * @param hardware -1 if it says none
     */
    void advertised(Link link, IpAddress address, long hardware, boolean router, boolean solicited, boolean override,
            long now) {
        Entry entry = entries.get(address);
        if (entry == null || entry.link != link || hardware >= 0 && (hardware & 0x0100_0000_0000L) != 0) {
            return;
        }
        boolean other = hardware >= 0 && hardware != entry.hardware;
        if (entry.state == State.INCOMPLETE) {
            if (hardware < 0) {
                return;
            }
            entry.state = State.STALE;
        } else if (other && !override) {
            if (entry.state == State.REACHABLE) {
                entry.state = State.STALE;
            }
            return;
        } else if (other) {
            entry.state = State.STALE;
        }
        entry.hardware = hardware >= 0 ? hardware : entry.hardware;
        if (solicited) {
            entry.state = State.REACHABLE;
            entry.confirmed = now;
        }
        if (solicited || other) {
            due(entry, Long.MAX_VALUE);
            entry.tries = 0;
        }
        if (entry.router && !router) {
            stack.routers.gone(link, address);
        }
        entry.router = router;
        ready(entry, now);
    }

    private void ready(Entry entry, long now) {
        List<PacketBuffer> ready = List.copyOf(entry.waiting);
        entry.waiting.clear();
        stack.unresolved.left(ready.size());
        for (PacketBuffer b : ready) {
            send(entry.link, entry.address, b, now);
        }
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        if (asking > 0) {
            for (Entry entry : entries.values()) {
                next = Math.min(next, entry.due);
            }
        }
        return next;
    }

    void poll(long now) {
        if (asking == 0) {
            return;
        }
        for (Entry entry : entries()) {
            if (entry.due <= now && entries.containsValue(entry)) {
                if (entry.state == State.DELAY) {
                    entry.state = State.PROBE;
                    entry.tries = 0;
                }
                if (entry.tries < TRIES) {
                    ask(entry, now);
                } else {
                    absent(entry, now);
                }
            }
        }
    }

    /** It does not answer: its packets are given up, another router is tried. */
    private void absent(Entry entry, long now) {
        due(entry, Long.MAX_VALUE);
        for (PacketBuffer b : List.copyOf(entry.waiting)) {
            stack.icmp6.absent(b, entry.link, now);
        }
        forget(entry);
        stack.redirects.silent(entry.link, entry.address);
        stack.routers.silent(entry.link, entry.address, now);
    }

    /** Forgets those of an interface. */
    void clear(Link link) {
        entries().stream().filter(one -> one.link == link).forEach(this::forget);
    }

    void clear() {
        entries().forEach(this::forget);
    }
}
