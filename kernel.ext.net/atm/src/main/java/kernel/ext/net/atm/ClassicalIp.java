package kernel.ext.net.atm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import kernel.core.machine.AtmAdapter;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.Atm;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.LlcSnap;

/**
 * IP over an ATM adapter's permanent circuits (RFC 2225), in LLC encapsulation (RFC 2684). Who is at the other end of a circuit
 * was ordered, or is asked for (InATMARP) when it is wanted, at most each second, and again after a quarter of an hour; the latest packets
 * wait for the answer. Thread-safe: what is known of circuits is volatile; sending by its monitor, which has the buffer; packets that wait by
 * theirs, with which nothing is called.
 */
public final class ClassicalIp implements IpLink, AutoCloseable {

    private static final long SECOND = 1_000_000_000L;
    private static final long FRESH = 15 * 60 * SECOND;

    /** A circuit to one neighbour. */
    private static final class Pvc {
        final String name;
        final boolean ordered;
        Atm.Circuit circuit;
        volatile int peer;
        volatile long confirmed;
        volatile long asked = Long.MIN_VALUE / 2;

        Pvc(String name, int peer) {
            this.name = name;
            this.peer = peer;
            ordered = peer != 0;
        }
    }

    /** Packets that wait for an answer at most, and for how long. */
    private static final int WAITING = 8;
    private static final long PATIENCE = 3 * SECOND;

    /** A packet for a neighbour of whom nobody knows by which circuit he is reached. */
    private record Waiting(int nextHop, byte[] packet, long since) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final AtmAdapter adapter;
    private final Clock clock;
    private final Pvc[] pvcs;
    private final byte[] outgoing;
    private final byte[] arriving;
    private final Object busy = new Object();
    private volatile int address;
    private volatile long lost;
    private volatile NetworkAdapter.Receiver receiver;

    /**
     * Opens circuits.
     *
     * @param circuits {@code VPI.VCI} or {@code VPI.VCI:ADDRESS} each
     * @throws IOException one cannot be had
     */
    public ClassicalIp(Atm atm, AtmAdapter adapter, List<String> circuits, Clock clock) throws IOException {
        this.adapter = adapter;
        this.clock = clock;
        outgoing = new byte[LlcSnap.LENGTH + adapter.mtu()];
        arriving = new byte[AtmAdapter.LONGEST];
        List<Pvc> all = new ArrayList<>();
        try {
            for (String text : circuits) {
                String[] parts = text.split("[.:]", 3);
                Pvc pvc = new Pvc(parts[0] + "." + parts[1],
                        parts.length > 2 ? IpAddress.parse(parts[2]).v4() : 0);
                pvc.circuit = atm.open(adapter.name(), Integer.parseInt(parts[0]), Integer.parseInt(parts[1]),
                        "ip over " + pvc.name, (packet, _, now) -> received(pvc, packet, now));
                all.add(pvc);
            }
        } catch (IOException | IllegalArgumentException e) {
            all.forEach(pvc -> pvc.circuit.close());
            throw e;
        }
        pvcs = all.toArray(new Pvc[0]);
    }

    @Override
    public void close() {
        for (Pvc pvc : pvcs) {
            pvc.circuit.close();
        }
    }

    @Override
    public String name() {
        return adapter.name();
    }

    @Override
    public int mtu() {
        return adapter.mtu();
    }

    @Override
    public boolean intact() {
        return adapter.intact();
    }

    @Override
    public void address(int own) {
        address = own;
        ask(clock.monotonicTime());
    }

    /** Asks who is at the other ends that are not known. */
    private void ask(long now) {
        for (Pvc pvc : pvcs) {
            boolean stale = pvc.peer == 0 || now - pvc.confirmed > FRESH;
            if (address != 0 && !pvc.ordered && stale && now - pvc.asked >= SECOND) {
                pvc.asked = now;
                tell(pvc, new InAtmArp(InAtmArp.REQUEST, address, 0));
            }
        }
    }

    private static void tell(Pvc pvc, InAtmArp arp) {
        byte[] bytes = new byte[LlcSnap.LENGTH + InAtmArp.LENGTH];
        PacketBuffer b = new PacketBuffer().wrap(bytes, 0, bytes.length);
        new LlcSnap(Ethernet.ARP).write(b, 0);
        arp.write(b, LlcSnap.LENGTH);
        pvc.circuit.send(bytes, 0, bytes.length);
    }

