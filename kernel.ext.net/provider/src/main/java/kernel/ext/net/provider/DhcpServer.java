package kernel.ext.net.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Udp;

/**
 * Gives the one machine on a wire its address (RFC 2131 section 4.3), for a day at a time. Not for wires with more of them: whoever asks is
 * given the same. Used in the stack's strand.
 */
final class DhcpServer {

    private final Stack stack;
    private final Link link;
    private final int given;
    private final int lease;

    /** @param given to whoever asks */
    DhcpServer(Stack stack, int index, IpAddress given, int lease) {
        this.stack = stack;
        this.link = stack.links().get(index);
        this.given = given.v4();
        this.lease = lease;
    }

    /** A datagram came to the server's port. */
    boolean received(Packet packet, int port, long now) {
        int at = packet.transport();
        byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
        packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
        DhcpMessage asked = DhcpMessage.read(bytes);
        if (asked == null || asked.reply() || packet.interfaceIndex() != link.index
                || asked.kind() != DhcpMessage.DISCOVER && asked.kind() != DhcpMessage.REQUEST) {
            return false;
        }
        int wanted = asked.number(DhcpMessage.WANTED, asked.client());
        boolean ours = asked.number(DhcpMessage.SERVER, link.address) == link.address;
        if (!ours) {
            return true; // it has chosen another server
        }
        boolean good = asked.kind() == DhcpMessage.DISCOVER || wanted == given;
        int kind = asked.kind() == DhcpMessage.DISCOVER
                ? DhcpMessage.OFFER
                : good ? DhcpMessage.ACK : DhcpMessage.NAK;
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        options.put(DhcpMessage.KIND, new byte[]{(byte) kind});
        options.put(DhcpMessage.SERVER, DhcpMessage.bytes(link.address));
        if (good) {
            options.put(DhcpMessage.LEASE, DhcpMessage.bytes(lease));
            options.put(DhcpMessage.MASK, DhcpMessage.bytes(link.mask()));
            options.put(DhcpMessage.ROUTER, DhcpMessage.bytes(link.address));
            options.put(DhcpMessage.RESOLVERS, DhcpMessage.bytes(link.address));
        }
        byte[] answer = new DhcpMessage(true, asked.id(), asked.broadcast(), 0, good ? given : 0, asked.hardware(),
                options).bytes();
        IpAddress from = IpAddress.of(link.address);
        if (asked.client() != 0 && good) {
            stack.udp.send(DhcpMessage.SERVER_PORT, from, IpAddress.of(asked.client()), DhcpMessage.CLIENT_PORT, answer,
                    0, answer.length, 64, now);
        } else {
            stack.udp.sendToAll(link, DhcpMessage.SERVER_PORT, from, DhcpMessage.CLIENT_PORT, answer, now);
        }
        return true;
    }
}
