package run.samples.plain;

import hw.alpha.device.SystemClock;
import hw.alpha.device.net.Wires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;

/**
 * Our TCP/IP in an ordinary Java program: one that greets who connects to it, and one that is greeted. The class path is what the
 * pom.xml names; there is no OSGi, no kernel, and no right is needed but for a TAP device.
 *
 * <pre>{@code
 * java -cp ... run.samples.plain.Greeter wire:unix:/tmp/wire 10.9.0.1/24
 * java -cp ... run.samples.plain.Greeter wire:unix:/tmp/wire 10.9.0.2/24 10.9.0.1
 * }</pre>
 */
public final class Greeter {

    private static final int PORT = 7000;
    private static final long SECOND = 1_000_000_000L;

    private Greeter() {}

    /** @param args the wire, our address with its prefix, and, to be greeted, whose greeting is wanted */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException(
                    "WIRE ADDRESS/PREFIX [WHO] are wanted, such as wire:unix:/tmp/wire 10.9.0.1/24");
        }
        Clock clock = new SystemClock();
        Strands strands = new HostStrands();
        String[] address = args[1].split("/");
        try (Wires.Fitted wire = Wires.ethernet("eth0", args[0])) {
            PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
            network.attach(wire.adapter());
            network.configure("eth0", IpAddress.parse(address[0]), Integer.parseInt(address[1]));
            if (args.length == 2) {
                greet(network);
            } else {
                System.out.println(ask(network, IpAddress.parse(args[2])));
            }
            network.detach(wire.adapter());
            network.close();
        }
    }

    private static void greet(PlainNetwork network) throws IOException {
        TcpListener listener = network.listen(IpAddress.ANY, PORT, 8);
        System.out.println("at port " + listener.port());
        while (true) {
            try (TcpConnection connection = listener.accept()) {
                byte[] text = ("Hello, " + connection.remoteAddress() + "\n").getBytes(StandardCharsets.UTF_8);
                connection.write(text, 0, text.length);
            }
        }
    }

    private static String ask(PlainNetwork network, IpAddress who) throws IOException {
        try (TcpConnection connection = network.connect(who, PORT, 30 * SECOND)) {
            byte[] bytes = new byte[1000];
            int have = 0;
            int count;
            while (have < bytes.length && (count = connection.read(bytes, have, bytes.length - have)) > 0) {
                have += count;
            }
            return new String(bytes, 0, have, StandardCharsets.UTF_8).strip();
        }
    }
}
