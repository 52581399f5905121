package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.device.SystemClock;
import hw.alpha.device.net.Wires;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Pcapng;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.atm.Circuits;
import kernel.ext.net.atm.ClassicalIp;
import kernel.ext.net.atm.PlainNode;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** IP between two stacks over ATM: cells on a socket of the host and on a wire within the process; and as Wireshark sees it. */
@Timeout(120)
class AtmIT {

    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    /** A stack with an ATM interface, as a plain Java program has it. */
    private static final class Peer implements AutoCloseable {
        final HostStrands strands = new HostStrands();
        final Clock clock = new SystemClock();
        final Circuits circuits = new Circuits(new PlainNode(), clock);
        final PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(),
                new NewReno());
        private final Wires.FittedAtm card;
        private final ClassicalIp ip;

        Peer(Wires.FittedAtm card, String address) throws IOException {
            this.card = card;
            circuits.add(card.adapter());
            ip = new ClassicalIp(circuits, card.adapter(), card.circuits(), clock);
            network.attach(ip);
            network.configure(card.adapter().name(), IpAddress.parse(address), 24);
        }

        String details() {
            return ip.details();
        }

        @Override
        public void close() {
            network.detach(ip);
            network.close();
            circuits.remove(card.adapter());
            card.close();
        }
    }

    private static void pings(Peer from, String to, int bytes) throws Exception {
        for (int i = 0;; i++) {
            Network.Answer answer = from.network.ping(IpAddress.parse(to), 64, bytes, SECOND / 5);
            if (answer != null && answer.what().equals("reply")) {
                return;
            }
            assertTrue(i < 50, "no answer from " + to + ", " + from.details());
        }
    }

    private static void transfers(Peer from, Peer to, String address, int bytes) throws Exception {
        TcpListener listener = to.network.listen(IpAddress.ANY, 9000, 4);
        byte[] all = new byte[bytes];
        new Random(4).nextBytes(all);
        Thread sender = Thread.ofPlatform().start(() -> {
            try (TcpConnection connection = from.network.connect(IpAddress.parse(address), 9000, 30 * SECOND)) {
                connection.write(all, 0, all.length);
                connection.shutdownOutput();
                connection.read(new byte[1], 0, 1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        TcpConnection connection = listener.accept();
        byte[] came = new byte[bytes];
        int have = 0;
        int count;
        while (have < bytes && (count = connection.read(came, have, bytes - have)) > 0) {
            have += count;
        }
        assertTrue(Arrays.equals(all, came), have + " of " + bytes);
        connection.close();
        sender.join();
        listener.close();
    }

    @Test
    void overASocketOfTheHost() throws Exception {
        String wire = "wire:unix:" + folder.resolve("atm");
        try (Peer a = new Peer(Wires.atm("atm0", wire + ",pvc=0.100"), "10.2.0.1");
                Peer b = new Peer(Wires.atm("atm0", wire), "10.2.0.2")) {
            pings(a, "10.2.0.2", 56);
            pings(b, "10.2.0.1", 20000);
            transfers(a, b, "10.2.0.2", 5 << 20);
            assertTrue(a.details().contains("circuit 0.100 to 10.2.0.2"), a.details());
        }
    }

    @Test
    void withinAProcess() throws Exception {
        Wires.FittedAtm[] cards = Wires.atmPair("atm0", "atm0");
        try (Peer a = new Peer(cards[0], "10.2.0.1"); Peer b = new Peer(cards[1], "10.2.0.2")) {
            pings(a, "10.2.0.2", 9000);
            transfers(a, b, "10.2.0.2", 5 << 20);
        }
    }

    @Test
    void whenCellsAreLostOrChanged() throws Exception {
        String wire = "wire:unix:" + folder.resolve("bad");
        try (Peer a = new Peer(Wires.atm("atm0", wire + ",loss=0.1%,corrupt=0.1%,mtu=1500"), "10.2.0.1");
                Peer b = new Peer(Wires.atm("atm0", wire + ",mtu=1500"), "10.2.0.2")) {
            pings(a, "10.2.0.2", 56);
            transfers(a, b, "10.2.0.2", 500_000);
            String told = a.details() + b.details();
            assertTrue(told.contains("of which cells were lost or damaged"), told);
        }
    }

    @Test
    void wiresharkDecodesIt() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/tshark")), "tshark is not installed");
        Wires.FittedAtm[] cards = Wires.atmPair("atm0", "atm0");
        Path file = folder.resolve("atm.pcapng");
        try (OutputStream out = Files.newOutputStream(file);
                Peer b = new Peer(cards[1], "10.2.0.2")) {
            Pcapng writer = new Pcapng(out);
            try (Capture.Watching watching = b.circuits.watch((by, sent, bytes, offset, length) -> {
                try {
                    writer.write(by, b.circuits.linkType(by), b.clock.realTime(), sent, bytes, offset, length);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            })) {
                assertNotNull(watching);
                try (Peer a = new Peer(cards[0], "10.2.0.1")) {
                    pings(a, "10.2.0.2", 56);
                }
            }
        }
        String said = LinuxPeer.run("tshark", "-r", file.toString(), "-T", "fields", "-e", "atm.vpi", "-e", "atm.vci",
                "-e", "frame.protocols", "-e", "arp.opcode", "-e", "icmp.type", "-e", "_ws.malformed");
        List<String> lines = said.lines().filter(line -> !line.startsWith("Running as")).toList();
        assertTrue(lines.contains("0\t100\tatm:llc:ip:icmp:data\t\t8\t"), said);
        assertTrue(lines.contains("0\t100\tatm:llc:ip:icmp:data\t\t0\t"), said);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("0\t100\tatm:llc:arp:atmarp\t8")), said);
        assertEquals(0, lines.stream().filter(line -> line.toLowerCase().contains("malformed")).count(), said);
    }
}
