package kernel.ext.net.forward;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Packet;

/**
 * Sends what comes for a port on to one of several machines, and the answers back, as SPIN's protocol forwarder does: by rewriting addresses
 * and ports of each packet below the transport, so that a TCP connection is one from end to end: its handshake, its
 * acknowledgments, its end. New connections go to the targets by turns. The table of flows is of the stack's strand; what it
 * remembers of a flow goes a while after its last packet. Counts are volatile; only that strand changes them.
 */
public final class Forwarder implements AutoCloseable {

    /** Numbers of the protocols in IP. */
    public static final int TCP = 6, UDP = 17;
    /** Flows at once. */
    public static final int FLOWS = 4096;
    private static final int SYN = 2, ACK = 16;

    private final Network network;
    private final int protocol;
    private final List<Target> targets;
    private final Diversion diversion;
    private final Map<Flow.Client, Flow> flows = new HashMap<>();
    private final Flow[] byBack;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int turn;
    private long swept;
    private volatile int open;
    private volatile long opened;
    private volatile long packets;
    private volatile long refused;

    /**
     * Begins.
     *
     * @param protocol {@link #TCP} or {@link #UDP}
     * @param port at which it is, on all our addresses
     * @param targets where to, at least one
     * @param flows at once, 1 to 30,000
     * @throws IOException the port is taken
     */
    public Forwarder(Network network, int protocol, int port, List<Target> targets, int flows) throws IOException {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no targets");
        }
        this.network = network;
        this.protocol = protocol;
        this.targets = List.copyOf(targets);
        byBack = new Flow[flows];
        diversion = network.divert(protocol, port, flows, "forward to " + targets, this::received);
        for (int i = 0; i < flows; i++) {
            free.add(i);
        }
    }

    @Override
    public void close() {
        diversion.close();
    }

    private boolean received(Packet p, int door, long now) {
        int at = p.transport();
        int from = p.u16(at);
        int to = p.u16(at + 2);
        int flags = protocol == TCP ? p.u8(at + 13) : 0;
        sweep(now);
        try {
            if (to == diversion.port()) {
                return out(p, from, flags, now);
            }
            Flow flow = byBack[to - diversion.firstBack()];
            if (flow == null || flow.target.port() != from || !flow.target.address().equals(p.source())) {
                return false; // the transport refuses it
            }
            flow.passes(false, flags, now);
            packets++;
            diversion.send(p, flow.front, diversion.port(), flow.client.address(), flow.client.port(), now);
            return true;
        } catch (IOException e) {
            refused++; // an address of ours has gone
            return true;
        }
    }

    private boolean out(Packet p, int from, int flags, long now) throws IOException {
        Flow.Client client = new Flow.Client(p.source(), from);
        Flow flow = flows.get(client);
        if (flow == null) {
            if (protocol == TCP && (flags & (SYN | ACK)) != SYN) {
                return false; // of a connection that nobody knows: TCP answers with a reset
            }
            flow = open(client, p.destination());
            if (flow == null) {
                refused++;
                return true; // it comes again
            }
        }
        flow.passes(true, flags, now);
        packets++;
        diversion.send(p, flow.back, flow.backPort, flow.target.address(), flow.target.port(), now);
        return true;
    }

    private Flow open(Flow.Client client, IpAddress front) {
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(turn++ % targets.size());
            turn %= targets.size();
            IpAddress back = target.address().isV4() == client.address().isV4()
                    ? network.sourceFor(target.address())
                    : null;
            if (back == null) {
                continue; // there is no way to that one
            }
            Integer index = free.poll();
            index = index == null ? evict() : index;
            if (index == null) {
                return null;
            }
            Flow flow = new Flow(client, front, target, back, diversion.firstBack() + index, protocol == TCP);
            flows.put(client, flow);
            byBack[index] = flow;
            open = flows.size();
            opened++;
            return flow;
        }
        return null;
    }

    /** Takes the oldest flow that nobody has answered, so that who only opens flows closes nobody's. */
    private Integer evict() {
        Flow oldest = null;
        for (Flow one : byBack) {
            if ((one.halfOpen() || protocol == UDP) && (oldest == null || one.latest < oldest.latest)) {
                oldest = one;
            }
        }
        if (oldest == null) {
            return null;
        }
        forget(oldest);
        flows.remove(oldest.client);
        return free.poll();
    }

    private void forget(Flow flow) {
        int index = flow.backPort - diversion.firstBack();
        byBack[index] = null;
        free.add(index);
    }

    /** Forgets flows whose time has come; once a second. */
    private void sweep(long now) {
        if (now - swept < Flow.SECOND) {
            return;
        }
        swept = now;
        for (Iterator<Flow> each = flows.values().iterator(); each.hasNext();) {
            Flow flow = each.next();
            if (flow.deadline() <= now) {
                forget(flow);
                each.remove();
            }
        }
        open = flows.size();
    }

    /** Flows that are remembered. */
    public int open() {
        return open;
    }

    /** Flows that there were. */
    public long opened() {
        return opened;
    }

    /** Packets that were sent on. */
    public long packets() {
        return packets;
    }

    /** Packets that could not be sent on. */
    public long refused() {
        return refused;
    }

    @Override
    public String toString() {
        return (protocol == TCP ? "tcp " : "udp ") + diversion.port() + " to "
                + String.join(" ", targets.stream().map(Target::toString).toList()) + ": flows " + open
                + " of " + opened + ", packets " + packets + ", refused " + refused;
    }
}
