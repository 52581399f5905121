package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpReceive;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Ipv6;

/** The edges between a stack's own protocols. Used in the stack's strand. */
final class Protocols {

    private final Stack stack;
    private final List<Runnable> bindings = new ArrayList<>();

    private Protocols(Stack stack) {
        this.stack = stack;
    }

    /** Binds all to the stack's graph. @return what takes each binding away again */
    static List<Runnable> bind(Stack stack) {
        Protocols protocols = new Protocols(stack);
        protocols.network();
        protocols.messages();
        protocols.messages6();
        return protocols.bindings;
    }

    /** Takes packets that came by an interface; who raises a node's event himself brings none of those. */
    private IpReceive real(IpReceive handler) {
        return (packet, key, now) -> stack.current(packet) != null && handler.received(packet, key, now);
    }

    private void network() {
        Graph graph = stack.graph;
        bindings.add(graph.ethernet(Ethernet.IPV4, "ipv4", stack.ipv4::received));
        bindings.add(graph.ethernet(Ethernet.ARP, "arp", stack.arp::received));
        bindings.add(graph.ethernet(Ethernet.IPV6, "ipv6", stack.ipv6::received));
        bindings.add(graph.ip(Ipv4.ICMP, "icmp", real(stack.icmp::received)));
        bindings.add(graph.ip(Ipv6.ICMP, "icmp6", real(stack.icmp6::received)));
        bindings.add(graph.ip(Ipv4.UDP, "udp",
                real((packet, protocol, now) -> stack.diversions.received(packet, protocol, now)
                        || stack.udp.received(packet, protocol, now))));
        bindings.add(graph.ip(Ipv4.TCP, "tcp", real((packet, protocol, now) -> {
            if (!stack.diversions.received(packet, protocol, now)) {
                stack.tcp.segment(stack.connections, packet, now);
            }
            return true;
        })));
    }

    private void messages() {
        Graph graph = stack.graph;
        IcmpLayer icmp = stack.icmp;
        bindings.add(graph.icmp(Icmp.ECHO, "echo", real(icmp::echo)::received));
        bindings.add(graph.icmp(Icmp.ECHO_REPLY, "reply", real(icmp::reply)::received));
        bindings.add(graph.icmp(Icmp.UNREACHABLE, "unreachable", real(icmp::error)::received));
        bindings.add(graph.icmp(Icmp.REDIRECT, "redirect", real(stack.redirects::received)::received));
        bindings.add(graph.icmp(Icmp.TIME_EXCEEDED, "expired", real(icmp::error)::received));
    }

    private void messages6() {
        Icmp6Layer icmp6 = stack.icmp6;
        six(Icmp6.ECHO, "echo", icmp6::echo);
        six(Icmp6.ECHO_REPLY, "reply", icmp6::reply);
        six(Icmp6.UNREACHABLE, "unreachable", icmp6::error);
        six(Icmp6.TOO_BIG, "too big", icmp6::error);
        six(Icmp6.TIME_EXCEEDED, "expired", icmp6::error);
        six(Icmp6.PARAMETER, "parameter", icmp6::error);
        six(Groups6.QUERY, "groups asked for", (p, _, now) -> {
            Link link = stack.link(p);
            if (link.six.on && link.out != null) {
                link.six.groups.query(p, now);
            }
            return true;
        });
        six(Icmp6.ROUTER_SOLICITATION, "router asked for", this::routerSolicited);
        six(Icmp6.ROUTER_ADVERTISEMENT, "router", stack.routers::advertisement);
        six(Icmp6.NEIGHBOUR_SOLICITATION, "neighbour asked for", stack.discovery::solicitation);
        six(Icmp6.NEIGHBOUR_ADVERTISEMENT, "neighbour", stack.discovery::advertisement);
        six(Icmp6.REDIRECT, "redirect", stack.redirects.six::received);
    }

    private void six(int type, String name, IpReceive handler) {
        bindings.add(stack.graph.icmp6(type, name, real(handler)::received));
    }

    private boolean routerSolicited(Packet p, int type, long now) {
        Advertiser advertiser = stack.advertisers.get(stack.link(p));
        if (advertiser != null && stack.discovery.valid(p, Icmp6.LENGTH)) {
            advertiser.solicited(now);
        }
        return true;
    }
}
