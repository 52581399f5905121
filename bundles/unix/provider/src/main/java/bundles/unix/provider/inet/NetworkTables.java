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
            case "tcp6", "udp6" -> endpoints6(network, name.substring(0, 3));
            case "if_inet6" -> addresses6(network);
            case "ipv6_route" -> routes6(network);
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
            if (one.protocol().equals(protocol) && one.local().isV4()) {
                text.append("%4d: %s:%04X %s:%04X %02X %08X:%08X 00:00000000 00000000 %5d %8d %d 2 0000000000000000 0\n"
                        .formatted(line++, hex(one.local()), one.localPort(), hex(one.remote()), one.remotePort(),
                                STATES.getOrDefault(one.state(), 7), one.waitingOut(), one.waitingIn(), 0, 0, 0));
            }
        }
        return text.toString();
    }

    /** An address as the tables of IPv6 have it: four numbers of this machine, or sixteen bytes in order. */
    private static String hex6(IpAddress address, boolean numbers) {
        IpAddress shown = address == null ? IpAddress.ANY6 : address;
        long high = IpAddress.wire(shown.high());
        return numbers
                ? "%08X%08X%08X%08X".formatted(Integer.reverseBytes((int) (high >>> 32)),
                        Integer.reverseBytes((int) high), Integer.reverseBytes((int) (shown.low() >>> 32)),
                        Integer.reverseBytes((int) shown.low()))
                : "%016x%016x".formatted(high, shown.low());
    }

    private static String endpoints6(Network network, String protocol) {
        var text = new StringBuilder(
                "  sl  local_address                         remote_address                        st tx_queue rx_queue"
                        + " tr tm->when retrnsmt   uid  timeout inode\n");
        int line = 0;
        for (Network.Endpoint one : network.endpoints()) {
            if (one.protocol().equals(protocol) && !one.local().isV4()) {
                text.append("%4d: %s:%04X %s:%04X %02X %08X:%08X 00:00000000 00000000 %5d %8d %d 2 0000000000000000 0\n"
                        .formatted(line++, hex6(one.local(), true), one.localPort(), hex6(one.remote(), true),
                                one.remotePort(), STATES.getOrDefault(one.state(), 7), one.waitingOut(),
                                one.waitingIn(), 0, 0, 0));
            }
        }
        return text.toString();
    }

    private static String addresses6(Network network) {
        var text = new StringBuilder();
        for (Network.Address one : network.addresses()) {
            if (!one.address().isV4()) {
                int scope = one.address().isLoopback() ? 0x10 : one.address().isLinkLocal() ? 0x20 : 0;
                int flags = (one.advertised() ? 0 : 0x80) | switch (one.state()) {
                    case "tentative" -> 0x40;
                    case "deprecated" -> 0x20;
                    case "duplicate" -> 0x48;
                    default -> 0;
                };
                text.append("%s %02x %02x %02x %02x %8s\n".formatted(hex6(one.address(), false), one.index(),
                        one.prefix(), scope, flags, one.by()));
            }
        }
        return text.toString();
    }

    private static String routes6(Network network) {
        var text = new StringBuilder();
        for (Network.Route one : network.routes()) {
            if (!one.network().isV4()) {
                text.append("%s %02x %s 00 %s %08x %08x %08x %08x %8s\n".formatted(hex6(one.network(), false),
                        one.prefix(), hex6(null, false), hex6(one.gateway(), false), 256, 1, 0,
                        one.gateway() == null ? 1 : 3, one.by()));
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
            if (!one.network().isV4()) {
                continue;
            }
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
            if (!one.address().isV4()) {
                continue;
            }
            long hardware = Math.max(0, one.hardware());
            String bytes = "%02x:%02x:%02x:%02x:%02x:%02x".formatted(hardware >> 40 & 255, hardware >> 32 & 255,
                    hardware >> 24 & 255, hardware >> 16 & 255, hardware >> 8 & 255, hardware & 255);
            text.append("%-16s 0x1         0x%x         %s     *        %s\n".formatted(one.address(),
                    one.hardware() < 0 ? 0 : 2, bytes, one.by()));
        }
        return text.toString();
    }
}
