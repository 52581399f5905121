package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.inject.Inject;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Dispatcher;
import kernel.core.handoff.Handoff;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpReceive;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.api.tcp.CongestionControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import run.itest.exam.Kernel;
import run.itest.exam.PaxExam;

/** The network in the kernel: applications on it, protocols exchanged under them, and bundles that want what is not theirs. */
@ExtendWith(PaxExam.class)
@Timeout(120)
@SuppressWarnings("try") // what is held open is not always called
class NetworkIT {

    private static final long SECOND = 1_000_000_000L;

    @Inject
    private BundleContext context;
    @Inject
    private Network network;
    @Inject
    private Dispatcher dispatcher;

    private static byte[] payload(kernel.ext.net.api.Packet packet) {
        int at = packet.transport();
        byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
        packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void datagramsReachTheirPortAndNoOther() throws Exception {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        try (UdpEndpoint a = network.bind(5001, "a", (p, _, _) -> first.add(new String(payload(p))));
                UdpEndpoint b = network.bind(5002, "b", (p, _, _) -> second.add(new String(payload(p))))) {
            byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
            a.send(IpAddress.LOOPBACK, 5002, hello, 0, 5);
            b.send(IpAddress.LOOPBACK, 5001, hello, 0, 4);
            assertEquals(List.of("hell"), first);
            assertEquals(List.of("hello"), second);
            assertThrows(IOException.class, () -> network.bind(5001, "c", (_, _, _) -> true));
        }
        network.bind(5001, "c", (_, _, _) -> true).close();
    }

    @Test
    void nobodySnoops() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        for (String port : new String[]{"5001", null}) {
            Binding<UdpReceive> spy = Binding.handler(UdpReceive.class, (_, _, _) -> seen.incrementAndGet() < 0)
                    .order(Binding.FIRST).name("spy");
            BindingException refused = assertThrows(BindingException.class,
                    () -> dispatcher.bind(port == null ? spy : spy.key("port", 5001)));
            assertTrue(refused.getMessage().contains("UdpReceive"), refused::getMessage);
        }
        assertThrows(BindingException.class,
                () -> dispatcher.bind(Binding.handler(IpReceive.class, (_, _, _) -> seen.incrementAndGet() < 0)));
        assertThrows(BindingException.class,
                () -> dispatcher.bind(Binding.handler(EthernetReceive.class, (_, _, _) -> seen.incrementAndGet() < 0)));
        var registered = context.registerService(UdpReceive.class, (_, _, _) -> seen.incrementAndGet() < 0,
                new java.util.Hashtable<>(java.util.Map.of(Binding.ROLE, Binding.HANDLER)));
        try (UdpEndpoint a = network.bind(5001, "a", (_, _, _) -> true)) {
            a.send(IpAddress.LOOPBACK, 5001, new byte[3], 0, 3);
            assertEquals(0, seen.get());
        } finally {
            registered.unregister();
        }
    }

    @Test
    void nobodySpoofs() throws Exception {
        AtomicReference<String> from = new AtomicReference<>();
        AtomicInteger came = new AtomicInteger();
        try (UdpEndpoint a = network.bind(5001, "a", (p, _, _) -> {
            from.set(p.source() + ":" + Udp.source(p, p.transport()));
            return came.incrementAndGet() > 0;
        }); UdpEndpoint b = network.bind(5003, "b", (_, _, _) -> true)) {
            b.send(IpAddress.LOOPBACK, 5001, new byte[3], 0, 3);
            assertEquals("127.0.0.1:5003", from.get());
            // a datagram that nobody sent: the nodes' events can be raised, but not for a packet that no interface brought
            byte[] forged = new byte[64];
            PacketBuffer buffer = new PacketBuffer().wrap(forged, 0, forged.length);
            buffer.arrived(0, 0, true);
            buffer.transport(20, 64);
            assertFalse(dispatcher.stub(UdpReceive.class).received(buffer.packet(), 5001, 0));
            for (int protocol : new int[]{1, 6, 17}) {
                assertFalse(dispatcher.stub(IpReceive.class).received(buffer.packet(), protocol, 0));
            }
            assertFalse(dispatcher.stub(EthernetReceive.class).received(buffer.packet(), 0x800, 0));
            assertEquals(1, came.get());
        }
    }

    @Test
    void aHandlerThatFailsHarmsNobodyElse() throws Exception {
        AtomicInteger well = new AtomicInteger();
        try (UdpEndpoint bad = network.bind(5001, "bad", (_, _, _) -> {
            throw new IllegalStateException("on purpose");
        }); UdpEndpoint good = network.bind(5002, "good", (_, _, _) -> well.incrementAndGet() > 0)) {
            for (int i = 0; i < 3; i++) {
                try {
                    good.send(IpAddress.LOOPBACK, 5001, new byte[1], 0, 1);
                } catch (IllegalStateException e) {
                    assertEquals("on purpose", e.getMessage());
                }
                good.send(IpAddress.LOOPBACK, 5002, new byte[1], 0, 1);
            }
            assertEquals(3, well.get());
            assertEquals("reply", network.ping(IpAddress.LOOPBACK, 64, 100, SECOND).what());
            bad.send(IpAddress.LOOPBACK, 5002, new byte[1], 0, 1);
        }
    }

