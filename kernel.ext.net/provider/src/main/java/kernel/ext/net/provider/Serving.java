package kernel.ext.net.provider;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.handle.HeldPort;
import kernel.ext.net.api.handle.StackInForce;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpUser;

/** A host's stack, as handles use it. Used with the host's lock held. */
final class Serving implements StackInForce {

    private final Host host;
    private final Stack stack;
    private final Sockets sockets;

    Serving(Host host) {
        this.host = host;
        stack = host.stack;
        sockets = new Sockets(host);
    }

    @Override
    public long now() {
        return host.now();
    }

    @Override
    public long await(Condition condition, long nanoseconds) throws InterruptedException {
        return host.await(condition, nanoseconds);
    }

    @Override
    public void leaving() {
        host.leaving();
    }

    @Override
    public boolean stops() {
        return stack.graph.stops();
    }

    @Override
    public void push(Tcb tcb) {
        stack.push(tcb, host.now());
    }

    @Override
    public void abort(Tcb tcb) {
        stack.abort(tcb, host.now());
    }

    @Override
    public boolean ours(IpAddress address) {
        return stack.ours(address);
    }

    @Override
    public IpAddress scoped(IpAddress address) {
        return stack.scoped(address);
    }

    @Override
    public int freePort(IpAddress address, boolean only6) {
        return stack.opening.freePort(address, only6);
    }

    @Override
    public boolean taken(IpAddress address, boolean only6, int port, boolean reuse) {
        return stack.ports.taken(address, only6, port, reuse);
    }

    @Override
    public void take(HeldPort port, boolean taken) {
        if (taken) {
            stack.ports.take(port);
        } else {
            stack.ports.give(port);
        }
    }

    @Override
    public boolean listen(TcpListening listening) {
        return stack.listen(listening);
    }

    @Override
    public void unlisten(TcpListening listening) {
        stack.unlisten(listening, host.now());
    }

    @Override
    public Tcb connect(IpAddress from, int fromPort, IpAddress wanted, int port, TcpUser user) throws IOException {
        IpAddress to = stack.scoped(wanted);
        IpAddress own = from.isAny() ? stack.ip.sourceFor(to) : from;
        if (own == null || own.isV4() != to.isV4()) {
            throw NetworkException.of("Network is unreachable", to.toString());
        }
        return fromPort == 0
                ? stack.connect(to, port, user, host.now())
                : stack.connect(own, fromPort, to, port, user, host.now());
    }

    @Override
    public UdpEndpoint bind(int port, String name, UdpReceive handler) throws IOException {
        return sockets.bind(port, name, handler);
    }

    @Override
    public EthernetEndpoint bindEthernet(int type, String name, EthernetReceive handler) throws IOException {
        return new TakenType(host, type, name, handler);
    }

    @Override
    public Diversion divert(int protocol, int port, int firstBack, int backs, String name, TransportDivert handler)
            throws IOException {
        return new TakenDoor(host, protocol, port, firstBack, backs, name, handler);
    }
}
