package bundles.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.dispatch.Dispatcher;
import kernel.core.machine.Boot;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.Pcapng;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** {@code graph}: the protocol graph with what flows through it; {@code capture}: frames into a file. */
@Component(service = GraphCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=graph",
        "osgi.command.function=capture"})
public final class GraphCommands {

    /** The nodes from the wire up. */
    private static final List<String> NODES = List.of("EthernetReceive", "ActiveMessage", "AtmReceive", "IpReceive",
            "IcmpReceive", "Icmp6Receive", "UdpReceive", "TransportDivert", "TcpProtocol", "CongestionControl");
    private static final String PACKAGE = "kernel.ext.net.";
    private static final int LONGEST = 60_000;

    private final Dispatcher dispatcher;
    /** One for each kind of link. */
    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE)
    private volatile List<Capture> frames;
    private final FileSystem files;
    private final Boot boot;
    private final Clock clock;

    /** Made by Declarative Services. */
    @Activate
    public GraphCommands(@Reference Dispatcher dispatcher,
            @Reference(target = "(spin.filesystem=host)") FileSystem files, @Reference Boot boot,
            @Reference Clock clock) {
        this.dispatcher = dispatcher;
        this.files = files;
        this.boot = boot;
        this.clock = clock;
    }

    /** Shows the protocol graph. */
    @Descriptor("shows the protocol graph: nodes, edges with their guards, packets a second")
    public void graph(CommandSession session,
            @Parameter(names = {"-t", "--time"},
                    absentValue = "200") @Descriptor("how long to count, in milliseconds") int time)
            throws Failure, InterruptedException {
        if (time < 1 || time > LONGEST) {
            throw new Failure("-t takes 1 to " + LONGEST + " milliseconds, not " + time);
        }
        PrintStream out = session.getConsole();
        List<Dispatcher.EventState> events = dispatcher.measure(Duration.ofMillis(time));
        Table table = new Table("NODE", "EDGE", "TO", ">PACKETS/S");
        for (String node : NODES) {
            for (Dispatcher.EventState event : events) {
                String[] name = event.name().split("\\.");
                if (!event.name().startsWith(PACKAGE) || !name[name.length - 2].equals(node)) {
                    continue;
                }
                boolean single = event.name().endsWith(".received");
                table.row(single ? node : node + "." + name[name.length - 1], "", "", rate(event.count()));
                for (Dispatcher.BindingState one : event.bindings()) {
                    table.row("", one.guard(), one.name(), rate(one.count()));
                }
            }
        }
        table.print(out);
    }

    private static String rate(Dispatcher.Count count) {
        return count == null || count.calls() == 0 ? "" : String.format(Locale.ROOT, "%,.0f", count.rate());
    }

    /** Writes frames to a file. */
    @Descriptor("writes frames that come and go to a file that Wireshark opens")
    public void capture(CommandSession session,
            @Parameter(names = {"-t", "--time"}, absentValue = "10") @Descriptor("how long, in seconds") int time,
            @Descriptor("the file, .pcapng") String name) throws Failure, InterruptedException {
        if (time < 1 || time > LONGEST) {
            throw new Failure("-t takes 1 to " + LONGEST + " seconds, not " + time);
        }
        Path file = files.getPath(boot.directory()).resolve(name);
        AtomicLong count = new AtomicLong();
        AtomicReference<IOException> failed = new AtomicReference<>();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            Pcapng writer = new Pcapng(out);
            List<Capture.Watching> watching = frames.stream()
                    .map(frame -> frame.watch((by, sent, bytes, offset, length) -> {
                        try {
                            writer.write(by, frame.linkType(by), clock.realTime(), sent, bytes, offset, length);
                            count.incrementAndGet();
                        } catch (IOException e) {
                            failed.compareAndSet(null, e); // the network goes on
                        }
                    })).toList();
            try {
                clock.sleep(time * 1_000_000_000L);
            } finally {
                watching.forEach(Capture.Watching::close);
            }
            if (failed.get() != null) {
                throw failed.get();
            }
            session.getConsole().println(count + " frames are in " + file);
        } catch (IOException e) {
            throw new Failure("capture: " + e);
        }
    }
}
