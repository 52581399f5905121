package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.LongStream;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.header.Ipv6;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.cubic.Cubic;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two stacks, over IPv4 or IPv6, on a wire that loses, delays, reorders, duplicates and corrupts: both streams arrive byte for byte, both
 * connections end, all buffers come back. What happens follows from the seed; {@code -Dspin.net.seeds=10000} runs more of them.
 */
class SimulationTest {

    static LongStream seeds() {
        long first = Long.getLong("spin.net.seed", 0);
        return LongStream.range(first, first + Long.getLong("spin.net.seeds", 400));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothStreamsArrive(long seed) {
        Random r = new Random(seed);
        Simulation s = new Simulation(seed);
        Simulation.Wire w = s.wire;
        w.loss = r.nextInt(3) == 0 ? 0 : r.nextDouble() * 0.10;
        w.duplicate = r.nextInt(3) == 0 ? r.nextDouble() * 0.05 : 0;
        w.corrupt = r.nextInt(3) == 0 ? r.nextDouble() * 0.03 : 0;
        w.reorder = r.nextInt(3) == 0 ? r.nextDouble() * 0.10 : 0;
        w.delay = 1 + r.nextLong(60 * Simulation.MS);
        w.jitter = r.nextInt(3) == 0 ? r.nextLong(10 * Simulation.MS) + 1 : 0;
        w.rate = r.nextInt(2) == 0 ? 1_000_000 + r.nextLong(100_000_000) : 0;
        w.queue = 20 + r.nextInt(200);
        s.together = seed % 4 == 3 ? 1 + seed % 7 * 500_000 : 0;
        int mtu = new int[]{576, 1500, 1500, 9000}[r.nextInt(4)];
        boolean six = seed % 3 == 1 && mtu >= Ipv6.LEAST_MTU;
        Stack a = s.addBoth(mtu, 1 << 14 + r.nextInt(5));
        Stack b = s.addBoth(r.nextInt(4) == 0 ? 1500 : mtu, 1 << 14 + r.nextInt(5));
        s.run(2 * Simulation.SECOND); // until addresses are known to be nobody else's
        long there = r.nextLong(300_000);
        long back = r.nextInt(2) == 0 ? 0 : r.nextLong(200_000);
        Talker client = new Talker(s, a, there, seed, ~seed, r.nextInt(4) == 0);
        Talker server = new Talker(s, b, back, ~seed, seed, r.nextInt(4) == 0);
        TcpListening[] port = new TcpListening[1];
        port[0] = new TcpListening(IpAddress.ANY6, 80, 8, () -> server::changed,
                () -> server.changed(port[0].ready.poll()));
        assertTrue(b.listen(port[0]));
        IpAddress to = six ? Simulation.address6(1) : Simulation.address(1);
        assertNotNull(a.connect(to, 80, client::changed, s.now));

        if (r.nextInt(2) == 0) { // protocols are exchanged while the transfer runs
            for (int i = 1; i < 50; i++) {
                boolean cubic = i % 2 == 0;
                s.at(s.now + i * 50 * Simulation.MS, () -> {
                    s.congestion = cubic ? new Cubic() : new NewReno();
                    s.tcp = new TcpEngine();
                });
            }
        }
        Stack[] both = {a, b};
        if (r.nextInt(3) == 0) { // stacks follow each other meanwhile
            for (int i = 1; i < 8; i++) {
                int n = i % 2;
                s.at(s.now + i * 170 * Simulation.MS, () -> {
                    assertEquals(0, s.replace(n).buffersTaken());
                    both[n] = s.stacks.get(n);
                    (n == 0 ? client : server).stack = both[n];
                });
            }
        }
        s.run(4000 * Simulation.SECOND);

        String what = "seed " + seed + " client " + client.tcb + " " + client.received + "/" + back
                + (client.tcb == null ? "" : " " + client.tcb.failure) + " server "
                + server.tcb + " " + server.received + "/" + there
                + (server.tcb == null ? "" : " " + server.tcb.failure);
        assertNull(client.wrong, what);
        assertNull(server.wrong, what);
        assertEquals(there, server.received, what);
        assertEquals(back, client.received, what);
        assertTrue(client.ended && server.ended, what);
        assertTrue(client.closed && server.closed, what);
        assertEquals(0, a.connections().count() + b.connections().count(), what);
        assertEquals(0, both[0].buffersTaken() + both[1].buffersTaken(), what);
    }
}
