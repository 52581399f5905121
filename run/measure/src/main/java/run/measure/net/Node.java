package run.measure.net;

import hw.alpha.device.SystemClock;
import hw.alpha.device.net.Wires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.am.Echo;
import kernel.ext.net.am.PlainMessages;
import kernel.ext.net.am.PlainNode;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.atm.Circuits;
import kernel.ext.net.atm.ClassicalIp;
import kernel.ext.net.forward.Forwarder;
import kernel.ext.net.forward.Target;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.rpc.provider.PlainRpc;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.StrandService;

/** A process with a stack on an Ethernet and an ATM wire to other processes, with something at each of its ports. */
final class Node {

    static final int ECHO = 7, DOOR = 9, PROGRAM = 0x2000_0007, RPC = 2049;

    final Clock clock = new SystemClock();
    final Strands strands = StrandService.standalone(2);
    final PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
    final PlainRpc rpc = new PlainRpc(network, strands, clock);
    final PlainMessages messages;
    final Echo echo;

    /** @param number 10.9.0.NUMBER by Ethernet, 10.2.0.NUMBER by ATM */
    Node(Path folder, int number) throws IOException {
        network.attach(
                Wires.ethernet("eth0", "wire:unix:" + folder.resolve("wire") + ",address=10.9.0." + number + "/24")
                        .adapter());
        network.configure("eth0", address(9, number), 24);
        Wires.FittedAtm card = Wires.atm("atm0", "wire:unix:" + folder.resolve("cells"));
        Circuits circuits = new Circuits(new kernel.ext.net.atm.PlainNode(), clock);
        circuits.add(card.adapter());
        network.attach(new ClassicalIp(circuits, card.adapter(), card.circuits(), clock));
        network.configure("atm0", address(2, number), 24);
        messages = new PlainMessages(network, new PlainNode());
        echo = new Echo(messages, clock);
    }

    static IpAddress address(int net, int number) {
        return IpAddress.parse("10." + net + ".0." + number);
    }

    /** Serves until the process is ended. */
    static void serve(Path folder) throws Exception {
        Node node = new Node(folder, 1);
        byte[] answer = new byte[16];
        UdpEndpoint[] own = new UdpEndpoint[1];
        own[0] = node.network.bind(ECHO, "echo", (packet, _, _) -> {
            int at = packet.transport();
            packet.copyTo(at + Udp.LENGTH, answer, 0, answer.length);
            try {
                own[0].send(packet.source(), Udp.source(packet, at), answer, 0, answer.length);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        node.rpc.serve(PROGRAM, 1, RPC, "null", (_, _, _) -> {});
        TcpListener listener = node.network.listen(IpAddress.ANY, DOOR, 256);
        System.out.println("ready");
        byte[] none = new byte[1];
        while (true) {
            try (TcpConnection connection = listener.accept()) {
                connection.read(none, 0, 1);
            }
        }
    }

    /** Sends on to the server until the process is ended. */
    static void forward(Path folder) throws Exception {
        Node node = new Node(folder, 3);
        new Forwarder(node.network, Forwarder.UDP, ECHO, List.of(new Target(address(9, 1), ECHO)), Forwarder.FLOWS);
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }
}
