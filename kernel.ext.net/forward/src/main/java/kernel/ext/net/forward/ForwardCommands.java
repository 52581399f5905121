package kernel.ext.net.forward;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import kernel.core.dispatch.Binding;
import kernel.ext.net.api.Network;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The command {@code forward}: the shell calls it and prints what it answers. Thread-safe: by its monitor. */
@Component(service = ForwardCommands.class, immediate = true, property = {"osgi.command.scope=spin",
        "osgi.command.function=forward"}) // not made anew for each command
public final class ForwardCommands {

    private static final String USE = "forward, forward add tcp|udp PORT ADDRESS:PORT..., or forward del tcp|udp PORT";

    private final Network network;
    private final TreeMap<String, Forwarder> forwarders = new TreeMap<>();

    /** Made by Declarative Services. */
    @Activate
    public ForwardCommands(@Reference(target = Binding.STUB_ONLY) Network network) {
        this.network = network;
    }

    @Deactivate
    synchronized void stop() {
        forwarders.values().forEach(Forwarder::close);
    }

    /** Shows what is sent on. */
    public synchronized String forward() {
        return forwarders.isEmpty()
                ? "nothing is forwarded"
                : forwarders.values().stream().map(Forwarder::toString).collect(Collectors.joining("\n"));
    }

    /** Begins or ends to send something on. */
    public synchronized String forward(String what, String protocol, int port, String... targets) throws IOException {
        if (!protocol.equals("tcp") && !protocol.equals("udp")) {
            throw new IllegalArgumentException(USE);
        }
        String key = protocol + " " + port;
        if (what.equals("add") && targets.length > 0) {
            if (forwarders.containsKey(key)) {
                throw new IOException("port " + port + " is forwarded already; forward del ends that");
            }
            List<Target> all = new ArrayList<>();
            for (String one : targets) {
                all.add(Target.parse(one));
            }
            forwarders.put(key, new Forwarder(network, protocol.equals("tcp") ? Forwarder.TCP : Forwarder.UDP, port,
                    all, Forwarder.FLOWS));
        } else if (what.equals("del") && targets.length == 0) {
            Forwarder gone = forwarders.remove(key);
            if (gone == null) {
                throw new IOException("port " + port + " of " + protocol + " is not forwarded");
            }
            gone.close();
        } else {
            throw new IllegalArgumentException(USE);
        }
        return forward();
    }
}
