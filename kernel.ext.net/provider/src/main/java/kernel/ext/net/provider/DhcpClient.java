package kernel.ext.net.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Udp;

/**
 * Gets an interface its address, its default route and its resolvers from a server, and keeps them (RFC 2131 section 4.4). A server that
 * goes is asked for anew when half the lease is over, then everybody is; at the lease's end the address is given up. Used in
 * the stack's strand.
 */
final class DhcpClient {

    private static final long SECOND = 1_000_000_000L;
    private static final long FIRST_WAIT = 4 * SECOND, LONGEST_WAIT = 64 * SECOND;
    private static final int TRIES = 5;
    private static final int DEFAULT_LEASE = 3600, LEAST_LEASE = 60;

    /** RFC 2131 figure 5. */
    enum State {
        SELECTING, REQUESTING, BOUND, RENEWING, REBINDING
    }

    private final Stack stack;
    private final Link link;
    private final SplittableRandom random;
    State state = State.SELECTING;
    private int id;
    private int offered;
    private int server;
    private int tries;
    private long due = Long.MIN_VALUE;
    private long askedAt;
    private long renewAt;
    private long rebindAt;
    private long endsAt;
    private Routes.Route route;
    /** Who answers for names, as the server says. */
    List<IpAddress> resolvers = List.of();

    DhcpClient(Stack stack, Link link, long seed) {
        this.stack = stack;
        this.link = link;
        random = new SplittableRandom(seed);
    }

    long nextDeadline() {
        return due;
    }

    void poll(long now) {
        if (due > now || !link.up) {
            return;
        }
        if (state == State.BOUND && now >= renewAt) {
            become(State.RENEWING);
        }
        if (state == State.RENEWING && now >= rebindAt) {
            become(State.REBINDING);
        }
        if (state == State.REBINDING && now >= endsAt) {
            release();
        }
        if (state == State.REQUESTING && tries >= TRIES) {
            become(State.SELECTING);
        }
        ask(now);
    }

    private void become(State next) {
        state = next;
        tries = 0;
    }

    /** The lease is over. */
    private void release() {
        become(State.SELECTING);
        if (route != null) {
            stack.routes.remove(route);
            route = null;
        }
        resolvers = List.of();
        stack.routes.remove(link, true);
        stack.claims.end(link);
        link.prefix = -1;
        link.address = 0;
    }

    /** Somebody else has the address: the server is told, and asked for another after a while (RFC 2131 section 3.1, step 5). */
    void decline(long now) {
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        options.put(DhcpMessage.KIND, new byte[]{DhcpMessage.DECLINE});
        options.put(DhcpMessage.WANTED, DhcpMessage.bytes(link.address));
        options.put(DhcpMessage.SERVER, DhcpMessage.bytes(server));
        byte[] bytes = new DhcpMessage(false, random.nextInt(), false, 0, 0, link.hardware, options).bytes();
        stack.udp.sendToAll(link, DhcpMessage.CLIENT_PORT, IpAddress.ANY, DhcpMessage.SERVER_PORT, bytes, now);
        release();
        due = now + 10 * SECOND;
    }

    private void ask(long now) {
        boolean begins = tries == 0 && state != State.REQUESTING;
        id = begins ? random.nextInt() : id;
        askedAt = now;
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        options.put(DhcpMessage.KIND, new byte[]{
                (byte) (state == State.SELECTING ? DhcpMessage.DISCOVER : DhcpMessage.REQUEST)});
        if (state == State.REQUESTING) {
            options.put(DhcpMessage.WANTED, DhcpMessage.bytes(offered));
            options.put(DhcpMessage.SERVER, DhcpMessage.bytes(server));
        }
        options.put(DhcpMessage.LIST, new byte[]{DhcpMessage.MASK, DhcpMessage.ROUTER, DhcpMessage.RESOLVERS,
                DhcpMessage.LEASE, DhcpMessage.RENEW, DhcpMessage.REBIND});
        boolean bound = state == State.RENEWING || state == State.REBINDING;
        byte[] bytes = new DhcpMessage(false, id, !bound, bound ? link.address : 0, 0, link.hardware, options).bytes();
        long wait;
        if (bound) { // section 4.4.5: half of what is left, at least a minute
            long until = state == State.RENEWING ? rebindAt : endsAt;
            wait = Math.min(Math.max((until - now) / 2, 60 * SECOND), Math.max(until - now, 1));
        } else {
            wait = Math.min(FIRST_WAIT << Math.min(tries, 4), LONGEST_WAIT) + random.nextLong(2 * SECOND) - SECOND;
        }
        tries++;
        due = now + wait;
        IpAddress from = bound ? IpAddress.of(link.address) : IpAddress.ANY;
        if (state == State.RENEWING) {
            stack.udp.send(DhcpMessage.CLIENT_PORT, from, IpAddress.of(server), DhcpMessage.SERVER_PORT, bytes, 0,
                    bytes.length, 64, now);
        } else {
            stack.udp.sendToAll(link, DhcpMessage.CLIENT_PORT, from, DhcpMessage.SERVER_PORT, bytes, now);
        }
    }

