package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;

/** TCP ports that applications have taken, whether or not they use them. Used in the stack's strand. */
final class TcpPorts {

    /** One that is taken. */
    static final class Taken {
        final IpAddress address;
        final int port;
        final boolean reuse;
        boolean listens;

        Taken(IpAddress address, int port, boolean reuse) {
            this.address = address;
            this.port = port;
            this.reuse = reuse;
        }

        private boolean meets(IpAddress other, int otherPort) {
            return port == otherPort && (address.isAny() || other.isAny() || address.equals(other));
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
            if (one.meets(address, port)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a port cannot be taken. @param reuse see {@link kernel.ext.net.api.Network#bindTcp} */
    boolean taken(IpAddress address, int port, boolean reuse) {
        for (Taken one : all) {
            if (one.meets(address, port) && !(reuse && one.reuse && !one.listens)) {
                return true;
            }
        }
        return stack.connections.taken(address, port) || !reuse && stack.connections.all().stream()
                .anyMatch(tcb -> tcb.localPort == port && (address.isAny() || tcb.local.equals(address)));
    }

    /** Takes a port. */
    Taken take(IpAddress address, int port, boolean reuse) {
        Taken taken = new Taken(address, port, reuse);
        all.add(taken);
        return taken;
    }

    /** Gives a port back. */
    void give(Taken taken) {
        all.remove(taken);
    }
}
