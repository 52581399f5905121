package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpUser;

/** How a stack's connections begin, and which port they are given. Used in the stack's strand. */
final class Opening {

    private final Stack stack;
    private final int firstPort;
    private int nextPort;

    Opening(Stack stack, long seed) {
        this.stack = stack;
        firstPort = UdpLayer.FIRST_FREE + (int) (seed >>> 8 & 0x1FFF);
        nextPort = firstPort;
    }

    /** Ports are given as from a stack that has not given any. */
    void restart() {
        nextPort = firstPort;
    }

    private int next() {
        int port = nextPort;
        nextPort = nextPort == 65535 ? UdpLayer.FIRST_FREE : nextPort + 1;
        return port;
    }

    /** @return null if there is no route or no free port */
    Tcb connect(IpAddress wanted, int port, TcpUser user, long now) {
        IpAddress to = stack.scoped(wanted);
        IpAddress from = stack.ip.sourceFor(to);
        for (int i = 0; from != null && i < 65536 - UdpLayer.FIRST_FREE; i++) {
            int local = next();
            if (stack.connections.find(from.high(), from.low(), local, to.high(), to.low(), port) == null
                    && !stack.connections.taken(from, false, local) && !stack.ports.holds(from, local)) {
                return open(from, local, to, port, user, now);
            }
        }
        return null;
    }

    private Tcb open(IpAddress from, int local, IpAddress to, int port, TcpUser user, long now) {
        Tcb tcb = new Tcb(stack.connections, from, local, to, port, user);
        stack.connections.add(tcb);
        stack.tcp.open(tcb, now);
        stack.settle(now);
        return tcb;
    }

    /** @return null if there is this connection already */
    Tcb connect(IpAddress from, int fromPort, IpAddress wanted, int port, TcpUser user, long now) {
        IpAddress to = stack.scoped(wanted);
        Tcb old = stack.connections.find(from.high(), from.low(), fromPort, to.high(), to.low(), port);
        return old != null ? null : open(from, fromPort, to, port, user, now);
    }

    /** A port of those that are given to who asks for none in particular, at which nobody is; 0 if there is none. */
    int freePort(IpAddress address, boolean only6) {
        for (int i = 0; i < 65536 - UdpLayer.FIRST_FREE; i++) {
            int local = next();
            if (!stack.ports.taken(address, only6, local, false)) {
                return local;
            }
        }
        return 0;
    }

    /** @return false if somebody listens there */
    boolean listen(TcpListening listening) {
        if (stack.connections.taken(listening.address, listening.only6, listening.port)) {
            return false;
        }
        stack.connections.listen(listening);
        return true;
    }

    void unlisten(TcpListening listening, long now) {
        stack.connections.forget(listening);
        stack.connections.all().stream().filter(tcb -> tcb.listening == listening && !tcb.state.synchronised())
                .forEach(tcb -> stack.tcp.abort(tcb, now));
        listening.ready.forEach(tcb -> {
            tcb.abandoned = true;
            stack.tcp.abort(tcb, now);
        });
        listening.ready.clear();
        stack.settle(now);
    }

    /** An address is ours again: its connections, which a stack before this had, do not wait for long. */
    void resume(IpAddress address) {
        for (Tcb tcb : stack.connections.all()) {
            if (tcb.local.equals(address) && tcb.timer[Tcb.RETRANSMIT] != Tcb.NEVER) {
                tcb.backoff = 0;
                tcb.set(Tcb.RETRANSMIT, 0);
                stack.connections.schedule(tcb);
            }
        }
    }
}
