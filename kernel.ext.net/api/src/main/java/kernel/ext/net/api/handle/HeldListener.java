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

    private final Handles handles;
    private final Condition arrival;
    private final TcpListening listening;
    private boolean closed;
    private Runnable watcher;

    /** Accepts connections. See {@link kernel.ext.net.api.Network#listen}; {@code only6}: those over IPv6 alone. */
    public HeldListener(Handles handles, IpAddress address, boolean only6, int port, int backlog) throws IOException {
        this.handles = handles;
        arrival = handles.condition();
        listening = new TcpListening(address, only6, port, backlog, () -> new HeldConnection(handles), this::arrived);
        handles.enter();
        try {
            if (!handles.stack().listen(listening)) {
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
            Tcb tcb = listening.ready.poll();
            if (tcb != null) {
                HeldConnection connection = (HeldConnection) tcb.user;
                connection.is(tcb);
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
