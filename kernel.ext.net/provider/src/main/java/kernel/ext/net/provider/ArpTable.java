package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Arp;
import kernel.ext.net.api.header.Ethernet;

/**
 * Hardware addresses of neighbours (RFC 826, RFC 1122 section 2.3.2). An entry is used for a minute after it was confirmed, then
 * asked for again while it is used on; who does not answer three requests is not there. At most 1,024 entries, the one longest
 * unused going first; at most 16 packets wait for one, and {@link Unresolved} says how many for all. Used in the stack's strand.
 */
final class ArpTable {

    private static final long SECOND = 1_000_000_000L;
    private static final long FRESH = 60 * SECOND;
    private static final int LIMIT = 1024;
    private static final int WAITING = 16;
    private static final int TRIES = 3;

    /** What is known of one neighbour. */
    static final class Entry {
        final Link link;
        final int address;
        long hardware = -1;
        long confirmed;
        long askedAt;
        int tries;
        final List<PacketBuffer> waiting = new ArrayList<>();

        Entry(Link link, int address) {
            this.link = link;
            this.address = address;
        }
    }

    private final Stack stack;
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private Entry latest;
    private int asking;

    ArpTable(Stack stack) {
        this.stack = stack;
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** Sends an IP packet to a neighbour, now or when its hardware address is known. Takes the buffer over. */
    void send(Link link, int nextHop, PacketBuffer b, long now) {
        Entry entry = latest;
        if (entry == null || entry.address != nextHop || entry.link != link) {
            entry = entries.computeIfAbsent(nextHop, _ -> new Entry(link, nextHop));
            latest = entry;
            limit();
        }
        if (entry.hardware >= 0 && !link.tentative) {
            if (now - entry.confirmed > FRESH && entry.tries == 0) {
                ask(entry, now);
            }
            stack.transmit(link, entry.hardware, Ethernet.IPV4, b);
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
        if (entry.tries == 0 && !link.tentative) {
            ask(entry, now);
        }
    }

    /** The address of an interface is ours from now on: what has waited for that goes out. */
    void resume(Link link, long now) {
        for (Entry entry : entries()) {
            if (entry.link == link && entry.hardware >= 0) {
                ready(entry);
            } else if (entry.link == link && entry.tries == 0 && !entry.waiting.isEmpty()) {
                ask(entry, now);
            }
        }
    }

    /** The address of an interface turned out not to be ours: neither is what has waited for that. */
    void giveUp(Link link) {
        entries().stream().filter(one -> one.link == link && one.tries == 0 && !one.waiting.isEmpty())
                .forEach(this::forget);
    }

    private void limit() {
        while (entries.size() > LIMIT) {
            forget(entries.values().iterator().next());
        }
    }

    private void forget(Entry entry) {
        entries.remove(entry.address);
        asking -= entry.tries > 0 ? 1 : 0;
        latest = latest == entry ? null : latest;
        drop(entry);
    }

    private void drop(Entry entry) {
        stack.counters.unresolved += entry.waiting.size();
        stack.unresolved.left(entry.waiting.size());
        entry.waiting.forEach(stack.pool::give);
        entry.waiting.clear();
    }

    private void ask(Entry entry, long now) {
        asking += entry.tries == 0 ? 1 : 0;
        entry.tries++;
        entry.askedAt = now;
        boolean again = entry.hardware >= 0 && entry.tries < TRIES;
        transmit(entry.link, again ? entry.hardware : Ethernet.BROADCAST,
                new Arp(Arp.REQUEST, entry.link.hardware, entry.link.address, 0, entry.address));
    }

    private void transmit(Link link, long to, Arp arp) {
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, Arp.LENGTH);
        arp.write(b, 0);
        stack.transmit(link, to, Ethernet.ARP, b);
    }

    /** Tells everybody that an address is ours now. */
    void announce(Link link) {
        transmit(link, Ethernet.BROADCAST, new Arp(Arp.REQUEST, link.hardware, link.address, 0, link.address));
    }

    /** Asks whether anybody has an address that is to be ours (RFC 5227 section 2.1.1). */
    void probe(Link link) {
        transmit(link, Ethernet.BROADCAST, new Arp(Arp.REQUEST, link.hardware, 0, 0, link.address));
    }

    boolean received(Packet frame, int type, long now) {
        Link link = stack.link(frame);
        if (link == null || !Arp.valid(frame, frame.network())) {
            stack.counters.damaged++;
            return true;
        }
        Arp arp = Arp.of(frame, frame.network());
        boolean ours = arp.target() == link.address && link.prefix >= 0 && !link.tentative;
        boolean probed = link.tentative && arp.sender() == 0 && arp.target() == link.address; // by who wants it too
        if ((probed || arp.sender() == link.address && link.prefix >= 0) && arp.senderHardware() != link.hardware) {
            stack.claims.conflict(link, arp, now);
            return true;
        }
        boolean sane = (arp.senderHardware() & 0x0100_0000_0000L) == 0 && arp.sender() != 0 && link.near(arp.sender());
        if (sane) {
            learn(link, arp, ours, now);
        }
        if (ours && arp.operation() == Arp.REQUEST) {
            transmit(link, arp.senderHardware(),
                    new Arp(Arp.REPLY, link.hardware, link.address, arp.senderHardware(), arp.sender()));
        } else if (link.takesAll && arp.operation() == Arp.REQUEST && !link.near(arp.target())) {
            transmit(link, arp.senderHardware(),
                    new Arp(Arp.REPLY, link.hardware, arp.target(), arp.senderHardware(), arp.sender()));
        }
        return true;
    }

    /** Known neighbours are brought up to date, new ones are taken only if they speak to us. */
    private void learn(Link link, Arp arp, boolean toUs, long now) {
        Entry entry = entries.get(arp.sender());
        if (entry == null && toUs) {
            entry = new Entry(link, arp.sender());
            entries.put(arp.sender(), entry);
            limit();
        }
        if (entry == null || entry.link != link || entry.tries == 0 && entry.hardware >= 0 && !toUs) {
            if (entry == null || arp.target() != arp.sender()) {
                return; // neither known nor announced
            }
        }
        asking -= entry.tries > 0 ? 1 : 0;
        entry.tries = 0;
        entry.hardware = arp.senderHardware();
        entry.confirmed = now;
        if (!link.tentative) {
            ready(entry);
        }
    }

    private void ready(Entry entry) {
        List<PacketBuffer> ready = List.copyOf(entry.waiting);
        entry.waiting.clear();
        stack.unresolved.left(ready.size());
        for (PacketBuffer b : ready) {
            stack.transmit(entry.link, entry.hardware, Ethernet.IPV4, b);
        }
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        if (asking > 0) {
            for (Entry entry : entries.values()) {
                next = entry.tries > 0 ? Math.min(next, entry.askedAt + SECOND) : next;
            }
        }
        return next;
    }

    void poll(long now) {
        if (asking == 0) {
            return;
        }
        for (Entry entry : entries()) {
            if (entry.tries > 0 && now - entry.askedAt >= SECOND) {
                if (entry.tries >= TRIES) {
                    stack.ipv4.neighbourAbsent(entry.waiting, now);
                    forget(entry);
                    stack.redirects.silent(entry.link, IpAddress.of(entry.address));
                } else {
                    ask(entry, now);
                }
            }
        }
    }

    void clear() {
        entries().forEach(this::forget);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        entries.values().forEach(e -> text.append(IpAddress.of(e.address)).append(' '));
        return text.toString();
    }
}
