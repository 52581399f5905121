package run.measure.net;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import run.measure.kernel.Task;

/**
 * In the kernel, through the dispatcher: an application sends 16 bytes to another, which sends them back. Arguments: how many endpoints there
 * are in all, milliseconds to measure. Prints nanoseconds a round trip and bytes allocated by one.
 */
public final class UdpTask implements Task {

    private static final int BATCH = 2000;
    private static final int ECHO = 7;

    /** Named in META-INF/services. */
    public UdpTask() {}

    private UdpEndpoint echo;
    private final byte[] answer = new byte[16];
    private final byte[] question = new byte[16];
    private long answered;

    private boolean echo(Packet packet, int port, long now) {
        int at = packet.transport();
        packet.copyTo(at + Udp.LENGTH, answer, 0, answer.length);
        try {
            echo.send(IpAddress.LOOPBACK, Udp.source(packet, at), answer, 0, answer.length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return true;
    }

    @Override
    public int run(BundleContext context, List<String> arguments) throws Exception {
        ServiceTracker<Network, Network> tracker = new ServiceTracker<>(context, Network.class, null);
        tracker.open();
        Network network = tracker.waitForService(TimeUnit.SECONDS.toMillis(20));
        if (network == null) {
            throw new IllegalStateException("there is no service Network");
        }
        for (int i = 2; i < Integer.parseInt(arguments.get(0)); i++) {
            network.bind(0, "idle " + i, (_, _, _) -> false);
        }
        echo = network.bind(ECHO, "echo", this::echo);
        UdpEndpoint client = network.bind(0, "client", (_, _, _) -> {
            answered++;
            return true;
        });
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
        while (System.nanoTime() < end) { // warm-up
            batch(client);
        }
        List<Double> times = new ArrayList<>();
        end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(1)));
        while (System.nanoTime() < end) {
            times.add(batch(client));
        }
        double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
            batch(client);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        System.out.println(sorted[sorted.length / 2] + " " + bytes / (10.0 * BATCH) + " " + Arrays.hashCode(answer));
        return 0;
    }

    private double batch(UdpEndpoint client) throws IOException {
        long before = answered;
        long start = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            question[0] = (byte) i;
            client.send(IpAddress.LOOPBACK, ECHO, question, 0, question.length);
        }
        long took = System.nanoTime() - start;
        if (answered - before != BATCH) {
            throw new IllegalStateException("of " + BATCH + " datagrams " + (answered - before) + " were answered");
        }
        return (double) took / BATCH;
    }
}
