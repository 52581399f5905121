package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our stack and Linux's, each on one side of a TAP device, over IPv6. */
@Timeout(180)
class Linux6IT {

    private static final long SECOND = 1_000_000_000L;

    @BeforeAll
    static void theHostCan() {
        LinuxTalk.theHostCan();
    }

    @Test
    void pingsGoBothWaysAlsoInFragments() throws Exception {
        try (LinuxPeer linux = new LinuxPeer().settled()) {
            assertTrue(linux.in("ping", "-c", "3", "-i", "0.2", "fd77::2").contains("3 received"));
            assertTrue(linux.in("ping", "-c", "3", "-i", "0.2", "-s", "20000", "fd77::2").contains("3 received"));
            assertTrue(linux.in("ping", "-c", "2", "-i", "0.2", "fe80::a00:2bff:fe00:77%" + linux.link())
                    .contains("2 received"));
            assertTrue(linux.in("ping", "-c", "2", "-i", "0.2", "ff02::1%" + linux.link()).contains("2 received"));
            for (int bytes : new int[]{0, 56, 1452, 1453, 30000}) {
                Network.Answer answer = linux.network.ping(LinuxPeer.LINUX6, 64, bytes, 5 * SECOND);
                assertNotNull(answer, "size " + bytes);
                assertEquals("reply", answer.what());
            }
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    void datagramsGoBothWaysAndAbsenceIsTold() throws Exception {
        try (LinuxPeer linux = new LinuxPeer().settled()) {
            UdpEndpoint[] echo = new UdpEndpoint[1];
            echo[0] = linux.network.bind(7, "echo", (packet, port, now) -> {
                int at = packet.transport();
                byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
                packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
                try {
                    echo[0].send(packet.source(), Udp.source(packet, at), bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                return true;
            });
            assertEquals("over there", linux.in("sh", "-c", "printf 'over there' | nc -u -w 1 fd77::2 7"));
            Process refused = linux.start("sh", "-c", "nc -u -z -v -w 1 fd77::2 9");
            refused.getInputStream().readAllBytes();
            assertTrue(refused.waitFor() != 0);
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    void aPageIsFetchedAndAClosedPortRefuses() throws Exception {
        try (LinuxPeer linux = new LinuxPeer().settled()) {
            LinuxTalk.serve(linux, 80, connection -> {
                byte[] page = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nfrom SPIN\n".getBytes();
                connection.read(new byte[4096], 0, 4096);
                connection.write(page, 0, page.length);
            });
            assertEquals("from SPIN\n", linux.in("curl", "-s", "--max-time", "10", "http://[fd77::2]/"));
            Process refused = linux.start("curl", "-s", "--max-time", "10", "http://[fd77::2]:81/");
            assertEquals(7, refused.waitFor(), "curl's status for a connection that is refused");
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    @Timeout(3600) // as long as it takes: with -Dspin.net.megabytes it is a gigabyte each way, on a host that may be busy
    void muchArrivesByteForByteInBothDirections() throws Exception {
        try (LinuxPeer linux = new LinuxPeer().settled()) {
            LinuxTalk.transfers(linux, true, LinuxTalk.MUCH);
        }
    }

    @Test
    void muchArrivesOverABadWireToo() throws Exception {
        try (LinuxPeer linux = new LinuxPeer(",loss=3%,dup=2%,reorder=2%,seed=11").settled()) {
            LinuxTalk.transfers(linux, true, 4 << 20);
            assertTrue(linux.network.counters().get("tcp.retransmitted") > 0);
        }
    }

    /** Linux knows of a host whose way carries less than the wire to us: it says so, and we send smaller packets. */
    @Test
    void packetsAreMadeToFitThePath() throws Exception {
        try (LinuxPeer linux = new LinuxPeer().settled()) {
            linux.in("ip", "neigh", "add", "fd77::9", "lladdr", "02:00:00:00:00:09", "dev", linux.link());
            linux.in("ip", "route", "add", "fd78::/64", "via", "fd77::9", "dev", linux.link(), "mtu", "1280");
            linux.in("sysctl", "-q", "-w", "net.ipv6.conf.all.forwarding=1");
            linux.network.addRoute(IpAddress.parse("fd78::"), 64, LinuxPeer.LINUX6);
            IpAddress far = IpAddress.parse("fd78::9");
            long before = linux.network.counters().get("ip.fragmentsSent");
            linux.network.ping(far, 64, 1400, SECOND / 2); // is told to be too big
            assertEquals(before, linux.network.counters().get("ip.fragmentsSent"));
            linux.network.ping(far, 64, 1400, SECOND / 2); // is cut
            assertEquals(before + 2, linux.network.counters().get("ip.fragmentsSent"));
            LinuxTalk.wellFormed(linux);
        }
    }

    /** Linux takes the way that we tell of, and tells of one itself, which we take if that is wished. */
    @Test
    void betterWaysAreToldOfAndTakenByBoth() throws Exception {
        try (LinuxPeer linux = new LinuxPeer().settled()) {
            IpAddress ours = IpAddress.parse("fe80::a00:2bff:fe00:77");
            int scope = linux.network.addresses().stream().filter(one -> one.address().isLinkLocal()).findFirst()
                    .orElseThrow().address().scope();
            linux.in("sysctl", "-q", "-w", "net.ipv6.conf." + linux.link() + ".accept_redirects=1");
            linux.in("ip", "-6", "route", "add", "fd99::/64", "via", ours.toString(), "dev", linux.link());
            linux.network.forward(true);
            linux.network.addRoute(IpAddress.parse("fd99::"), 64, IpAddress.parse("fe80::9").scoped(scope));
            linux.start("ping", "-c", "1", "-W", "1", "fd99::1").waitFor();
            assertEquals(1, linux.network.counters().get("icmp.redirectsSent"));
            String way = linux.in("ip", "-6", "route", "get", "fd99::1");
            assertTrue(way.contains("via fe80::9 "), way);

            linux.network.forward(false);
            linux.network.obeyRedirects(true);
            linux.in("sysctl", "-q", "-w", "net.ipv6.conf.all.forwarding=1");
            linux.in("ip", "-6", "route", "add", "fd98::/64", "via", "fe80::8", "dev", linux.link());
            String told = linux.in("ip", "-6", "addr", "show", "dev", linux.link(), "scope", "link");
            IpAddress theirs = IpAddress.parse(told.replaceAll("(?s).*inet6 (fe80[0-9a-f:]+)/.*", "$1")).scoped(scope);
            linux.network.addRoute(IpAddress.parse("fd98::"), 48, theirs);
            linux.network.ping(IpAddress.parse("fd98::1"), 64, 10, SECOND / 5);
            for (int i = 0; i < 100 && way("fd98::1", linux) == null; i++) {
                Thread.sleep(50);
            }
            assertEquals(IpAddress.parse("fe80::8").scoped(scope), way("fd98::1", linux));
            LinuxTalk.wellFormed(linux);
        }
    }

    /** The way to a host that we know better than that of its network, or null. */
    private static IpAddress way(String host, LinuxPeer linux) {
        return linux.network.routes().stream()
                .filter(one -> one.prefix() == 128 && one.network().equals(IpAddress.parse(host)))
                .map(kernel.ext.net.api.Network.Route::gateway).findFirst().orElse(null);
    }
}
