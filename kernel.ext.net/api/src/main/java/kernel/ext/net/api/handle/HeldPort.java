package kernel.ext.net.api.handle;

import java.io.IOException;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.tcp.TcpListening;

/** A TCP port that an application has taken, whatever stack serves it. Thread-safe: by the lock of its handles. */
public final class HeldPort implements TcpPort, Handles.Lasting {

    private final Handles handles;
    private final IpAddress address;
    private final boolean only6;
    private final int port;
    private final boolean reuse;
    private final Account account;
    private final Account.Holding holding;
    private HeldListener listener;

    /** Takes a port. See {@link kernel.ext.net.api.Network#bindTcp}. */
    public HeldPort(Handles handles, IpAddress wanted, boolean only6, int port, boolean reuse) throws IOException {
        this.handles = handles;
        this.only6 = only6;
        this.reuse = reuse;
        if (port < 0 || port > 65535) {
            throw new IOException(port + " is no port: 1 to 65535, or 0 for any");
        }
        handles.enter();
        try {
            StackInForce stack = handles.stack();
            address = stack.scoped(wanted);
            if (!address.isAny() && !stack.ours(address)) {
                throw new NetworkException(NetworkException.Reason.NOT_OURS, address + " is no address of ours");
            }
            this.port = port == 0 ? stack.freePort(address, only6) : port;
            if (this.port == 0 || stack.taken(address, only6, this.port, reuse)) {
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        port == 0 ? "No port is free" : "Port " + port + " is taken");
            }
            account = handles.account();
            holding = account.hold(Account.Kind.PORTS, 1, this::close);
            stack.take(this, true);
            handles.add(this);
        } finally {
            handles.leave();
        }
    }

    @Override
    public boolean bind(StackInForce to) {
        to.take(this, true);
        return true;
    }

    @Override
    public void unbound() {
        // what is taken is known here
    }

    @Override
    public void ended(NetworkException why) {
        // its listener and connections are told themselves
    }

    @Override
    public IpAddress address() {
        return address;
    }

    @Override
    public int port() {
        return port;
    }

    /** Whether others may have the port, if they say so too and nobody listens. */
    public boolean shares() {
        return reuse && listener == null;
    }

    /** Whether somebody who is there would also be here. */
    public boolean meets(IpAddress other, boolean otherOnly6, int otherPort) {
        return port == otherPort && TcpListening.meet(address, only6, other, otherOnly6);
    }

    @Override
    public TcpListener listen(int backlog) throws IOException {
        handles.enter();
        try {
            listener = new HeldListener(handles, account, address, only6, port, backlog);
            return listener;
        } finally {
            handles.leave();
        }
    }

    @Override
    public TcpConnection connect(IpAddress to, int toPort) throws IOException {
        return HeldConnection.open(handles, account, address, port, to, toPort);
    }

    @Override
    public void close() {
        handles.enter();
        try {
            handles.remove(this);
            holding.release();
            if (handles.served()) {
                handles.soon(stack -> stack.take(this, false));
            }
            if (listener != null) {
                listener.close();
            }
        } finally {
            handles.leave();
        }
    }
}
