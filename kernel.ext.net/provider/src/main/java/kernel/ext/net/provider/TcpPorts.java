package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.tcp.TcpListening;

/** TCP ports that applications have taken, whether or not they use them. Used in the stack's strand. */
final class TcpPorts {

    /** One that is taken. */
    static final class Taken {
        final IpAddress address;
        final boolean only6;
        final int port;
        final boolean reuse;
        boolean listens;

        Taken(IpAddress address, boolean only6, int port, boolean reuse) {
            this.address = address;
            this.only6 = only6;
            this.port = port;
            this.reuse = reuse;
        }

        private boolean meets(IpAddress other, boolean otherOnly6, int otherPort) {
            return port == otherPort && TcpListening.meet(address, only6, other, otherOnly6);
        }
    }

    private final Stack stack;
    private final List<Taken> all = new ArrayList<>();

    TcpPorts(Stack stack) {
        this.stack = stack;
    }

    /** Whether somebody has a port. */
    boolean holds(IpAddress address, int port) {
        for (Taken one : all) {
            if (one.meets(address, false, port)) {
                return true;
            }
        }
        return stack.diversions.taken(Ipv4.TCP, port);
    }

    /** Whether a port cannot be taken. @param reuse see {@link kernel.ext.net.api.Network#bindTcp} */
    boolean taken(IpAddress address, boolean only6, int port, boolean reuse) {
        for (Taken one : all) {
            if (one.meets(address, only6, port) && !(reuse && one.reuse && !one.listens)) {
                return true;
            }
        }
        return stack.diversions.taken(Ipv4.TCP, port) || stack.connections.taken(address, only6, port)
                || !reuse && stack.connections.all().stream()
                        .anyMatch(tcb -> tcb.localPort == port && TcpListening.meet(address, only6, tcb.local, false));
    }

    /** Takes a port. */
    Taken take(IpAddress address, boolean only6, int port, boolean reuse) {
        Taken taken = new Taken(address, only6, port, reuse);
        all.add(taken);
        return taken;
    }

    /** Gives a port back. */
    void give(Taken taken) {
        all.remove(taken);
    }
}
