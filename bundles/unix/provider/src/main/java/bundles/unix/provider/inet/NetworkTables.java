package bundles.unix.provider.inet;

import java.util.List;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;

/** The tables of {@code /proc/net} (proc(5)), as programs parse them. */
final class NetworkTables {

    private static final Map<String, Integer> STATES = Map.ofEntries(Map.entry("ESTABLISHED", 1),
            Map.entry("SYN_SENT", 2), Map.entry("SYN_RECEIVED", 3), Map.entry("FIN_WAIT_1", 4),
            Map.entry("FIN_WAIT_2", 5), Map.entry("TIME_WAIT", 6), Map.entry("CLOSED", 7), Map.entry("CLOSE_WAIT", 8),
            Map.entry("LAST_ACK", 9), Map.entry("LISTEN", 10), Map.entry("CLOSING", 11));

    private NetworkTables() {}

    /** A table by its name, or null. */
    static String of(Network network, String name) {
        return switch (name) {
            case "tcp", "udp" -> endpoints(network, name);
            case "dev" -> devices(network);
            case "route" -> routes(network);
            case "arp" -> neighbours(network);
            default -> null;
        };
    }

    /** An address as the table has it: the bytes of the network as a number of this machine. */
    private static String hex(IpAddress address) {
        return "%08X".formatted(address == null ? 0 : Integer.reverseBytes(address.v4()));
    }

    private static String endpoints(Network network, String protocol) {
        var text = new StringBuilder("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                + "  timeout inode\n");
        int line = 0;
        for (Network.Endpoint one : network.endpoints()) {
            if (one.protocol().equals(protocol)) {
                text.append("%4d: %s:%04X %s:%04X %02X %08X:%08X 00:00000000 00000000 %5d %8d %d 2 0000000000000000 0\n"
                        .formatted(line++, hex(one.local()), one.localPort(), hex(one.remote()), one.remotePort(),
                                STATES.getOrDefault(one.state(), 7), one.waitingOut(), one.waitingIn(), 0, 0, 0));
            }
        }
        return text.toString();
    }

    private static String devices(Network network) {
        var text = new StringBuilder("""
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo \
                colls carrier compressed
                """);
        for (Network.Interface one : network.interfaces()) {
            text.append(
                    "%6s: %7d %7d    0 %4d    0     0          0         0 %8d %7d    0    0    0     0       0          0\n"
                            .formatted(one.name(), one.receivedBytes(), one.received(), one.dropped(), one.sentBytes(),
                                    one.sent()));
        }
        return text.toString();
    }

    private static String routes(Network network) {
        var text = new StringBuilder(
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n");
        for (Network.Route one : network.routes()) {
            int mask = one.prefix() == 0 ? 0 : -1 << 32 - one.prefix();
            text.append("%s\t%s\t%s\t%04X\t0\t0\t0\t%s\t0\t0\t0\n".formatted(one.by(), hex(one.network()),
                    hex(one.gateway()), one.gateway() == null ? 1 : 3, hex(IpAddress.of(mask))));
        }
        return text.toString();
    }

    private static String neighbours(Network network) {
        var text = new StringBuilder(
                "IP address       HW type     Flags       HW address            Mask     Device\n");
        List<Network.Neighbour> all = network.neighbours();
        for (Network.Neighbour one : all) {
            long hardware = Math.max(0, one.hardware());
            String bytes = "%02x:%02x:%02x:%02x:%02x:%02x".formatted(hardware >> 40 & 255, hardware >> 32 & 255,
                    hardware >> 24 & 255, hardware >> 16 & 255, hardware >> 8 & 255, hardware & 255);
            text.append("%-16s 0x1         0x%x         %s     *        %s\n".formatted(one.address(),
                    one.hardware() < 0 ? 0 : 2, bytes, one.by()));
        }
        return text.toString();
    }
}
