package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.UdpEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import run.itest.exam.PaxExam;

/** A bundle that wants all of the network and what is others' of it: what it gets, what it does not, and that nobody else suffers. */
@ExtendWith(PaxExam.class)
@Timeout(180)
@SuppressWarnings("try") // what is held open is not always called
class GrabberIT {

    private static final long SECOND = 1_000_000_000L;
    private static final String[] CLASSES = {"Grabber", "Grabber$Attempt", "Grabber$Spy", "Grabber$Slow"};

    @Inject
    private BundleContext context;
    @Inject
    private Network network;
    private Bundle bundle;
    private UnaryOperator<String> grabber;

    @BeforeEach
    @SuppressWarnings("unchecked")
    void install() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "grabber");
        manifest.getMainAttributes().putValue("Bundle-Activator", "run.itest.guest.Grabber");
        manifest.getMainAttributes().putValue("Import-Package", "org.osgi.framework,kernel.core.dispatch,"
                + "kernel.core.machine,kernel.ext.net.api,kernel.ext.net.api.tcp");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (String one : CLASSES) {
                String entry = "run/itest/guest/" + one + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = GrabberIT.class.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(jar);
                }
            }
        }
        bundle = context.installBundle("grabber", new ByteArrayInputStream(bytes.toByteArray()));
        bundle.start();
        grabber = (UnaryOperator<String>) context.getService(
                context.getServiceReferences(UnaryOperator.class, "(guest=grabber)").iterator().next());
    }

    @AfterEach
    void uninstall() throws Exception {
        bundle.uninstall();
    }

    private Network.Holder held() {
        return network.holders().stream().filter(one -> one.name().equals("grabber")).findFirst().orElse(null);
    }

    private void until(int wanted, java.util.function.ToIntFunction<Network.Holder> count) throws InterruptedException {
        while (held() != null && count.applyAsInt(held()) != wanted) {
            Thread.sleep(10);
        }
    }

    @Test
    void itGetsItsShareAndIsToldSo() throws Exception {
        try (TcpListener listener = network.listen(IpAddress.ANY, 7200, 64)) {
            String ports = grabber.apply("ports");
            assertTrue(
                    ports.startsWith("50 grabber holds 50 ports, and may hold 50: ")
                            && ports.contains("spin.net.ports"),
                    ports);
            String connections = grabber.apply("connections 7200");
            assertTrue(connections.startsWith("20 grabber holds 20 connections, and may hold 20: "), connections);
            try (UdpEndpoint other = network.bind(0, "other", (_, _, _) -> true);
                    TcpConnection well = network.connect(IpAddress.LOOPBACK, 7200, 60 * SECOND)) {
                well.write(new byte[10], 0, 10);
                assertTrue(other.port() > 0);
            }
        }
    }

    @Test
    void itFillsItsOwnBuffersAlone() throws Exception {
        try (TcpListener listener = network.listen(IpAddress.ANY, 7201, 64)) {
            long written = Long.parseLong(grabber.apply("fill 7201"));
            assertTrue(written < 10 << 20, () -> written + " bytes of 10 MB");
            assertTrue(held().bytes() <= held().most(), () -> held().toString());
            assertEquals(1 << 20, held().most());
            byte[] mine = new byte[1 << 20];
            try (TcpListener other = network.listen(IpAddress.ANY, 7202, 4);
                    TcpConnection well = network.connect(IpAddress.LOOPBACK, 7202, 60 * SECOND);
                    TcpConnection end = other.accept()) {
                Thread writer = Thread.ofVirtual().start(() -> {
                    try {
                        well.write(mine, 0, mine.length);
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                assertArrayEquals(mine, readAll(end, mine.length));
                writer.join();
            }
        }
    }

    private static byte[] readAll(TcpConnection from, int count) throws java.io.IOException {
        byte[] all = new byte[count];
        for (int done = 0; done < count;) {
            done += from.read(all, done, count - done);
        }
        return all;
    }

    @Test
    void itHasNothingOfWhatIsOthers() throws Exception {
        var adapter = context.getServiceReferences(NetworkAdapter.class, null);
        try (UdpEndpoint datagrams = network.bind(7203, "mine", (_, _, _) -> true);
                TcpListener listener = network.listen(IpAddress.ANY, 7204, 4);
                TcpPort port = network.bindTcp(IpAddress.ANY, false, 7205, false);
                TcpConnection one = network.connect(IpAddress.LOOPBACK, 7204, 60 * SECOND);
                TcpConnection end = listener.accept()) {
            for (String attempt : List.of("datagrams 7203", "listen 7204", "take 7204", "divert 7204", "take 7205")) {
                String became = grabber.apply(attempt);
                assertTrue(became.contains("taken") || became.contains("Somebody listens"), attempt + ": " + became);
            }
            for (int type : new int[]{0x800, 0x806, 0x86DD}) {
                String became = grabber.apply("frames " + type);
                assertTrue(became.contains("no Ethernet type for applications"), became);
            }
            String segments = grabber.apply("segments");
            assertTrue(segments.contains("may not bind") && segments.contains("TcpProtocol"), segments);
            String window = grabber.apply("window");
            assertTrue(window.contains("may not bind") && window.contains("CongestionControl"), window);
            assertEquals("[]", grabber.apply("capture"));
            assertEquals("[]", grabber.apply("adapters"), () -> "of " + adapter.size());
            one.write(new byte[]{1, 2, 3}, 0, 3);
            assertArrayEquals(new byte[]{1, 2, 3}, readAll(end, 3));
            assertEquals("0", grabber.apply("seen"));
        }
    }

    @Test
    void whatItHadIsThereForOthersWhenItIsGone() throws Exception {
        try (TcpListener listener = network.listen(IpAddress.ANY, 7206, 64)) {
            assertTrue(grabber.apply("datagrams 7207").startsWith("got "));
            assertTrue(grabber.apply("listen 7208").startsWith("got "));
            assertTrue(grabber.apply("frames " + 0x88B5).startsWith("got "));
            grabber.apply("fill 7206");
            grabber.apply("ports");
            bundle.stop();
            network.bind(7207, "other", (_, _, _) -> true).close();
            network.listen(IpAddress.ANY, 7208, 4).close();
            network.bindEthernet(0x88B5, "other", (_, _, _) -> true).close();
            until(0, Network.Holder::ports);
            for (int i = 0; i < 10; i++) { // what it had written comes still, then the end
                try (TcpConnection end = listener.accept()) {
                    byte[] some = new byte[1 << 16];
                    int count = 0;
                    while (count >= 0) {
                        count = end.read(some, 0, some.length);
                    }
                }
            }
            until(0, Network.Holder::connections);
        }
    }
}
