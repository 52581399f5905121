package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.inject.Inject;
import kernel.core.dispatch.Binding;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.UdpEndpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.util.tracker.ServiceTracker;
import run.itest.exam.PaxExam;

/** The bundle of the network below TCP is updated, and stopped, while applications hold connections and ports. */
@ExtendWith(PaxExam.class)
@Timeout(120)
class NetworkUpdateIT {

    private static final long SECOND = 1_000_000_000L;

    @Inject
    private BundleContext context;
    private Network network;

    @BeforeEach
    void find() throws Exception {
        Filter filter = context
                .createFilter("(&(objectClass=" + Network.class.getName() + ")" + Binding.STUB_ONLY + ")");
        ServiceTracker<Network, Network> tracker = new ServiceTracker<>(context, filter, null);
        tracker.open();
        network = tracker.waitForService(20_000);
        assertNotNull(network);
    }

    private Bundle provider() {
        return Stream.of(context.getBundles()).filter(b -> b.getSymbolicName().equals("kernel.ext.net.provider"))
                .findFirst().orElseThrow();
    }

    private static void copy(TcpConnection from, TcpConnection to) {
        byte[] some = new byte[1 << 14];
        try {
            int count;
            while ((count = from.read(some, 0, some.length)) > 0) {
                to.write(some, 0, count);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            to.abort();
        }
    }

    private static String received(TcpConnection from, int bytes) throws IOException {
        Random expected = new Random(9);
        byte[] some = new byte[1 << 16];
        byte[] want = new byte[1 << 16];
        for (int total = 0; total < bytes; total += some.length) {
            int have = 0;
            while (have < some.length) {
                int count = from.read(some, have, some.length - have);
                if (count < 0) {
                    return "it ended after " + (total + have) + " bytes";
                }
                have += count;
            }
            expected.nextBytes(want);
            if (!Arrays.equals(want, some)) {
                return "bytes after " + total + " are wrong";
            }
        }
        return from.read(some, 0, 1) < 0 ? null : "more came";
    }

    @Test
    void aTransferGoesOnUnderStacksThatFollowEachOther() throws Exception {
        int bytes = 20 << 20;
        for (IpAddress address : new IpAddress[]{IpAddress.LOOPBACK, IpAddress.LOOPBACK6}) {
            TcpListener listener = network.listen(IpAddress.ANY6, 6001, 4);
            CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> {
                try {
                    TcpConnection one = listener.accept();
                    copy(one, one);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            TcpConnection connection = network.connect(address, 6001, 10 * SECOND);
            AtomicInteger done = new AtomicInteger();
            CompletableFuture<Void> source = CompletableFuture.runAsync(() -> {
                Random random = new Random(9);
                byte[] some = new byte[1 << 16];
                try {
                    for (int sent = 0; sent < bytes; sent += some.length) {
                        random.nextBytes(some);
                        connection.write(some, 0, some.length);
                        done.set(sent);
                        if (sent > bytes / 4) {
                            Thread.sleep(1); // so that much is left when the updates come
                        }
                    }
                    connection.shutdownOutput();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            CompletableFuture<String> sink = CompletableFuture.supplyAsync(() -> {
                try {
                    return received(connection, bytes);
                } catch (IOException e) {
                    return e.toString();
                }
            });
            for (int i = 1; i < 4; i++) {
                while (done.get() < bytes / 8 * i && !source.isDone()) {
                    Thread.sleep(1);
                }
                provider().update();
            }
            assertNull(sink.get());
            source.get();
            echo.get();
            connection.close();
            listener.close();
        }
    }

    @Test
    void whatApplicationsHoldIsOfUseAfterwards() throws Exception {
        AtomicInteger datagrams = new AtomicInteger();
        AtomicReference<NetworkException> trouble = new AtomicReference<>();
        AtomicInteger told = new AtomicInteger();
        UdpEndpoint endpoint = network.bind(6002, "held", (_, _, _) -> datagrams.incrementAndGet() > 0);
        endpoint.onTrouble(trouble::set);
        TcpPort port = network.bindTcp(IpAddress.ANY, false, 6003, false);
        TcpPort idle = network.bindTcp(IpAddress.ANY, false, 6006, false);
        TcpListener listener = port.listen(4);
        listener.watch(told::incrementAndGet);
        EthernetEndpoint type = network.bindEthernet(0x88B6, "held", (_, _, _) -> true);
        Diversion door = network.divert(17, 6004, 10, "held", (_, _, _) -> true);
        TcpConnection early = network.connect(IpAddress.LOOPBACK, 6003, 10 * SECOND); // nobody has accepted it
        CompletableFuture<TcpConnection> accepted = new CompletableFuture<>();
        TcpConnection[] first = {listener.accept()};
        Thread waiting = new Thread(() -> {
            try {
                accepted.complete(listener.accept());
            } catch (IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        waiting.start();
        provider().update();
        early.write(new byte[]{1, 2, 3}, 0, 3);
        assertEquals(3, first[0].read(new byte[8], 0, 8));
        endpoint.send(IpAddress.LOOPBACK, 6002, new byte[1], 0, 1);
        assertEquals(1, datagrams.get());
        assertNull(trouble.get());
        int before = told.get();
        TcpConnection late = network.connect(IpAddress.LOOPBACK, 6003, 10 * SECOND);
        late.write(new byte[]{4}, 0, 1);
        assertEquals(1, accepted.get().read(new byte[8], 0, 8));
        assertTrue(told.get() > before);
        assertThrows(IOException.class, () -> network.bind(6002, "again", (_, _, _) -> true));
        assertThrows(IOException.class, () -> network.bindTcp(IpAddress.ANY, false, 6006, false));
        assertThrows(IOException.class, () -> network.bindEthernet(0x88B6, "again", (_, _, _) -> true));
        assertThrows(IOException.class, () -> network.bind(6004, "again", (_, _, _) -> true));
        assertThrows(IOException.class, () -> network.bind(door.firstBack(), "again", (_, _, _) -> true));
        for (AutoCloseable one : new AutoCloseable[]{endpoint, port, idle, type, door, early, late, first[0],
                accepted.get()}) {
            one.close();
        }
        network.bind(6002, "again", (_, _, _) -> true).close();
        network.bind(6004, "again", (_, _, _) -> true).close();
        network.bindTcp(IpAddress.ANY, false, 6006, false).close();
        network.bindEthernet(0x88B6, "again", (_, _, _) -> true).close();
    }

    @Test
    void whoHasClosedMeanwhileIsGone() throws Exception {
        UdpEndpoint endpoint = network.bind(6005, "held", (_, _, _) -> true);
        TcpListener listener = network.listen(IpAddress.ANY, 6005, 4);
        TcpConnection connection = network.connect(IpAddress.LOOPBACK, 6005, 10 * SECOND);
        TcpConnection other = listener.accept();
        provider().stop();
        endpoint.close();
        listener.close();
        connection.write(new byte[]{7}, 0, 1); // there is room
        connection.close();
        provider().start();
        byte[] one = new byte[4];
        assertEquals(1, other.read(one, 0, 4));
        assertEquals(-1, other.read(one, 0, 4));
        other.close();
        network.bind(6005, "again", (_, _, _) -> true).close();
        network.listen(IpAddress.ANY, 6005, 4).close();
    }

    @Test
    void whoWaitsLearnsThatTheNetworkWasStopped() throws Exception {
        TcpListener listener = network.listen(IpAddress.ANY, 5005, 4);
        TcpConnection connection = network.connect(IpAddress.LOOPBACK, 5005, 10 * SECOND);
        UdpEndpoint endpoint = network.bind(5006, "held", (_, _, _) -> true);
        CountDownLatch down = new CountDownLatch(1);
        endpoint.onTrouble(_ -> down.countDown());
        assertNotNull(listener.accept());
        provider().stop();
        try {
            IOException said = assertThrows(IOException.class, () -> connection.read(new byte[1], 0, 1));
            assertEquals("The network was stopped", said.getMessage());
            assertThrows(IOException.class, listener::accept);
            down.await();
            assertThrows(IOException.class, () -> endpoint.send(IpAddress.LOOPBACK, 5006, new byte[1], 0, 1));
        } finally {
            provider().start();
        }
        assertEquals("reply", network.ping(IpAddress.LOOPBACK, 64, 100, SECOND).what());
        network.listen(IpAddress.ANY, 5005, 4).close();
    }
}
