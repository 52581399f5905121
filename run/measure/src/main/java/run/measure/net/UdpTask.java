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
 * In the kernel, through the dispatcher: an application sends 16 bytes to another, which sends them back. Arguments: numbers of endpoints that
 * there are in all, with commas between; milliseconds to measure each. They are measured by turns in one virtual machine, so that what
 * else the host does, and what its compilers made of the code, is the same for all. Prints nanoseconds of a round trip for each, and
 * bytes allocated by one with the first number.
 */
public final class UdpTask implements Task {

    private static final int BATCH = 2000;
    private static final int ECHO = 7;
    private static final int ROUNDS = 5;
    /** Nanoseconds until the code is compiled, and after the number of endpoints has changed. */
    private static final long WARM = TimeUnit.SECONDS.toNanos(6), SETTLE = TimeUnit.MILLISECONDS.toNanos(200);

    /** Named in META-INF/services. */
    public UdpTask() {}

    private UdpEndpoint echo;
    private final List<UdpEndpoint> idle = new ArrayList<>();
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
        echo = network.bind(ECHO, "echo", this::echo);
        UdpEndpoint client = network.bind(0, "client", (_, _, _) -> {
            answered++;
            return true;
        });
        int[] counts = Arrays.stream(arguments.get(0).split(",")).mapToInt(Integer::parseInt).toArray();
        long span = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(1))) / ROUNDS;
        double[][] trips = new double[counts.length][ROUNDS];
        run(client, WARM);
        for (int round = 0; round < ROUNDS; round++) {
            for (int k = 0; k < counts.length; k++) {
                idle(network, counts[k]);
                run(client, round == 0 ? WARM / 2 : SETTLE);
                trips[k][round] = median(run(client, span));
            }
        }
        idle(network, counts[0]);
        run(client, SETTLE);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
            batch(client);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        StringBuilder said = new StringBuilder();
        for (double[] of : trips) {
            said.append(median(of)).append(' ');
        }
        System.out.println(said + "" + bytes / (10.0 * BATCH) + " " + Arrays.hashCode(answer));
        return 0;
    }

    /** There are so many endpoints in all, most of which do nothing. */
    private void idle(Network network, int all) throws IOException {
        while (idle.size() > Math.max(0, all - 2)) {
            idle.removeLast().close();
        }
        while (idle.size() < all - 2) {
            idle.add(network.bind(0, "idle " + idle.size(), (_, _, _) -> false));
        }
    }

    private double[] run(UdpEndpoint client, long time) throws IOException {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + time;
        do {
            times.add(batch(client));
        } while (System.nanoTime() < end);
        return times.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double median(double[] of) {
        double[] sorted = of.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
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
