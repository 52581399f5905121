package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.device.SystemClock;
import hw.alpha.device.net.Wires;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Pcapng;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;

/**
 * Linux's own stack in a network namespace at 10.77.0.1 and fd77::1, and ours on its TAP device at 10.77.0.2 and fd77::2, as a plain Java program without OSGi
 * uses it. What goes over the wire is kept in a file.
 */
final class LinuxPeer implements AutoCloseable {

    static final IpAddress LINUX = IpAddress.parse("10.77.0.1"), OURS = IpAddress.parse("10.77.0.2");
    static final IpAddress LINUX6 = IpAddress.parse("fd77::1"), OURS6 = IpAddress.parse("fd77::2");

    private final String namespace = "spin" + ThreadLocalRandom.current().nextInt(1 << 20);
    final HostStrands strands = new HostStrands();
    final Clock clock = new SystemClock();
    final PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
    final Path captured = Files.createTempFile("spin-tap", ".pcapng");
    private final Wires.Fitted wire;
    /** What comes by the wire, and what tests let come. */
    final Injector adapter;
    /** Whether something is wrong with the wire. */
    final boolean bad;
    private final OutputStream out = new BufferedOutputStream(Files.newOutputStream(captured), 1 << 16);
    private final Capture.Watching watching;

    LinuxPeer() throws IOException, InterruptedException {
        this("");
    }

    /** @param options of the wire, as {@code run/spin --net} takes them: {@code ,loss=3%} */
    LinuxPeer(String options) throws IOException, InterruptedException {
        bad = !options.isEmpty();
        run("ip", "netns", "add", namespace);
        wire = Wires.ethernet("eth0", "tap:" + namespace + ",mac=08:00:2b:00:00:77" + options);
        adapter = new Injector(wire.adapter());
        run("ip", "link", "set", namespace, "netns", namespace);
        in("ip", "addr", "add", "10.77.0.1/24", "dev", namespace);
        in("ip", "addr", "add", "fd77::1/64", "dev", namespace, "nodad");
        in("ip", "link", "set", namespace, "up");
        in("ip", "link", "set", "lo", "up");
        Pcapng file = new Pcapng(out);
        watching = network.watch((by, sent, bytes, offset, length) -> {
            try {
                file.write(by, by.equals("lo") ? Pcapng.RAW : Pcapng.ETHERNET, clock.realTime(), sent, bytes, offset,
                        length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        network.attach(adapter);
        network.configure("eth0", OURS, 24);
        network.configure("eth0", OURS6, 64);
    }

    /** Waits until our address of IPv6 is known to be nobody else's. */
    LinuxPeer settled() throws InterruptedException {
        for (int i = 0; network.sourceFor(LINUX6) == null && i < 100; i++) {
            Thread.sleep(50);
        }
        return this;
    }

    /** Name of Linux's interface. */
    String link() {
        return namespace;
    }

    /** Starts a program in the namespace. */
    Process start(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(words));
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    /** Runs a program in the namespace to its end, which must be a good one; answers what it said. */
    String in(String... words) throws IOException, InterruptedException {
        return finish(start(words), words);
    }

    static String run(String... words) throws IOException, InterruptedException {
        return finish(new ProcessBuilder(words).redirectErrorStream(true).start(), words);
    }

    private static String finish(Process process, String... words) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> String.join(" ", words) + ": " + said);
        return said;
    }

    /** Ends the capture, and gives the file. */
    Path capture() throws IOException {
        watching.close();
        out.flush();
        return captured;
    }

    @Override
    public void close() throws IOException {
        network.detach(adapter);
        network.close();
        wire.close();
        new ProcessBuilder("ip", "netns", "del", namespace).start().onExit().join();
        out.close();
        Files.deleteIfExists(captured);
    }
}
