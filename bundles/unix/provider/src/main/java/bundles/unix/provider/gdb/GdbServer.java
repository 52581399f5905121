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
 * Has the first program that is started wait for GDB at a port of the host's loopback, if the machine was started for that, and lets GDB
 * attach to those that run. Nothing of it is there for other programs. Thread-safe.
 */
@Component(service = GdbServer.class)
public final class GdbServer {

    /** Property of the framework: the port; 0: any that is free. */
    public static final String PORT = "spin.gdb";

    private static final System.Logger LOG = System.getLogger(GdbServer.class.getName());

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

    /**
     * Serves one debugger who attaches to a process that runs.
     *
     * @param at the port; 0: any that is free
     * @return the port
     * @throws IOException it cannot be listened at, or the process cannot be debugged
     */
    public int attach(UnixProcess process, int at) throws IOException {
        if (process.ended()) {
            throw new IOException("process " + process.id() + " has ended");
        }
        if (process.observer() != null) {
            throw new IOException("process " + process.id() + " is being debugged");
        }
        HostSockets.Listener listener = sockets.listen(at);
        strands.fork("gdb", () -> serve(process, listener));
        return listener.port();
    }

    private void serve(UnixProcess process, HostSockets.Listener listener) {
        try (listener) {
            ByteChannel channel = listener.accept();
            var events = new LinkedBlockingQueue<>();
            var target = new Target(process, events::add);
            if (!process.setObserver(target)) {
                channel.close();
                return;
            }
            try {
                target.stop();
                new GdbSession(target, new PacketStream(channel), events, strands, true).run();
            } finally {
                process.setObserver(null);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, "gdb cannot be served: {0}", e.getMessage());
        }
    }

    private void serve(Target target, LinkedBlockingQueue<Object> events) {
        try (HostSockets.Listener listener = sockets.listen(Integer.parseInt(port))) {
            say(target.process().program().file() + " waits for gdb: gdb-multiarch -ex 'target remote 127.0.0.1:"
                    + listener.port() + "' " + target.process().program().file());
            ByteChannel channel = listener.accept();
            new GdbSession(target, new PacketStream(channel), events, strands, false).run();
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
