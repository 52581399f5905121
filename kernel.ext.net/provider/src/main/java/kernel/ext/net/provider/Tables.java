package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpCounters;
import kernel.ext.net.api.tcp.TcpListening;

/** A stack's state as people look at it. Called with the stack's lock held. */
final class Tables {

    private Tables() {}

    static List<Network.Interface> interfaces(Stack stack) {
        return stack.links().stream()
                .map(l -> new Network.Interface(l.name, l.hardware, l.mtu,
                        l.prefix < 0 ? null : IpAddress.of(l.address),
                        Math.max(0, l.prefix), l.up, l.received, l.receivedBytes, l.sent, l.sentBytes, l.dropped))
                .toList();
    }

    static List<Network.Route> routes(Stack stack) {
        return stack.routes.all().stream()
                .map(r -> new Network.Route(r.network(), r.prefix(), r.gateway(), r.link().name)).toList();
    }

    static List<Network.Neighbour> neighbours(Stack stack, long now) {
        List<Network.Neighbour> all = new ArrayList<>();
        for (ArpTable.Entry e : stack.arp.entries()) {
            all.add(new Network.Neighbour(IpAddress.of(e.address), e.hardware, e.link.name,
                    e.hardware < 0 ? "asked for" : "reachable", e.hardware < 0 ? -1 : now - e.confirmed));
        }
        for (Neighbours6.Entry e : stack.neighbours6.entries()) {
            String state = e.state == Neighbours6.State.INCOMPLETE ? "asked for" : word(e.state);
            all.add(new Network.Neighbour(e.address, e.hardware, e.link.name, state,
                    e.confirmed == 0 ? -1 : now - e.confirmed));
        }
        return all;
    }

    private static String word(Enum<?> value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    static List<Network.Address> addresses(Stack stack) {
        List<Network.Address> all = new ArrayList<>();
        for (Link l : stack.links()) {
            if (l.prefix >= 0) {
                all.add(new Network.Address(l.name, l.index + 1, IpAddress.of(l.address), l.prefix,
                        l.tentative ? "tentative" : "preferred", false));
            }
            if (l.duplicate != 0) {
                all.add(new Network.Address(l.name, l.index + 1, IpAddress.of(l.duplicate), 32, "duplicate", false));
            }
            for (Address6 one : l.six.addresses) {
                all.add(new Network.Address(l.name, l.index + 1, one.address, one.prefix, word(one.state),
                        one.advertised));
            }
        }
        return all;
    }

    static List<Network.Endpoint> endpoints(Stack stack) {
        List<Network.Endpoint> all = new ArrayList<>();
        for (TcpListening one : stack.connections.listening()) {
            all.add(new Network.Endpoint("tcp", one.address, one.port, null, 0, "LISTEN", one.ready.size(), 0,
                    one.halfOpen + " half open, backlog " + one.backlog + ", cookies " + one.cookies));
        }
        for (Tcb t : stack.connections.all()) {
            String rtt = t.srtt == 0 ? "" : "rtt %.2f ms, ".formatted(t.srtt / 1e6);
            all.add(new Network.Endpoint("tcp", t.local, t.localPort, t.remote, t.remotePort, t.state.toString(),
                    t.input.ready(), t.output.size(), rtt + "cwnd " + t.cwnd + ", mss " + t.mss + ", sent again "
                            + t.retransmissions));
        }
        new TreeMap<>(stack.udp.ports).forEach((number, port) -> all.add(new Network.Endpoint("udp", IpAddress.ANY,
                number, null, 0, "", 0, 0, "received " + port.received + ", sent " + port.sent)));
        return all;
    }

    static Map<String, Long> counters(Stack stack) {
        Map<String, Long> all = new LinkedHashMap<>();
        Counters c = stack.counters;
        all.put("ip.damaged", c.damaged);
        all.put("ip.unwanted", c.unwanted);
        all.put("ip.noRoute", c.noRoute);
        all.put("ip.tooBig", c.tooBig);
        all.put("ip.forwarded", c.forwarded);
        all.put("ip.expired", c.expired);
        all.put("ip.fragmentsReceived", c.fragmentsReceived);
        all.put("ip.fragmentsSent", c.fragmentsSent);
        all.put("ip.reassembled", c.reassembled);
        all.put("ip.reassemblyFailed", c.reassemblyFailed);
        all.put("arp.unresolved", c.unresolved);
        all.put("arp.conflicts", c.arpConflicts);
        all.put("nd.duplicates", c.duplicates);
        all.put("icmp.received", c.icmpReceived);
        all.put("icmp.sent", c.icmpSent);
        all.put("icmp.redirectsSent", c.redirectsSent);
        all.put("icmp.redirectsIgnored", c.redirectsIgnored);
        all.put("udp.received", c.udpReceived);
        all.put("udp.sent", c.udpSent);
        all.put("udp.unwanted", c.udpUnwanted);
        all.put("udp.damaged", c.udpDamaged);
        TcpCounters t = stack.connections.counters;
        all.put("tcp.received", t.received);
        all.put("tcp.sent", t.sent);
        all.put("tcp.retransmitted", t.retransmitted);
        all.put("tcp.damaged", t.damaged);
        all.put("tcp.opened", t.opened);
        all.put("tcp.accepted", t.accepted);
        all.put("tcp.failed", t.failed);
        all.put("tcp.resetsReceived", t.resetsReceived);
        all.put("tcp.resetsSent", t.resetsSent);
        all.put("tcp.challenges", t.challenges);
        all.put("tcp.cookiesSent", t.cookiesSent);
        all.put("tcp.cookiesTaken", t.cookiesTaken);
        all.put("tcp.recoveries", t.recoveries);
        all.put("tcp.timeouts", t.timeouts);
        all.put("tcp.probes", t.probes);
        all.put("handlers.failed", c.handlersFailed);
        all.put("buffers.taken", (long) stack.buffersTaken());
        return all;
    }
}
