package kernel.ext.net.provider;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.IpAddress;
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

    Acceptor(Host host, IpAddress address, int port, int backlog) throws IOException {
        this.host = host;
        arrival = host.lock.newCondition();
        listening = new TcpListening(address, port, backlog, () -> new Connection(host), () -> arrival.signal());
        host.enter();
        try {
            if (!host.stack.listen(listening)) {
                throw new IOException("Somebody listens at port " + port + " already");
            }
        } finally {
            host.leave();
        }
    }

    @Override
    public int port() {
        return listening.port;
    }

    @Override
    public TcpConnection accept() throws IOException {
        host.enter();
        try {
            while (true) {
                Tcb tcb = listening.ready.poll();
                if (tcb != null) {
                    Connection connection = (Connection) tcb.user;
                    connection.is(tcb);
                    return connection;
                }
                if (closed) {
                    throw new IOException("The listener at port " + listening.port + " is closed");
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
            }
        } finally {
            host.leave();
        }
    }
}