    /** A datagram came to the client's port. */
    boolean received(Packet packet, int port, long now) {
        int at = packet.transport();
        byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
        packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
        DhcpMessage message = DhcpMessage.read(bytes);
        if (message == null || !message.reply() || message.id() != id || message.hardware() != link.hardware
                || packet.interfaceIndex() != link.index) {
            return false;
        }
        int kind = message.kind();
        int from = message.number(DhcpMessage.SERVER, 0);
        if (state == State.SELECTING && kind == DhcpMessage.OFFER && from != 0 && usable(message.yours())) {
            offered = message.yours();
            server = from;
            become(State.REQUESTING);
            ask(now);
        } else if (state == State.BOUND || state == State.SELECTING || state == State.REQUESTING && from != server) {
            return true;
        } else if (kind == DhcpMessage.NAK) {
            release();
            due = now + SECOND;
        } else if (kind == DhcpMessage.ACK && usable(message.yours())) {
            bound(message, now);
        }
        return true;
    }

    /** The lease as a text: see {@link Learnt}; null if there is none. */
    String left(long now) {
        if (state == State.SELECTING || state == State.REQUESTING) {
            return null;
        }
        return "lease " + IpAddress.of(link.address) + " " + link.prefix + " " + IpAddress.of(server) + " "
                + Learnt.list(route == null ? List.of() : List.of(route.gateway())) + " " + Learnt.left(renewAt, now)
                + " " + Learnt.left(rebindAt, now) + " " + Learnt.left(endsAt, now) + " " + Learnt.list(resolvers);
    }

    /** Takes over the lease that {@link #left} told of, if it is not over. */
    void resume(String[] words, long gone, long now) {
        endsAt = Learnt.until(words[7], gone, now);
        if (endsAt <= now || state != State.SELECTING) {
            return;
        }
        server = IpAddress.parse(words[3]).v4();
        renewAt = Learnt.until(words[5], gone, now);
        rebindAt = Learnt.until(words[6], gone, now);
        become(State.BOUND);
        due = renewAt;
        stack.configure(link.index, IpAddress.parse(words[1]), Integer.parseInt(words[2]));
        for (IpAddress router : Learnt.list(words[4])) {
            route = new Routes.Route(IpAddress.ANY, 0, router, link, false);
            stack.routes.add(route);
        }
        resolvers = Learnt.list(words[8]);
    }

    private static boolean usable(int address) {
        return address != 0 && address != -1 && address >>> 28 < 14 && address >>> 24 != 127;
    }

    private void bound(DhcpMessage message, long now) {
        long lease = Math.max(LEAST_LEASE, message.number(DhcpMessage.LEASE, DEFAULT_LEASE) & 0xFFFF_FFFFL);
        long renew = message.number(DhcpMessage.RENEW, 0) & 0xFFFF_FFFFL;
        long rebind = message.number(DhcpMessage.REBIND, 0) & 0xFFFF_FFFFL;
        if (renew <= 0 || rebind <= renew || lease <= rebind) {
            renew = lease / 2;
            rebind = lease * 7 / 8;
        }
        server = message.number(DhcpMessage.SERVER, server);
        renewAt = askedAt + renew * SECOND;
        rebindAt = askedAt + rebind * SECOND;
        endsAt = askedAt + lease * SECOND;
        become(State.BOUND);
        due = renewAt;
        int mask = message.number(DhcpMessage.MASK, 0xFFFF_FF00);
        int prefix = Integer.bitCount(mask);
        if (link.address != message.yours() || link.prefix != prefix) {
            stack.configure(link.index, IpAddress.of(message.yours()), prefix);
            route = null;
        }
        List<Integer> routers = message.numbers(DhcpMessage.ROUTER);
        if (!routers.isEmpty() && link.near(routers.getFirst())) {
            Routes.Route wanted = new Routes.Route(IpAddress.ANY, 0, IpAddress.of(routers.getFirst()), link, false);
            if (!wanted.equals(route)) {
                stack.routes.add(wanted);
                route = wanted;
            }
        }
        resolvers = message.numbers(DhcpMessage.RESOLVERS).stream().map(IpAddress::of).toList();
    }
}
