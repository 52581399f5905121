package kernel.ext.net.provider;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Puts fragments together, of both families (RFC 791 section 3.2, RFC 8200 section 4.5). A packet has 30 seconds, there are at most 64
 * of them and of one at most 256 fragments; the oldest goes first. Fragments that overlap make the packet be dropped as a whole (RFC
 * 5722): only attackers send them. Used in the stack's strand.
 */
final class Reassembly {

    private static final long PATIENCE = 30_000_000_000L;
    private static final int LIMIT = 64;
    private static final int FRAGMENTS = 256;

    /** What fragments of one packet have in common; the protocol is told apart in IPv4 alone. */
    record Key(IpAddress source, IpAddress destination, int identification, int protocol) {}

    private static final class Partial {
        final PacketBuffer buffer;
        final long deadline;
        final int[] from = new int[FRAGMENTS];
        final int[] to = new int[FRAGMENTS];
        int pieces;
        int have;
        int total = -1;
        int protocol;
        boolean spoiled;

        Partial(PacketBuffer buffer, long deadline) {
            this.buffer = buffer;
            this.deadline = deadline;
        }
    }

    private final Stack stack;
    private final int header;
    private final Map<Key, Partial> partials = new LinkedHashMap<>();
    /** Protocol of the packet that {@link #add} answered last, as its first fragment says. */
    int protocol;

    /** @param header bytes that are left free for the header of a whole packet */
    Reassembly(Stack stack, int header) {
        this.stack = stack;
        this.header = header;
    }

    /**
     * A fragment has come.
     *
     * @param at where its bytes begin
     * @param from where they stand in the packet's payload
     * @param to where they end
     * @param next protocol of the payload, which counts if this is the first
     * @return the whole packet with room for its header, which the caller writes; he gives it back; null if something is missing yet
     */
    PacketBuffer add(Key key, Packet p, int at, int from, int to, boolean last, int next, long now) {
        stack.counters.fragmentsReceived++;
        if (to > 65535 - header || to == from || !last && (to - from) % 8 != 0) {
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
        partial.protocol = from == 0 ? next : partial.protocol;
        place(partial, p, at, from, to, last);
        if (partial.spoiled || partial.have != partial.total) {
            return null;
        }
        partials.remove(key);
        stack.counters.reassembled++;
        protocol = partial.protocol;
        return partial.buffer.reset(Stack.HEADROOM, header + partial.total);
    }

    private void place(Partial partial, Packet p, int at, int from, int to, boolean last) {
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
        partial.buffer.put(header + from, p, at, to - from);
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
