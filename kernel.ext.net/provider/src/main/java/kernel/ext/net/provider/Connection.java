package kernel.ext.net.provider;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpUser;

/** A connection for strands that wait. Thread-safe: by the lock of its host. */
final class Connection implements TcpConnection, TcpUser {

    private final Host host;
    private final Condition change;
    private Tcb tcb;
    private int waiting;
    private long readTimeout;
    private boolean shut;
    private boolean inputShut;
    private Runnable watcher;

    Connection(Host host) {
        this.host = host;
        change = host.lock.newCondition();
    }

    void is(Tcb own) {
        tcb = own;
    }

    @Override
    public void changed(Tcb own) {
        tcb = own;
        if (waiting > 0) {
            change.signalAll();
        }
        tell();
    }

    private void tell() {
        if (watcher != null) {
            watcher.run();
        }
    }

    private String where() {
        return tcb.remote + " port " + tcb.remotePort;
    }

    private void await(long deadline, String what) throws IOException {
        waiting++;
        try {
            if (deadline == Long.MAX_VALUE) {
                change.await();
            } else if (change.awaitNanos(deadline - host.now()) <= 0) {
                throw new IOException(what + " took too long: " + tcb.remote + " port " + tcb.remotePort);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for the network");
        } finally {
            waiting--;
        }
    }

    /** Waits until it is established. */
    void open(long timeout) throws IOException {
        long deadline = host.now() + timeout;
        try {
            while (!tcb.state.synchronised()) {
                if (tcb.state == TcpState.CLOSED) {
                    throw NetworkException.of(tcb.failure, where());
                }
                await(deadline, "Connecting");
            }
        } catch (IOException e) {
            host.stack.abort(tcb, host.now());
            throw e;
        }
    }

    @Override
    public IpAddress localAddress() {
        return tcb.local;
    }

    @Override
    public int localPort() {
        return tcb.localPort;
    }

    @Override
    public IpAddress remoteAddress() {
        return tcb.remote;
    }

    @Override
    public int remotePort() {
        return tcb.remotePort;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        host.enter();
        try {
            long deadline = readTimeout == 0 ? Long.MAX_VALUE : host.now() + readTimeout;
            while (true) {
                int some = tryRead(into, offset, count, false);
                if (some != 0) {
                    return some;
                }
                await(deadline, "Reading");
            }
        } finally {
            host.leave();
        }
    }

    @Override
    public int tryRead(byte[] into, int offset, int count, boolean keep) throws IOException {
        host.enter();
        try {
            int some = keep ? tcb.input.peek(into, offset, count) : tcb.input.read(into, offset, count);
            if (some > 0) {
                if (!keep && tcb.rcvNxt + tcb.input.room() - tcb.rcvEdge >= Math.min(2 * tcb.rcvMss,
                        tcb.table.bufferLimit / 2)) {
                    host.stack.push(tcb, host.now());
                }
                return some;
            }
            if (tcb.failure != null) {
                throw NetworkException.of(tcb.failure, "");
            }
            return inputEnded() ? -1 : 0;
        } finally {
            host.leave();
        }
    }

    private boolean inputEnded() {
        return tcb.finReceived || tcb.state == TcpState.CLOSED || tcb.abandoned || inputShut;
    }

    @Override
    public int readiness() {
        host.enter();
        try {
            if (tcb.state == TcpState.SYN_SENT || tcb.state == TcpState.SYN_RECEIVED) {
                return CONNECTING;
            }
            boolean over = tcb.state == TcpState.CLOSED;
            return (tcb.input.ready() > 0 ? READABLE : 0) | (inputEnded() ? INPUT_ENDED : 0)
                    | (shut || over ? OUTPUT_ENDED : 0)
                    | (tcb.output.room() >= tcb.table.bufferLimit / 4 ? WRITABLE : 0);
        } finally {
            host.leave();
        }
    }

    @Override
    public NetworkException failure() {
        host.enter();
        try {
            return tcb.failure == null ? null : NetworkException.of(tcb.failure, where());
        } finally {
            host.leave();
        }
    }

    @Override
    public int available() {
        host.enter();
        try {
            return tcb.input.ready();
        } finally {
            host.leave();
        }
    }

    @Override
    public int unsent() {
        host.enter();
        try {
            return tcb.output.size();
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
    public void shutdownInput() {
        host.enter();
        try {
            inputShut = true;
            change.signalAll();
            tell();
        } finally {
            host.leave();
        }
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        host.enter();
        try {
            int done = 0;
            while (done < count) {
                int some = tryWrite(from, offset + done, count - done);
                done += some;
                if (some == 0) {
                    await(Long.MAX_VALUE, "Writing");
                }
            }
        } finally {
            host.leave();
        }
    }

    @Override
    public int tryWrite(byte[] from, int offset, int count) throws IOException {
        host.enter();
        try {
            if (tcb.failure != null || shut || tcb.state == TcpState.CLOSED) {
                throw NetworkException.of(tcb.failure != null ? tcb.failure : "Broken pipe", "");
            }
            if (!tcb.state.synchronised()) {
                return 0;
            }
            int some = tcb.output.write(from, offset, count);
            if (some > 0) {
                host.stack.push(tcb, host.now());
            }
            return some;
        } finally {
            host.leave();
        }
    }

    @Override
    public void setNoDelay(boolean on) {
        host.enter();
        tcb.noDelay = on;
        host.leave();
    }

    @Override
    public void setKeepAlive(long idle) {
        host.enter();
        try {
            tcb.keepAlive = idle;
            tcb.set(Tcb.KEEP_ALIVE, idle == 0 || tcb.state == TcpState.CLOSED ? Tcb.NEVER : host.now() + idle);
            tcb.table.schedule(tcb);
        } finally {
            host.leave();
        }
    }

    @Override
    public void setReadTimeout(long timeout) {
        host.enter();
        readTimeout = timeout;
        host.leave();
    }

    @Override
    public void shutdownOutput() {
        host.enter();
        try {
            shut = true;
            tcb.finQueued = true;
            if (tcb.state != TcpState.CLOSED) {
                host.stack.push(tcb, host.now());
            }
            tell();
        } finally {
            host.leave();
        }
    }

    @Override
    public void close() {
        host.enter();
        try {
            tcb.abandoned = true;
            shutdownOutput();
            change.signalAll();
        } finally {
            host.leave();
        }
    }

    @Override
    public void abort() {
        host.enter();
        try {
            tcb.abandoned = true;
            if (tcb.state != TcpState.CLOSED) {
                host.stack.abort(tcb, host.now());
            }
        } finally {
            host.leave();
        }
    }

    @Override
    public String toString() {
        return String.valueOf(tcb);
    }
}
