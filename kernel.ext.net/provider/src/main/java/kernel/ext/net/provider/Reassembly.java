package kernel.ext.net.provider;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ipv4;

/**
 * Puts fragments together (RFC 791 section 3.2). A packet has 30 seconds, there are at most 64 of them and of one at most 256
 * fragments; the oldest goes first. Fragments that overlap make the packet be dropped as a whole, as RFC 5722 says for IPv6:
 * only attackers send them. Used in the stack's strand.
 */
final class Reassembly {

    private static final long PATIENCE = 30_000_000_000L;
    private static final int LIMIT = 64;
    private static final int FRAGMENTS = 256;

    private record Key(int source, int destination, int identification, int protocol) {}

    private static final class Partial {
        final PacketBuffer buffer;
        final long deadline;
        final int[] from = new int[FRAGMENTS];
        final int[] to = new int[FRAGMENTS];
        int pieces;
        int have;
        int total = -1;
        boolean spoiled;

        Partial(PacketBuffer buffer, long deadline) {
            this.buffer = buffer;
            this.deadline = deadline;
        }
    }

    private final Stack stack;
    private final Map<Key, Partial> partials = new LinkedHashMap<>();

    Reassembly(Stack stack) {
        this.stack = stack;
    }

    /** @return the whole packet, header included, which the caller gives back; or null if something is missing yet */
    PacketBuffer add(Packet p, int at, long now) {
        stack.counters.fragmentsReceived++;
        Key key = new Key(Ipv4.source(p, at), Ipv4.destination(p, at), Ipv4.identification(p, at),
                Ipv4.protocol(p, at));
        int header = Ipv4.headerLength(p, at);
        int from = Ipv4.fragmentOffset(p, at);
        int to = from + Ipv4.length(p, at) - header;
        boolean last = (Ipv4.flags(p, at) & Ipv4.MORE_FRAGMENTS) == 0;
        if (to > 65535 - Ipv4.LENGTH || to == from || !last && (to - from) % 8 != 0) {
            stack.counters.reassemblyFailed++;
            return null;
        }
        Partial partial = partials.get(key);
        if (partial == null) {
            if (partials.size() >= LIMIT) {
                Iterator<Partial> oldest = partials.values().iterator();
                drop(oldest.next());
                oldest.remove();
            }
            partial = new Partial(stack.pool.take(Stack.HEADROOM, 65535), now + PATIENCE);
            partials.put(key, partial);
        }
        place(partial, p, at + header, from, to, last);
        if (partial.spoiled || partial.have != partial.total) {
            return null;
        }
        partials.remove(key);
        stack.counters.reassembled++;
        PacketBuffer whole = partial.buffer;
        whole.reset(Stack.HEADROOM, Ipv4.LENGTH + partial.total);
        Ipv4.write(whole, 0, p.u8(at + 1), Ipv4.LENGTH + partial.total, key.identification, 0,
                Ipv4.ttl(p, at) << 8 | key.protocol, key.source, key.destination);
        return whole;
    }

    private static void place(Partial partial, Packet p, int at, int from, int to, boolean last) {
        for (int i = 0; i < partial.pieces; i++) {
            if (partial.from[i] == from && partial.to[i] == to) {
                return; // the same once more is harmless
            }
            partial.spoiled |= from < partial.to[i] && partial.from[i] < to;
        }
        partial.spoiled |= partial.pieces == FRAGMENTS || partial.total >= 0 && (last || to > partial.total);
        for (int i = 0; last && i < partial.pieces; i++) {
            partial.spoiled |= partial.to[i] > to;
        }
        if (partial.spoiled) {
            return;
        }
        partial.from[partial.pieces] = from;
        partial.to[partial.pieces++] = to;
        partial.have += to - from;
        partial.total = last ? to : partial.total;
        partial.buffer.put(Ipv4.LENGTH + from, p, at, to - from);
    }

    private void drop(Partial partial) {
        stack.counters.reassemblyFailed++;
        stack.pool.give(partial.buffer);
    }

    long nextDeadline() {
        return partials.isEmpty() ? Long.MAX_VALUE : partials.values().iterator().next().deadline;
    }

    void poll(long now) {
        for (Iterator<Partial> each = partials.values().iterator(); each.hasNext();) {
            Partial partial = each.next();
            if (partial.deadline > now) {
                return;
            }
            drop(partial);
            each.remove();
        }
    }

    void clear() {
        partials.values().forEach(this::drop);
        partials.clear();
    }
}
