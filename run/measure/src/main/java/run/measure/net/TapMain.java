package run.measure.net;

import hw.alpha.device.SystemClock;
import hw.alpha.device.net.Wires;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.StrandService;

/**
 * A stack on the TAP device {@code spin0} of the namespace that it is started in. Arguments: its address, then {@code sink PORT SKIP} or
 * {@code source ADDRESS PORT MS}, as of {@code run/peers/net.c}, whose other side it is.
 */
public final class TapMain {

    static final String DEVICE = "spin0";
    private static final int CHUNK = 1 << 18;

    private TapMain() {}

    /** Ends the virtual machine. */
    public static void main(String[] args) throws Exception {
        PlainNetwork network = new PlainNetwork(new PlainGraph(), new SystemClock(), StrandService.standalone(2),
                new TcpEngine(),
                new NewReno());
        network.attach(Wires.ethernet("eth0", "tap:" + DEVICE).adapter());
        network.configure("eth0", IpAddress.parse(args[0]), 24);
        if (args[1].equals("sink")) {
            sink(network, Integer.parseInt(args[2]), TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[3])));
        } else {
            source(network, IpAddress.parse(args[2]), Integer.parseInt(args[3]),
                    TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[4])));
        }
        System.exit(0);
    }

    private static void sink(PlainNetwork network, int port, long skip) throws IOException {
        TcpConnection connection = network.listen(IpAddress.ANY, port, 1).accept();
        byte[] some = new byte[CHUNK];
        long bytes = 0;
        long first = 0;
        long start = 0;
        long end = 0;
        int count;
        while ((count = connection.read(some, 0, some.length)) > 0) {
            end = System.nanoTime();
            if (first == 0) {
                first = end;
            }
            if (start != 0) {
                bytes += count;
            } else if (end - first >= skip) {
                start = end;
            }
        }
        connection.close();
        System.out.println(bytes * 8.0 / (end - start));
    }

    private static void source(PlainNetwork network, IpAddress address, int port, long span) throws Exception {
        TcpConnection connection = network.connect(address, port, TimeUnit.SECONDS.toNanos(20));
        byte[] some = new byte[CHUNK];
        for (long start = System.nanoTime(); System.nanoTime() - start < span;) {
            connection.write(some, 0, some.length);
        }
        connection.shutdownOutput();
        connection.read(some, 0, 1); // until the other side has it all, and has ended it as well
    }
}
