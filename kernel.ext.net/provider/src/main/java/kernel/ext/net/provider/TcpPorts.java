package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.handle.HeldPort;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.tcp.TcpListening;

/** TCP ports that applications have taken, whether or not they use them. Used in the stack's strand. */
final class TcpPorts {

    private final Stack stack;
    private final List<HeldPort> all = new ArrayList<>();

    TcpPorts(Stack stack) {
        this.stack = stack;
    }

    /** Whether somebody has a port. */
    boolean holds(IpAddress address, int port) {
        for (HeldPort one : all) {
            if (one.meets(address, false, port)) {
                return true;
            }
        }
        return stack.diversions.taken(Ipv4.TCP, port);
    }

    /** Whether a port cannot be taken. @param reuse see {@link kernel.ext.net.api.Network#bindTcp} */
    boolean taken(IpAddress address, boolean only6, int port, boolean reuse) {
        for (HeldPort one : all) {
            if (one.meets(address, only6, port) && !(reuse && one.shares())) {
                return true;
            }
        }
        return stack.diversions.taken(Ipv4.TCP, port) || stack.connections.taken(address, only6, port)
                || !reuse && stack.connections.all().stream()
                        .anyMatch(tcb -> tcb.localPort == port && TcpListening.meet(address, only6, tcb.local, false));
    }

    /** Takes a port. */
    void take(HeldPort port) {
        all.add(port);
    }

    /** Gives a port back. */
    void give(HeldPort port) {
        all.remove(port);
    }
}
