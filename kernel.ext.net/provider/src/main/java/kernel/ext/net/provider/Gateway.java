package kernel.ext.net.provider;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import kernel.core.dispatch.Binding;
import kernel.core.handoff.Handoff;
import kernel.core.machine.Clock;
import kernel.core.machine.Console;
import kernel.core.machine.HostSockets;
import kernel.core.machine.NetworkAdapter;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.handle.Handles;
import kernel.ext.net.api.handle.HeldConnection;
import kernel.ext.net.api.handle.HeldListener;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.TcpProtocol;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The way out and in without rights: a second stack at the other end of the machine's wire, which ends connections and
 * relays what they carry to sockets of the host, over IPv4 and IPv6. Out: it answers for every address. In: ports of the host's loopback that are forwarded,
 * framework property {@code spin.forward}: {@code HOSTPORT:PORT,...}. Each relayed connection has two strands, each of which copies in
 * one direction. When this is updated relays go on, in the strands and the code that they have; host ports are opened again at once, with
 * the same numbers; flows of datagrams begin anew. Thread-safe: its stack by the host's lock, the table of flows by its monitor.
 */
@Component(service = Gateway.class, immediate = true)
public final class Gateway {

    private static final int COPIED = 64 * 1024;
    private static final long PATIENCE = 20_000_000_000L;
    /** Flows of datagrams at once; the oldest goes first. */
    private static final int FLOWS = 256;
    /** Seconds for which the machine has its address. */
    private static final int LEASE = 86400;
    private static final int NAMES = 53;
    /** What is left for the next gateway. */
    private static final String HANDLES = "gateway.handles", OUTGOING = "gateway.outgoing",
            FORWARDS = "gateway.forwards";

    private final System.Logger log = System.getLogger(Gateway.class.getName());
    private final NetworkAdapter adapter;
    private static final IpAddress OURS = IpAddress.parse("10.0.2.2"), GUEST = IpAddress.parse("10.0.2.15");
    /** Prefix of the wire in IPv6, of those that anybody may use within (RFC 4193), and our address there. */
    private static final IpAddress PREFIX6 = IpAddress.parse("fd53:5049:4e00:2::"),
            OURS6 = IpAddress.parse("fd53:5049:4e00:2::2");

    private final HostSockets sockets;
    private final Strands strands;
    private final Console console;
    private final Host host;
    private final Handoff handoff;
    private final Succession succession;
    private final HeldListener outgoing;
    private final Strand accepting;
    private volatile boolean over;
    /** Who listens at the host, and to which port of the machine it leads. */
    private final Map<HostSockets.Listener, Integer> forwards = new LinkedHashMap<>();

    private record Flow(IpAddress from, int fromPort, IpAddress to, int toPort) {}

    private final Map<Flow, ByteChannel> flows = new LinkedHashMap<>(16, 0.75f, true);

    /** Made by Declarative Services when the machine has a wire to a gateway. */
    @Activate
    public Gateway(@Reference(target = "(" + NetworkAdapter.NETWORK + "=" + NetworkAdapter.GATEWAY
            + ")") NetworkAdapter adapter, @Reference HostSockets sockets,
            @Reference Clock clock, @Reference Strands strands, @Reference Console console,
            @Reference(target = Binding.STUB_ONLY) TcpProtocol tcp,
            @Reference(target = Binding.STUB_ONLY) CongestionControl congestion, @Reference Handoff handoff,
            BundleContext context)
            throws IOException {
        this.adapter = adapter;
        this.sockets = sockets;
        this.strands = strands;
        this.console = console;
        this.handoff = handoff;
        succession = new Succession(handoff, HANDLES, context, strands);
        Handles left = Succession.taken(handoff, HANDLES);
        host = Host.serving(left, clock,
                (connections, seed) -> new Stack(new PlainGraph(), tcp, connections, congestion, seed));
        Stack stack = host.stack;
        int index = stack.add(adapter.name(), adapter.address(), adapter.mtu(), adapter.intact(), adapter::transmit);
        stack.takeAll(index);
        stack.configure(index, OURS, 24);
        stack.enable6(index);
        stack.configure(index, OURS6, 64);
        stack.advertise(index, PREFIX6, outsideHas6(), OURS6);
        stack.udp.bind(DhcpMessage.SERVER_PORT, "dhcp", new DhcpServer(stack, index, GUEST, LEASE)::received);
        stack.udp.bindAll(this::datagram);
        host.attach(adapter, index);
        host.start(strands, "gateway");
        outgoing = left == host.handles && handoff.take(OUTGOING) instanceof HeldListener before
                ? before
                : new HeldListener(host.handles, IpAddress.ANY6, false, 0, 128);
        accepting = strands.fork("gateway, out", this::accept);
        String wanted = handoff.take(FORWARDS) instanceof String before ? before : context.getProperty("spin.forward");
        for (String pair : wanted == null || wanted.isBlank() ? new String[0] : wanted.split(",")) {
            forward(pair.strip());
        }
    }

