package kernel.ext.net.api.handle;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;

/** A port at which strands wait for connections, whatever stack serves it. Thread-safe: by the lock of its handles. */
public final class HeldListener implements TcpListener {

    /** How many connections wait to be accepted at most. */
    private static final int BACKLOG = 4096;

    private final Handles handles;
    private final Condition arrival;
    private final TcpListening listening;
    private final Account account;
    private final Account.Holding holding;
    private boolean closed;
    private Runnable watcher;

    /** Accepts connections. See {@link kernel.ext.net.api.Network#listen}; {@code only6}: those over IPv6 alone. */
    public HeldListener(Handles handles, IpAddress address, boolean only6, int port, int backlog) throws IOException {
        this(handles, null, address, only6, port, backlog);
    }

    /** @param owner whose it is, or null for whoever calls */
    HeldListener(Handles handles, Account owner, IpAddress address, boolean only6, int port, int backlog)
            throws IOException {
        this.handles = handles;
        arrival = handles.condition();
        handles.enter();
        try {
            StackInForce stack = handles.stack();
            account = owner == null ? handles.account() : owner;
            listening = new TcpListening(address, only6, port, Math.min(backlog, BACKLOG),
                    () -> new HeldConnection(handles, account), this::arrived);
            holding = account.hold(Account.Kind.PORTS, 1, this::close);
            if (!stack.listen(listening)) {
                holding.release();
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        "Somebody listens at port " + port + " already");
            }
        } finally {
            handles.leave();
        }
    }

    @Override
    public int port() {
        return listening.port;
    }

    private void arrived() {
        arrival.signal();
        if (listening.ended) {
            arrival.signalAll();
        }
        if (watcher != null) {
            watcher.run();
        }
    }

    @Override
    public TcpConnection tryAccept() throws IOException {
        handles.enter();
        try {
            Tcb tcb = listening.ready.peek();
            if (tcb != null) {
                HeldConnection connection = (HeldConnection) tcb.user;
                connection.count(); // or it goes on waiting
                connection.is(tcb);
                listening.ready.remove();
                return connection;
            }
            if (listening.ended) {
                throw NetworkException.of("The network was stopped", "");
            }
            if (closed) {
                throw new NetworkException(NetworkException.Reason.SHUT,
                        "The listener at port " + listening.port + " is closed");
            }
            return null;
        } finally {
            handles.leave();
        }
    }

    @Override
    public boolean ready() {
        handles.enter();
        try {
            return !listening.ready.isEmpty() || listening.ended || closed;
        } finally {
            handles.leave();
        }
    }

    @Override
    public void watch(Runnable newWatcher) {
        handles.enter();
        watcher = newWatcher;
        handles.leave();
    }

    @Override
    public TcpConnection accept() throws IOException {
        handles.enter();
        try {
            while (true) {
                TcpConnection connection = tryAccept();
                if (connection != null) {
                    return connection;
                }
                arrival.await();
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for a connection");
        } finally {
            handles.leave();
        }
    }

    @Override
    public void close() {
        handles.enter();
        try {
            if (!closed) {
                closed = true;
                holding.release();
                handles.soon(stack -> stack.unlisten(listening));
                arrival.signalAll();
                if (watcher != null) {
                    watcher.run();
                }
            }
        } finally {
            handles.leave();
        }
    }
}
