package kernel.ext.net.provider;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;

/** A port at which strands wait for connections. Thread-safe: by the lock of its host. */
final class Acceptor implements TcpListener {

    private final Host host;
    private final Condition arrival;
    private final TcpListening listening;
    private boolean closed;
    private Runnable watcher;

    Acceptor(Host host, IpAddress address, boolean only6, int port, int backlog) throws IOException {
        this.host = host;
        arrival = host.lock.newCondition();
        listening = new TcpListening(address, only6, port, backlog, () -> new Connection(host), this::arrived);
        host.enter();
        try {
            if (!host.stack.listen(listening)) {
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        "Somebody listens at port " + port + " already");
            }
        } finally {
            host.leave();
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
        host.enter();
        try {
            Tcb tcb = listening.ready.poll();
            if (tcb != null) {
                Connection connection = (Connection) tcb.user;
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
            host.leave();
        }
    }

    @Override
    public boolean ready() {
        host.enter();
        try {
            return !listening.ready.isEmpty() || listening.ended || closed;
        } finally {
            host.leave();
        }
    }

    @Override
    public void watch(Runnable newWatcher) {
        host.enter();
        watcher = newWatcher;
        host.leave();
    }

    @Override
    public TcpConnection accept() throws IOException {
        host.enter();
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
            host.leave();
        }
    }

    @Override
    public void close() {
        host.enter();
        try {
            if (!closed) {
                closed = true;
                host.stack.unlisten(listening, host.now());
                arrival.signalAll();
                if (watcher != null) {
                    watcher.run();
                }
            }
        } finally {
            host.leave();
        }
    }
}