    @Deactivate
    void stop() throws IOException {
        over = true;
        accepting.interrupt();
        handoff.leave(FORWARDS, forwards.entrySet().stream().map(one -> one.getKey().port() + ":" + one.getValue())
                .collect(Collectors.joining(",")));
        forwards.keySet().forEach(HostSockets.Listener::close);
        adapter.connect(null);
        handoff.leave(OUTGOING, outgoing);
        succession.leave(host);
        synchronized (flows) {
            for (ByteChannel channel : flows.values()) {
                channel.close();
            }
        }
    }

    private void forward(String pair) throws IOException {
        int colon = pair.indexOf(':');
        int hostPort = Integer.parseInt(pair.substring(0, colon));
        int port = Integer.parseInt(pair.substring(colon + 1));
        try {
            HostSockets.Listener listener = sockets.listen(hostPort);
            forwards.put(listener, port);
            byte[] told = ("Port " + listener.port() + " of this host leads to port " + port + " of the machine"
                    + (port == 80 ? ": http://127.0.0.1:" + listener.port() + "/" : "") + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            console.send(Console.OUTPUT, told, 0, told.length);
            strands.fork("gateway, in by " + listener.port(), () -> admit(listener, port));
        } catch (IOException e) {
            log.log(System.Logger.Level.ERROR, "port {0} cannot be forwarded: {1}", hostPort, e.getMessage());
        }
    }

    private void admit(HostSockets.Listener listener, int port) {
        while (true) {
            ByteChannel channel;
            try {
                channel = listener.accept();
            } catch (IOException e) {
                return; // closed
            }
            strands.fork("gateway, in", () -> {
                try {
                    TcpConnection connection = HeldConnection.open(host.handles, IpAddress.ANY, 0, GUEST, port);
                    connection.established(PATIENCE);
                    relay(connection, channel);
                } catch (IOException e) {
                    close(channel);
                }
            });
        }
    }

    private void accept() {
        while (true) {
            TcpConnection connection;
            try {
                connection = outgoing.accept();
            } catch (InterruptedIOException e) {
                if (over) {
                    return; // the next gateway goes on
                }
                continue;
            } catch (IOException e) {
                return; // closed
            }
            strands.fork("gateway, out", () -> {
                try {
                    relay(connection, sockets
                            .connect(outside(connection.localAddress(), connection.localPort()),
                                    connection.localPort()));
                } catch (IOException e) {
                    connection.abort();
                }
            });
        }
    }

    /** The gateway's own address stands for the host's loopback; who asks it for names is led to whom the host asks. */
    private String outside(IpAddress address, int port) {
        if (port == NAMES && (address.equals(OURS) || address.equals(OURS6))) {
            return sockets.resolver();
        }
        return address.equals(OURS) ? "127.0.0.1" : address.equals(OURS6) ? "::1" : address.toString();
    }

    /** Whether there is a way out by IPv6: else who has addresses of both families would try the one that leads nowhere first. */
    private boolean outsideHas6() {
        try (ByteChannel nothingIsSent = sockets.datagrams("2001:db8::1", 9)) {
            return nothingIsSent.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    private void relay(TcpConnection connection, ByteChannel channel) {
        connection.setNoDelay(true);
        strands.fork("gateway, relay", () -> outwards(connection, channel));
        ByteBuffer buffer = ByteBuffer.allocate(COPIED);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                connection.write(buffer.array(), 0, buffer.position());
            }
            connection.shutdownOutput();
        } catch (IOException e) {
            connection.abort();
            close(channel);
        }
    }

    private void outwards(TcpConnection connection, ByteChannel channel) {
        byte[] bytes = new byte[COPIED];
        try {
            int count;
            while ((count = connection.read(bytes, 0, bytes.length)) >= 0) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            sockets.shutdownOutput(channel);
        } catch (IOException e) {
            connection.abort();
            close(channel);
        }
    }

    private static void close(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone in any case
        }
    }

    /** A datagram for the outside. Runs in the stack's strand. */
    private boolean datagram(Packet packet, int port, long now) {
        int at = packet.transport();
        Flow flow = new Flow(packet.source(), Udp.source(packet, at), packet.destination(), port);
        byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
        packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
        try {
            channel(flow).write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            return false;
        }
        return true;
    }

    private ByteChannel channel(Flow flow) throws IOException {
        synchronized (flows) {
            ByteChannel channel = flows.get(flow);
            if (channel == null || !channel.isOpen()) {
                channel = sockets.datagrams(outside(flow.to, flow.toPort), flow.toPort);
                flows.put(flow, channel);
                if (flows.size() > FLOWS) {
                    var oldest = flows.entrySet().iterator();
                    close(oldest.next().getValue());
                    oldest.remove();
                }
                ByteChannel own = channel;
                strands.fork("gateway, datagrams", () -> answers(flow, own));
            }
            return channel;
        }
    }

    private void answers(Flow flow, ByteChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(COPIED);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                host.enter();
                try {
                    long now = host.now();
                    host.stack.udp.send(flow.toPort, flow.to, flow.from, flow.fromPort, buffer.array(), 0,
                            buffer.position(), 64, now);
                    host.stack.settle(now);
                } finally {
                    host.leave();
                }
            }
        } catch (IOException e) {
            close(channel); // the outside refuses: the next datagram tries anew
        }
    }
}