    @Override
    public void transmit(int nextHop, byte[] packet, int offset, int length) {
        for (Pvc pvc : pvcs) {
            if (pvc.peer == nextHop && length <= adapter.mtu()) {
                if (!pvc.ordered) {
                    long now = clock.monotonicTime();
                    if (now - pvc.confirmed > FRESH) {
                        ask(now);
                    }
                }
                send(pvc, packet, offset, length);
                return;
            }
        }
        long now = clock.monotonicTime();
        if (length > adapter.mtu() || Stream.of(pvcs).noneMatch(pvc -> pvc.peer == 0)) {
            lost++;
        } else {
            synchronized (waiting) {
                if (waiting.size() == WAITING) {
                    waiting.removeFirst();
                    lost++;
                }
                waiting.addLast(new Waiting(nextHop, Arrays.copyOfRange(packet, offset, offset + length), now));
            }
            Stream.of(pvcs).filter(pvc -> pvc.peer == nextHop).forEach(this::flush); // it may have become known
        }
        ask(now);
    }

    /** Sends what has waited for who is at the other end of a circuit. */
    private void flush(Pvc pvc) {
        List<Waiting> ready = new ArrayList<>();
        long oldest = clock.monotonicTime() - PATIENCE;
        synchronized (waiting) {
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext();) {
                Waiting one = each.next();
                if (one.since < oldest) {
                    each.remove();
                    lost++;
                } else if (one.nextHop == pvc.peer) {
                    each.remove();
                    ready.add(one);
                }
            }
        }
        ready.forEach(one -> send(pvc, one.packet, 0, one.packet.length));
    }

    private void send(Pvc pvc, byte[] packet, int offset, int length) {
        synchronized (outgoing) {
            PacketBuffer b = new PacketBuffer().wrap(outgoing, 0, outgoing.length);
            new LlcSnap(Ethernet.IPV4).write(b, 0);
            System.arraycopy(packet, offset, outgoing, LlcSnap.LENGTH, length);
            pvc.circuit.send(outgoing, 0, LlcSnap.LENGTH + length);
        }
    }

    /** In the adapter's strand. */
    private boolean received(Pvc pvc, Packet packet, long now) {
        if (!LlcSnap.valid(packet, 0)) {
            return false;
        }
        int count = packet.length() - LlcSnap.LENGTH;
        switch (LlcSnap.type(packet, 0)) {
            case Ethernet.IPV4 -> {
                packet.copyTo(LlcSnap.LENGTH, arriving, 0, count);
                synchronized (busy) {
                    NetworkAdapter.Receiver to = receiver;
                    if (to != null) {
                        to.received(arriving, 0, count);
                    }
                }
                return true;
            }
            case Ethernet.ARP -> {
                return InAtmArp.valid(packet, LlcSnap.LENGTH)
                        && learn(pvc, InAtmArp.of(packet, LlcSnap.LENGTH), now);
            }
            default -> {
                return false;
            }
        }
    }

    private boolean learn(Pvc pvc, InAtmArp arp, long now) {
        if (!pvc.ordered && arp.sender() != 0 && arp.sender() != address) {
            pvc.peer = arp.sender();
            pvc.confirmed = now;
            flush(pvc);
        }
        if (arp.operation() == InAtmArp.REQUEST && address != 0) {
            tell(pvc, new InAtmArp(InAtmArp.REPLY, address, arp.sender()));
        }
        return true;
    }

    @Override
    public void connect(NetworkAdapter.Receiver to) {
        receiver = to;
        if (!Thread.holdsLock(busy)) {
            synchronized (busy) { // whoever was called has returned
                receiver = to;
            }
        }
    }

    @Override
    public String details() {
        StringBuilder text = new StringBuilder(adapter.details());
        for (Pvc pvc : pvcs) {
            text.append("; circuit ").append(pvc.name).append(" to ")
                    .append(pvc.peer == 0 ? "whom is asked for" : IpAddress.of(pvc.peer).toString());
        }
        return lost == 0 ? text.toString() : text + "; to nobody known " + lost;
    }
}
