package bundles.unix.provider.inet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.socket.Credentials;
import bundles.unix.provider.socket.Receiving;
import bundles.unix.provider.socket.Sending;
import bundles.unix.provider.socket.Socket;
import hw.alpha.device.SystemClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.machine.Clock;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.StrandService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets when the network goes: whoever waits is told, nobody waits for ever. What they do otherwise, programs test. */
@Timeout(30)
class InetSocketsTest {

    private final Clock clock = new SystemClock();
    private final PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, StrandService.standalone(1),
            new TcpEngine(), new NewReno());
    private final KernelInternet internet = new KernelInternet(network);
    private boolean stopped;

    /** Says when something waits with it. */
    private static final class Waits implements Waiter {

        private final CountDownLatch waits = new CountDownLatch(1);

        @Override
        public <T> T await(Wait<T> wait) throws IOException, ErrnoException {
            waits.countDown();
            try {
                return wait.run();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @AfterEach
    void stop() {
        if (!stopped) {
            network.close();
        }
    }

    private Socket socket(int type) throws ErrnoException {
        return internet.socket(Socket.AF_INET, type, 0, 0, clock, 7, "test");
    }

    private Socket listening() throws ErrnoException, IOException {
        Socket server = socket(Socket.STREAM);
        server.bind(InetAddress.bytes(IpAddress.LOOPBACK, 0), null);
        server.listen(5, null);
        return server;
    }

    /** Something that a program calls. */
    private interface Call {
        int run(Waiter waiter) throws IOException, ErrnoException;
    }

    /** Calls, stops the network when the call waits, and tells what it answered. */
    private Object answerWhenStopped(Call call) throws Exception {
        var waiter = new Waits();
        var answer = new CompletableFuture<Object>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(call.run(waiter));
            } catch (ErrnoException e) {
                answer.complete(e.errno());
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        assertTrue(waiter.waits.await(10, TimeUnit.SECONDS), "it should wait");
        network.close();
        stopped = true;
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static Receiving room() {
        return new Receiving(new byte[10], 0, 10, false);
    }

    private static Sending some() {
        return new Sending(new byte[]{1, 2, 3}, 0, 3, Credentials.NONE);
    }

    @Test
    void whoReadsAConnectionIsToldOnce() throws Exception {
        Socket server = listening();
        Socket client = socket(Socket.STREAM);
        client.connect(new Waits(), server.local(), null);
        assertEquals(Errno.ENETDOWN, answerWhenStopped(waiter -> client.receive(waiter, room(), true)));
        assertEquals(0, client.receive(new Waits(), room(), true));
        assertEquals(Events.HANG_UP | Events.READ_HANG_UP, client.events() & (Events.ALWAYS | Events.READ_HANG_UP));
        client.release();
        server.release();
    }

    @Test
    void whoWaitsForAConnectionIsTold() throws Exception {
        Socket server = listening();
        assertEquals(Errno.ENETDOWN, answerWhenStopped(waiter -> {
            server.accept(waiter, 0);
            return 0;
        }));
        server.release();
    }

    @Test
    void whoWaitsForADatagramIsTold() throws Exception {
        Socket socket = socket(Socket.DATAGRAM);
        socket.bind(InetAddress.bytes(IpAddress.ANY, 0), null);
        assertEquals(Errno.ENETDOWN, answerWhenStopped(waiter -> socket.receive(waiter, room(), true)));
        socket.release();
    }

    @Test
    void whoAsksANetworkThatWasStoppedIsTold() throws Exception {
        Network gone = (Network) Proxy.newProxyInstance(Network.class.getClassLoader(), new Class<?>[]{Network.class},
                (proxy, method, arguments) -> {
                    throw new NoHandlerException("stopped");
                });
        Socket socket = new KernelInternet(gone).socket(Socket.AF_INET, Socket.DATAGRAM, 0, 0, clock, 7, "test");
        byte[] address = InetAddress.bytes(IpAddress.parse("10.0.0.1"), 7);
        assertEquals(Errno.ENETDOWN, assertThrows(ErrnoException.class, () -> socket.bind(address, null)).errno());
        assertEquals(Errno.ENETDOWN,
                assertThrows(ErrnoException.class, () -> socket.connect(new Waits(), address, null)).errno());
        socket.release();
    }

    @Test
    void watchersLearnOfDataAndOfTheEnd() throws Exception {
        Socket server = listening();
        Socket client = socket(Socket.STREAM);
        client.connect(new Waits(), server.local(), null);
        Socket accepted = server.accept(new Waits(), 0);
        var told = new java.util.concurrent.atomic.AtomicInteger();
        accepted.watch(told::incrementAndGet);
        assertEquals(0, accepted.events() & Events.IN);
        client.send(new Waits(), some(), true);
        assertTrue(told.get() > 0);
        assertEquals(Events.IN, accepted.events() & Events.IN);
        assertEquals(3, accepted.receive(new Waits(), room(), true));
        client.release();
        assertEquals(Events.READ_HANG_UP, accepted.events() & Events.READ_HANG_UP);
        assertEquals(0, accepted.receive(new Waits(), room(), true));
        accepted.release();
        server.release();
    }

    @Test
    void portsAreGivenBack() throws Exception {
        Socket server = listening();
        byte[] address = server.local();
        server.release();
        Socket next = socket(Socket.STREAM);
        next.bind(address, null);
        next.release();
        Socket datagrams = socket(Socket.DATAGRAM);
        datagrams.bind(address, null);
        datagrams.release();
        assertFalse(network.endpoints().stream().anyMatch(one -> one.state().equals("LISTEN")));
    }
}
