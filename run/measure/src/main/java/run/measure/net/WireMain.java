package run.measure.net;

import hw.alpha.device.SystemClock;
import hw.alpha.device.net.WireEnd;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;

/**
 * Two stacks in one process, in plain Java, on a wire within it. Arguments: {@code tcp} or {@code udp}, the wire's MTU, milliseconds. Prints
 * Gb/s of one connection, or nanoseconds of a round trip.
 */
public final class WireMain {

    private static final IpAddress A = IpAddress.parse("10.9.0.1"), B = IpAddress.parse("10.9.0.2");
    private static final int PORT = 9000;
    private static final int CHUNK = 1 << 18;

    private WireMain() {}

    /** Ends the virtual machine. */
    public static void main(String[] args) throws Exception {
        WireEnd[] ends = WireEnd.pair("a", 0x0800_2B00_0001L, "b", 0x0800_2B00_0002L, Integer.parseInt(args[1]));
        Strands strands = new HostStrands();
        PlainNetwork a = network(strands, ends[0], A);
        PlainNetwork b = network(strands, ends[1], B);
        long time = Long.parseLong(args[2]);
        System.out.println(args[0].equals("tcp") ? stream(strands, a, b, time) : echo(a, b, time));
        System.exit(0);
    }

    private static PlainNetwork network(Strands strands, WireEnd end, IpAddress address) throws IOException {
        PlainNetwork network = new PlainNetwork(new PlainGraph(), new SystemClock(), strands, new TcpEngine(),
                new NewReno());
        network.attach(end);
        network.configure(end.name(), address, 24);
        return network;
    }

    private static double stream(Strands strands, PlainNetwork a, PlainNetwork b, long time) throws Exception {
        TcpListener listener = b.listen(IpAddress.ANY, PORT, 1);
        strands.fork("sink", () -> {
            byte[] some = new byte[CHUNK];
            try {
                TcpConnection connection = listener.accept();
                long until = 0;
                long from = 0;
                long bytes = 0;
                int count;
                while ((count = connection.read(some, 0, some.length)) > 0) {
                    bytes += count;
                    if (some[0] == 1 && from == 0) { // warm: counted from here on
                        from = System.nanoTime();
                        bytes = 0;
                    }
                    until = System.nanoTime();
                }
                byte[] said = Double.toString(bytes * 8.0 / (until - from)).getBytes();
                connection.write(said, 0, said.length);
                connection.shutdownOutput();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        TcpConnection connection = a.connect(B, PORT, TimeUnit.SECONDS.toNanos(10));
        byte[] some = new byte[CHUNK];
        send(connection, some, TimeUnit.SECONDS.toNanos(5));
        java.util.Arrays.fill(some, (byte) 1);
        send(connection, some, TimeUnit.MILLISECONDS.toNanos(time));
        connection.shutdownOutput();
        int count = connection.read(some, 0, some.length);
        return Double.parseDouble(new String(some, 0, count));
    }

    private static void send(TcpConnection connection, byte[] some, long time) throws IOException {
        long end = System.nanoTime() + time;
        while (System.nanoTime() < end) {
            connection.write(some, 0, some.length);
        }
    }

    private static double echo(PlainNetwork a, PlainNetwork b, long time) throws Exception {
        byte[] answer = new byte[16];
        UdpEndpoint[] echo = new UdpEndpoint[1];
        echo[0] = b.bind(7, "echo", (packet, _, _) -> {
            int at = packet.transport();
            packet.copyTo(at + Udp.LENGTH, answer, 0, answer.length);
            try {
                echo[0].send(A, Udp.source(packet, at), answer, 0, answer.length);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        java.util.concurrent.Semaphore arrived = new java.util.concurrent.Semaphore(0);
        UdpEndpoint client = a.bind(0, "client", (_, _, _) -> {
            arrived.release();
            return true;
        });
        byte[] question = new byte[16];
        long start = 0;
        long trips = 0;
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        long end = warm + TimeUnit.MILLISECONDS.toNanos(time);
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            if (now >= warm && start == 0) {
                start = now;
                trips = 0;
            }
            client.send(B, 7, question, 0, question.length);
            arrived.acquire();
            trips++;
        }
        return (double) (System.nanoTime() - start) / trips;
    }
}
