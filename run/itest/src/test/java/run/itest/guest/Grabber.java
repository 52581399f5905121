package run.itest.guest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpProtocol;
import kernel.ext.net.api.tcp.TcpTable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Wants all of the network, and what is others' of it. Does what it is told, by a service of JDK types with the property {@code guest}, and
 * answers what became of it. Gives nothing back.
 */
public final class Grabber implements BundleActivator {

    private static final long SECOND = 1_000_000_000L;

    private BundleContext context;
    private Network network;
    private Dispatcher dispatcher;
    private final List<Object> kept = new ArrayList<>();
    private volatile int seen;

    @Override
    public void start(BundleContext started) {
        context = started;
        network = context.getService(context.getServiceReference(Network.class));
        dispatcher = context.getService(context.getServiceReference(Dispatcher.class));
        UnaryOperator<String> does = this::act;
        context.registerService(UnaryOperator.class, does, new Hashtable<>(Map.of("guest", "grabber")));
    }

    /** What it can do. */
    private interface Attempt {
        Object make() throws Exception;
    }

    private String attempt(Attempt one) {
        try {
            Object got = one.make();
            kept.add(got);
            return "got " + got;
        } catch (Exception e) {
            return e.getMessage();
        }
    }

    private String untilRefused(Attempt one) {
        for (int count = 0;; count++) {
            String became = attempt(one);
            if (!became.startsWith("got ")) {
                return count + " " + became;
            }
        }
    }

    private String act(String command) {
        String[] words = command.split(" ");
        int port = words.length > 1 ? Integer.parseInt(words[1]) : 0;
        return switch (words[0]) {
            case "ports" -> untilRefused(() -> network.bind(0, "grab", (_, _, _) -> true));
            case "connections" -> untilRefused(() -> network.connect(IpAddress.LOOPBACK, port, 60 * SECOND));
            case "datagrams" -> attempt(() -> network.bind(port, "grab", (_, _, _) -> true));
            case "listen" -> attempt(() -> network.listen(IpAddress.ANY, port, 4));
            case "take" -> attempt(() -> network.bindTcp(IpAddress.ANY, false, port, true));
            case "divert" -> attempt(() -> network.divert(6, port, 0, "grab", (_, _, _) -> true));
            case "frames" -> attempt(() -> network.bindEthernet(port, "grab", (_, _, _) -> true));
            case "segments" -> attempt(() -> dispatcher.bind(
                    Binding.handler(TcpProtocol.class, new Spy()).order(Binding.FIRST).name("spy")));
            case "window" -> attempt(() -> dispatcher.bind(Binding.intrinsic(CongestionControl.class, new Slow())));
            case "capture" -> "" + reserved(Capture.class);
            case "adapters" -> "" + reserved(NetworkAdapter.class);
            case "fill" -> fill(port);
            case "seen" -> "" + seen;
            default -> throw new IllegalArgumentException(command);
        };
    }

    private <T> List<T> reserved(Class<T> type) {
        List<T> all = new ArrayList<>();
        try {
            for (ServiceReference<T> one : context.getServiceReferences(type, null)) {
                T service = context.getService(one);
                if (service != null) {
                    all.add(service);
                }
            }
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /** Writes as much as is taken into connections to somebody who does not read. */
    private String fill(int port) {
        byte[] bytes = new byte[1 << 20];
        long written = 0;
        try {
            for (int i = 0; i < 10; i++) {
                TcpConnection one = network.connect(IpAddress.LOOPBACK, port, 60 * SECOND);
                kept.add(one);
                written += one.tryWrite(bytes, 0, bytes.length);
            }
        } catch (IOException e) {
            return written + " " + e.getMessage();
        }
        return "" + written;
    }

    /** Looks at all segments. */
    private final class Spy implements TcpProtocol {
        @Override
        public void segment(TcpTable table, Packet segment, long now) {
            seen++;
        }

        @Override
        public void timeout(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void open(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void push(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void abort(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void unreachable(TcpTable table, IpAddress local, int localPort, IpAddress remote, int remotePort,
                int sequence, int largest, String reason, long now) {
            seen++;
        }
    }

    /** Looks at all connections. */
    private final class Slow implements CongestionControl {
        @Override
        public void established(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void acknowledged(Tcb tcb, int bytes, long now) {
            seen++;
        }

        @Override
        public void lost(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void timedOut(Tcb tcb, long now) {
            seen++;
        }

        @Override
        public void recovered(Tcb tcb, long now) {
            seen++;
        }
    }

    @Override
    public void stop(BundleContext stopped) {
        // gives nothing back
    }
}
