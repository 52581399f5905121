package bundles.unix.provider.gdb;

import bundles.unix.provider.process.Observer;
import bundles.unix.provider.process.UnixProcess;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import kernel.core.machine.Console;
import kernel.core.machine.HostSockets;
import kernel.core.strand.Strands;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Has the first program that is started wait for GDB at a port of the host's loopback, if the machine was started for that. Nothing of it is
 * there for other programs. Thread-safe.
 */
@Component(service = GdbServer.class)
public final class GdbServer {

    /** Property of the framework: the port; 0: any that is free. */
    public static final String PORT = "spin.gdb";

    private final HostSockets sockets;
    private final Console console;
    private final Strands strands;
    private final String port;
    private boolean taken;

    /** Listens to nothing yet. */
    @Activate
    public GdbServer(@Reference HostSockets sockets, @Reference Console console, @Reference Strands strands,
            BundleContext bundle) {
        this(sockets, console, strands, bundle.getProperty(PORT));
    }

    /** Outside a framework. @param port see {@link #PORT}; null: nobody is to be debugged */
    public GdbServer(HostSockets sockets, Console console, Strands strands, String port) {
        this.sockets = sockets;
        this.console = console;
        this.strands = strands;
        this.port = port;
    }

    /** Who watches a process that is about to run; null: nobody. */
    public synchronized Observer observe(UnixProcess process) {
        if (port == null || taken) {
            return null;
        }
        taken = true;
        var events = new LinkedBlockingQueue<>();
        var target = new Target(process, events::add);
        strands.fork("gdb", () -> serve(target, events));
        return target;
    }

    private void serve(Target target, LinkedBlockingQueue<Object> events) {
        try (HostSockets.Listener listener = sockets.listen(Integer.parseInt(port))) {
            say(target.process().program().file() + " waits for gdb: gdb-multiarch -ex 'target remote 127.0.0.1:"
                    + listener.port() + "' " + target.process().program().file());
            ByteChannel channel = listener.accept();
            new GdbSession(target, new PacketStream(channel), events, strands).run();
        } catch (IOException e) {
            say("gdb cannot be served: " + e.getMessage());
            target.kill();
        }
    }

    private void say(String text) {
        byte[] line = ("run/spin exec: " + text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            console.send(Console.ERROR, line, 0, line.length);
        } catch (IOException e) {
            // nobody reads it
        }
    }
}
