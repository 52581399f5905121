package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.OnBehalf;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.handle.Handles.Holder;
import kernel.ext.net.api.handle.Handles.Limits;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each application may hold of the network: limits that are told, that are nobody else's, and what comes back when it goes. */
@Timeout(100)
@SuppressWarnings("try") // what is held open is not always called
class AccountsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Holder GREEDY = new Holder("greedy", "greedy", new Limits(5, 6, 100_000));
    private static final Holder GOOD = new Holder("good", "good", new Limits(100, 100, 8 << 20));

    private final PlainNetwork network = LoneNetwork.with(System::nanoTime);
    private volatile Holder now = GREEDY;

    @BeforeEach
    void tellWhoCalls() {
        network.callers(() -> now);
    }

    @AfterEach
    void stop() {
        network.close();
    }

    private Network.Holder held(Holder holder) {
        return network.holders().stream().filter(one -> one.name().equals(holder.name())).findFirst().orElse(null);
    }

    private static void refused(String what, org.junit.jupiter.api.function.Executable executable) {
        NetworkException e = assertThrows(NetworkException.class, executable);
        assertEquals(NetworkException.Reason.LIMIT, e.reason());
        assertTrue(e.getMessage().startsWith("greedy holds ") && e.getMessage().contains("spin.net." + what),
                e::getMessage);
    }

    @Test
    void portsOfAllKindsAreLimitedAndComeBack() throws IOException {
        List<AutoCloseable> all = new ArrayList<>();
        all.add(network.bind(0, "a", (_, _, _) -> true));
        all.add(network.listen(IpAddress.ANY, 5001, 4));
        all.add(network.bindTcp(IpAddress.ANY, false, 5002, false));
        all.add(network.bindEthernet(0x88B5, "a", (_, _, _) -> true));
        all.add(network.echo(IpAddress.LOOPBACK, 64, 10, _ -> {}));
        refused("ports", () -> network.bind(0, "b", (_, _, _) -> true));
        refused("ports", () -> network.listen(IpAddress.ANY, 5003, 4));
        refused("ports", () -> network.bindTcp(IpAddress.ANY, false, 0, false));
        refused("ports", () -> network.bindEthernet(0x88B6, "b", (_, _, _) -> true));
        refused("ports", () -> network.divert(6, 5004, 0, "b", (_, _, _) -> true));
        refused("ports", () -> network.echo(IpAddress.LOOPBACK, 64, 10, _ -> {}));
        now = GOOD;
        network.listen(IpAddress.ANY, 5003, 4).close(); // what one may not have others may
        now = GREEDY;
        for (AutoCloseable one : all) {
            try {
                one.close();
                one.close(); // more than once counts once
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
        assertEquals(0, held(GREEDY).ports());
        refused("ports", () -> network.divert(6, 5004, 11, "b", (_, _, _) -> true)); // with those behind it
        network.divert(6, 5004, 10, "b", (_, _, _) -> true).close();
        assertThrows(IOException.class, () -> network.bindTcp(IpAddress.parse("10.1.1.1"), false, 1, false));
        assertEquals(0, held(GREEDY).ports()); // what was not got is not counted
    }

    @Test
    void connectionsAreLimitedWhoeverBegan() throws IOException {
        now = GOOD;
        TcpListener theirs = network.listen(IpAddress.ANY, 5001, 64);
        now = GREEDY;
        TcpListener own = network.listen(IpAddress.ANY, 5002, 64);
        List<TcpConnection> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(network.connect(IpAddress.LOOPBACK, 5001, 60 * SECOND));
        }
        now = GOOD;
        List<TcpConnection> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(network.connect(IpAddress.LOOPBACK, 5002, 60 * SECOND));
        }
        now = GREEDY;
        all.add(own.accept());
        all.add(own.accept());
        refused("connections", own::accept);
        refused("connections", () -> network.open(IpAddress.LOOPBACK, 5001));
        assertEquals(6, held(GREEDY).connections());
        all.forEach(TcpConnection::close);
        for (int i = 0; i < 4; i++) {
            theirs.accept().close();
        }
        others.getFirst().close();
        others.get(1).close();
        until(0, () -> held(GREEDY).connections());
        own.accept().close(); // those that waited
        own.accept().close();
        theirs.close();
        own.close();
    }

    @Test
    void whoIsServedHasAPartOfTheAccount() throws Exception {
        Holder whole = new Holder("unix", "unix", new Limits(8, 8, 400_000));
        Holder one = Callers.part(whole, new OnBehalf(1L, "one"));
        Holder two = Callers.part(whole, new OnBehalf(2L, "two"));
        now = one;
        TcpPort first = network.bindTcp(IpAddress.ANY, false, 5001, false);
        TcpListener listener = first.listen(4); // a port for both
        NetworkException e = assertThrows(NetworkException.class, () -> network.bind(0, "a", (_, _, _) -> true));
        assertTrue(e.getMessage().startsWith("unix, one holds 2 ports, and may hold 2"), e::getMessage);
        now = two; // what one may not another may
        List<UdpEndpoint> others = new ArrayList<>(List.of(network.bind(0, "a", (_, _, _) -> true)));
        TcpConnection connection = network.connect(IpAddress.LOOPBACK, 5001, 60 * SECOND);
        now = whole; // whatever strand accepts, the connection is the listener's
        TcpConnection other = listener.accept();
        assertEquals(List.of(3, 2, 1),
                List.of(held(whole).ports(), held(one).ports(), held(two).ports()));
        assertEquals(List.of(2, 1, 1),
                List.of(held(whole).connections(), held(one).connections(), held(two).connections()));
        for (int i = 3; i < 6; i++) { // all of them have not more than the whole
            now = Callers.part(whole, new OnBehalf((long) i, "more"));
            others.add(network.bind(0, "a", (_, _, _) -> true));
        }
        now = whole;
        for (int i = 6; i < 8; i++) {
            others.add(network.bind(0, "a", (_, _, _) -> true));
        }
        now = two;
        e = assertThrows(NetworkException.class, () -> network.bind(0, "a", (_, _, _) -> true));
        assertTrue(e.getMessage().startsWith("unix holds 8 ports, and may hold 8"), e::getMessage);
        Thread writer = new Thread(() -> {
            try {
                send(connection, 5, 1 << 20, true);
                connection.close();
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
        });
        writer.start();
        while (held(two).bytes() == 0) {
            Thread.onSpinWait();
        }
        assertTrue(held(whole).bytes() >= held(two).bytes() && held(two).bytes() <= 100_000);
        expect(other, 5, 1 << 20);
        writer.join();
        other.close();
        until(0, () -> held(whole).connections());
        others.forEach(UdpEndpoint::close);
        assertEquals(2, held(whole).ports());
        assertEquals(null, held(two)); // who holds nothing is not told of
        network.handles().gone("unix", SECOND * 60); // the parts too
        assertEquals(null, held(whole));
        assertEquals(null, held(one));
        network.listen(IpAddress.ANY, 5001, 4).close();
    }

    @Test
    void severalPortsAreForwardedByOne() throws Exception {
        now = new Holder("forwarder", "forwarder", new Limits(8192, 1, 1)); // as bundles have
        List<Diversion> all = new ArrayList<>();
        for (int protocol : new int[]{6, 17}) {
            all.add(network.divert(protocol, 80, 4096, "a", (_, _, _) -> true));
            all.add(network.divert(protocol, 81, 4096, "b", (_, _, _) -> true));
        }
        assertEquals(4 * 4097, held(now).ports());
        NetworkException e = assertThrows(NetworkException.class,
                () -> network.divert(6, 82, 4096, "c", (_, _, _) -> true));
        assertTrue(e.getMessage().startsWith("forwarder holds 16,384 ports behind others, and may hold 16,384"),
                e::getMessage);
        all.forEach(Diversion::close);
        assertEquals(0, held(now).ports());
    }

    private interface Count {
        int get();
    }

    private static void until(int wanted, Count count) {
        while (count.get() != wanted) {
            Thread.onSpinWait();
        }
    }

    private void send(TcpConnection to, long seed, int bytes, boolean wait) throws IOException {
        byte[] some = new byte[bytes];
        new Random(seed).nextBytes(some);
        if (wait) {
            to.write(some, 0, bytes);
        } else {
            for (int done = 0, count = 1; count > 0; done += count) {
                count = to.tryWrite(some, done, bytes - done);
            }
        }
    }

    private static void expect(TcpConnection from, long seed, int bytes) throws IOException {
        byte[] want = new byte[bytes];
        new Random(seed).nextBytes(want);
        byte[] have = new byte[bytes];
        for (int done = 0; done < bytes;) {
            int count = from.read(have, done, bytes - done);
            assertTrue(count > 0, "ended after " + done);
            done += count;
        }
        assertTrue(Arrays.equals(want, have), "other bytes than were sent");
    }

    @Test
    void whoHoardsBuffersSlowsHimselfAlone() throws Exception {
        now = GREEDY;
        TcpListener own = network.listen(IpAddress.ANY, 5001, 64);
        List<TcpConnection> sending = new ArrayList<>();
        List<TcpConnection> receiving = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sending.add(network.connect(IpAddress.LOOPBACK, 5001, 60 * SECOND));
            receiving.add(own.accept());
        }
        int bytes = 1 << 20;
        List<Thread> writers = new ArrayList<>();
        for (TcpConnection one : sending) { // nobody reads: both ends fill
            Thread writer = new Thread(() -> {
                try {
                    send(one, 7, bytes, true);
                    one.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();
            writers.add(writer);
        }
        while (held(GREEDY).bytes() < 50_000) {
            Thread.onSpinWait();
        }
        now = GOOD;
        TcpListener theirs = network.listen(IpAddress.ANY, 5002, 4);
        TcpConnection good = network.connect(IpAddress.LOOPBACK, 5002, 60 * SECOND);
        TcpConnection other = theirs.accept();
        Thread writer = new Thread(() -> {
            try {
                send(good, 9, 8 << 20, true);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        writer.start();
        expect(other, 9, 8 << 20);
        writer.join();
        assertTrue(held(GREEDY).bytes() <= GREEDY.limits().bytes(), () -> held(GREEDY).toString());
        for (TcpConnection one : receiving) { // it is slow, and nothing is lost
            expect(one, 7, bytes);
            assertTrue(held(GREEDY).bytes() <= GREEDY.limits().bytes(), () -> held(GREEDY).toString());
            assertEquals(-1, one.read(new byte[1], 0, 1));
        }
        for (Thread one : writers) {
            one.join();
        }
        for (int i = 0; i < 3; i++) {
            sending.get(i).close();
            receiving.get(i).close();
        }
        good.close();
        other.close();
        until(0, () -> (int) held(GREEDY).bytes());
        until(0, () -> held(GREEDY).connections());
    }

    @Test
    void whoGoesGivesEverythingBack() throws Exception {
        now = GOOD;
        TcpListener theirs = network.listen(IpAddress.ANY, 5001, 4);
        now = GREEDY;
        UdpEndpoint datagrams = network.bind(5005, "a", (_, _, _) -> true);
        TcpPort port = network.bindTcp(IpAddress.ANY, false, 5006, false);
        TcpListener listener = network.listen(IpAddress.ANY, 5007, 4);
        TcpConnection connection = network.connect(IpAddress.LOOPBACK, 5001, 60 * SECOND);
        TcpConnection other = theirs.accept();
        send(connection, 3, 100_000, true);
        CountDownLatch told = new CountDownLatch(2);
        AtomicReference<Object> read = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                read.set(connection.read(new byte[1], 0, 1));
            } catch (IOException e) {
                read.set(e);
            }
            told.countDown();
        });
        Thread accepter = new Thread(() -> {
            assertThrows(IOException.class, listener::accept);
            told.countDown();
        });
        reader.start();
        accepter.start();
        network.handles().gone(GREEDY.key(), SECOND * 60);
        assertTrue(told.await(60, TimeUnit.SECONDS));
        assertNotNull(read.get());
        now = GOOD;
        expect(other, 3, 100_000); // what was written still comes
        assertEquals(-1, other.read(new byte[1], 0, 1));
        other.close();
        network.bind(5005, "b", (_, _, _) -> true).close();
        network.bindTcp(IpAddress.ANY, false, 5006, true).close();
        network.listen(IpAddress.ANY, 5007, 4).close();
        assertThrows(IOException.class, () -> datagrams.send(IpAddress.LOOPBACK, 9, new byte[1], 0, 1));
        port.close();
        until(0, () -> held(GREEDY) == null ? 0 : held(GREEDY).connections());
        network.handles().gone(GREEDY.key(), SECOND * 60);
        assertEquals(null, held(GREEDY));
    }

    @Test
    void whoSendsToThoseWhoAreNotThereFillsNoMemory() throws IOException {
        Stack stack = new Stack(new PlainGraph(), new TcpEngine(), new NewReno(), 1, 1 << 16);
        int link = stack.add("eth0", 1, 1500, false, (_, _, _) -> {});
        stack.configure(link, IpAddress.parse("10.0.0.1"), 16);
        for (int i = 0; i < 5000; i++) {
            IpAddress to = IpAddress.of(10 << 24 | 1 << 8 | i % 2000 + 2);
            stack.udp.send(1, IpAddress.parse("10.0.0.1"), to, 2, new byte[10], 0, 10, 64, SECOND);
        }
        assertTrue(stack.buffersTaken() <= 1024, () -> stack.buffersTaken() + " buffers");
        for (int i = 1; i < 10; i++) {
            stack.poll((i + 1) * SECOND);
        }
        assertEquals(0, stack.buffersTaken());
        stack.close();
    }
}