    private Bundle bundle(String name) {
        return Stream.of(context.getBundles()).filter(b -> b.getSymbolicName().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void tcpAndItsCongestionControlAreExchangedInTheMiddleOfATransfer() throws Exception {
        int bytes = 40 << 20;
        TcpListener listener = network.listen(IpAddress.ANY, 5004, 4);
        AtomicReference<String> wrong = new AtomicReference<>();
        Thread sink = new Thread(() -> {
            Random expected = new Random(9);
            byte[] want = new byte[1 << 16];
            byte[] some = new byte[1 << 16];
            try {
                TcpConnection connection = listener.accept();
                int have = 0;
                long total = 0;
                int count;
                while ((count = connection.read(some, have, some.length - have)) > 0) {
                    have += count;
                    total += count;
                    if (have == some.length) {
                        expected.nextBytes(want);
                        if (!java.util.Arrays.equals(want, some)) {
                            wrong.set("bytes before " + total);
                        }
                        have = 0;
                    }
                }
                if (total != bytes) {
                    wrong.set(total + " bytes came");
                }
            } catch (IOException e) {
                wrong.set(e.toString());
            }
        });
        sink.start();
        Thread changer = new Thread(() -> {
            try {
                Bundle cubic = context.installBundle(
                        Kernel.ASSEMBLY.resolve("policies/kernel.ext.net.cubic.jar").toUri().toString());
                for (int i = 0; i < 5; i++) {
                    Thread.sleep(30);
                    bundle("kernel.ext.net.tcp").update();
                    cubic.start();
                    Thread.sleep(30);
                    cubic.stop();
                }
                cubic.uninstall();
            } catch (Exception e) {
                wrong.set(e.toString());
            }
        });
        TcpConnection connection = network.connect(IpAddress.LOOPBACK, 5004, 10 * SECOND);
        changer.start();
        Random source = new Random(9);
        byte[] some = new byte[1 << 16];
        for (int sent = 0; sent < bytes; sent += some.length) {
            source.nextBytes(some);
            connection.write(some, 0, some.length);
            if (sent % (1 << 20) == 0) {
                Thread.sleep(10); // so that it takes longer than the changes
            }
        }
        connection.shutdownOutput();
        sink.join();
        changer.join();
        assertNull(wrong.get());
        connection.close();
        listener.close();
        assertEquals("TcpEngine, NewReno", bound("TcpProtocol.segment") + ", " + bound(
                CongestionControl.class.getSimpleName() + ".lost"));
    }

    private String bound(String event) {
        return dispatcher.events().stream().filter(e -> e.name().endsWith("." + event)).findFirst().orElseThrow()
                .bindings().getFirst().name();
    }

    /** An adapter on no wire. */
    private static final class Loose implements NetworkAdapter {
        @Override
        public String name() {
            return "loose0";
        }

        @Override
        public long address() {
            return 0x0800_2B00_0042L;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public boolean intact() {
            return false;
        }

        @Override
        public void transmit(byte[] frame, int offset, int length) {
            // nobody hears it
        }

        @Override
        public void connect(Receiver receiver) {
            // nothing comes
        }
    }

    private Network present() throws Exception {
        ServiceTracker<Network, Network> tracker = new ServiceTracker<>(context, Network.class, null);
        tracker.open();
        Network found = tracker.waitForService(20_000);
        tracker.close();
        assertNotNull(found);
        return context.getService(context.getServiceReference(Network.class));
    }

    private static String address(Network network) {
        return network.addresses().stream().filter(one -> one.by().equals("loose0") && one.address().isV4())
                .map(one -> one.address() + "/" + one.prefix()).findFirst().orElse("none");
    }

    @Test
    void whatWasSetOutlivesTheUpdateOfTheProvider() throws Exception {
        var registered = context.registerService(NetworkAdapter.class, new Loose(),
                new java.util.Hashtable<>(java.util.Map.of(NetworkAdapter.NETWORK, NetworkAdapter.KERNEL,
                        NetworkAdapter.ADDRESS, "10.44.0.1/24")));
        try {
            Network before = present();
            while (!address(before).equals("10.44.0.1/24")) {
                Thread.sleep(10);
            }
            before.configure("loose0", IpAddress.parse("10.55.0.1"), 16);
            before.addRoute(IpAddress.parse("10.66.0.0"), 16, IpAddress.parse("10.55.0.2"));
            for (int i = 0; i < 2; i++) {
                bundle("kernel.ext.net.provider").update();
                Network after = present();
                while (!address(after).equals("10.55.0.1/16")) {
                    Thread.sleep(10);
                }
                assertTrue(after.routes().contains(new Network.Route(IpAddress.parse("10.66.0.0"), 16,
                        IpAddress.parse("10.55.0.2"), "loose0")), () -> after.routes().toString());
            }
        } finally {
            registered.unregister();
        }
    }

    @Test
    void whatIsHandedOverIsNobodyElsesAndOfTypesThatStay() {
        Handoff own = context.getService(context.getServiceReference(Handoff.class));
        Handoff other = bundle("bundles.shell").getBundleContext()
                .getService(bundle("bundles.shell").getBundleContext().getServiceReference(Handoff.class));
        own.leave("state", List.of("mine"));
        assertNull(other.take("state"));
        assertEquals(List.of("mine"), own.take("state"));
        assertNull(own.take("state"));
        assertThrows(IllegalArgumentException.class, () -> own.leave("state", new Loose()));
    }
}
