package kernel.ext.net.provider;

import java.io.IOException;
import java.util.Set;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;

/**
 * The protocol manager of frames: an Ethernet type that an application has taken, which sees no other frames, and sends none in
 * somebody else's name. Thread-safe: by the host's lock.
 */
final class TakenType implements EthernetEndpoint {

    private static final Set<Integer> OURS = Set.of(Ethernet.IPV4, Ethernet.ARP, Ethernet.IPV6);

    private final Host host;
    private final int type;
    private Runnable unbind;

    TakenType(Host host, int type, String name, EthernetReceive handler) throws IOException {
        this.host = host;
        this.type = type;
        if (type < 0x600 || type > 0xFFFF || OURS.contains(type)) {
            throw new NetworkException(NetworkException.Reason.OTHER,
                    "0x%X is no Ethernet type for applications".formatted(type));
        }
        host.enter();
        try {
            Stack stack = host.stack;
            if (!stack.types.add(type)) {
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        "Somebody has the Ethernet type 0x%X".formatted(type));
            }
            unbind = stack.graph.ethernet(type, name, (packet, key, now) -> stack.current(packet) != null
                    && handler.received(packet, key, now));
        } finally {
            host.leave();
        }
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public void send(String by, long destination, byte[] bytes, int offset, int count) throws IOException {
        host.enter();
        try {
            Link link = host.stack.links().stream().filter(one -> one.name.equals(by) && one.up).reduce((_, b) -> b)
                    .orElse(null);
            if (link == null || link.hardware == 0) {
                throw new NetworkException(NetworkException.Reason.OTHER, "There is no Ethernet interface " + by);
            }
            send(link, destination, bytes, offset, count);
        } finally {
            host.leave();
        }
    }

    @Override
    public void answer(Packet frame, byte[] bytes, int offset, int count) throws IOException {
        host.enter();
        try {
            if (host.stack.current(frame) == null) {
                throw new NetworkException(NetworkException.Reason.OTHER, "This frame is not being handled");
            }
            send(host.stack.link(frame), Ethernet.source(frame, 0), bytes, offset, count);
        } finally {
            host.leave();
        }
    }

    private void send(Link link, long destination, byte[] bytes, int offset, int count) throws IOException {
        if (unbind == null) {
            throw new NetworkException(NetworkException.Reason.SHUT, "The Ethernet type was given back");
        }
        if (count > link.mtu) {
            throw new NetworkException(NetworkException.Reason.TOO_LONG,
                    count + " bytes are more than the " + link.mtu + " that " + link.name + " carries");
        }
        PacketBuffer b = host.stack.pool.take(Stack.HEADROOM, count);
        b.put(0, bytes, offset, count);
        host.stack.transmit(link, destination, type, b);
    }

    @Override
    public void close() {
        host.enter();
        try {
            if (unbind != null) {
                unbind.run();
                unbind = null;
                host.stack.types.remove(type);
            }
        } finally {
            host.leave();
        }
    }
}
