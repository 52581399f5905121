package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;

/** The interfaces of a stack that get their addresses from servers. Used in the stack's strand. */
final class Dhcp {

    private final Stack stack;
    private final Map<Link, DhcpClient> clients = new LinkedHashMap<>();
    private UdpLayer.Port port;

    Dhcp(Stack stack) {
        this.stack = stack;
    }

    DhcpClient start(Link link) {
        if (port == null) {
            port = stack.udp.bind(DhcpMessage.CLIENT_PORT, "dhcp", this::received);
        }
        return clients.computeIfAbsent(link,
                _ -> new DhcpClient(stack, link, stack.connections.secret ^ link.hardware));
    }

    /** An interface's lease as a text: see {@link Learnt}; null if there is none. */
    String left(Link link, long now) {
        DhcpClient client = clients.get(link);
        return client == null ? null : client.left(now);
    }

    /** Whether an interface has its address of a server. */
    boolean has(Link link) {
        DhcpClient client = clients.get(link);
        return client != null && client.state != DhcpClient.State.SELECTING;
    }

    /** Somebody else has the address that an interface was lent. */
    void decline(Link link, long now) {
        clients.get(link).decline(now);
    }

    void stop(Link link) {
        clients.remove(link);
        if (clients.isEmpty() && port != null) {
            port.close();
            port = null;
        }
    }

    private boolean received(Packet packet, int number, long now) {
        DhcpClient client = clients.get(stack.link(packet));
        return client != null && client.received(packet, number, now);
    }

    /** Who answers for names, as servers say. */
    List<IpAddress> resolvers() {
        List<IpAddress> all = new ArrayList<>();
        clients.values().forEach(one -> all.addAll(one.resolvers));
        return all;
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (DhcpClient one : clients.values()) {
            next = Math.min(next, one.nextDeadline());
        }
        return next;
    }

    void poll(long now) {
        for (DhcpClient one : List.copyOf(clients.values())) {
            one.poll(now);
        }
    }
}
