package kernel.ext.net.api.handle;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.tcp.Allowance;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpUser;

/**
 * A connection for strands that wait, whatever stack serves it. What it holds is in its {@link Tcb}: between two stacks what has come is read
 * and what is written waits there. Thread-safe: by the lock of its handles.
 */
public final class HeldConnection implements TcpConnection, TcpUser {

    private final Handles handles;
    private final Account account;
    private final Condition change;
    private Account.Holding holding;
    private Tcb tcb;
    /** Strands that wait for room, and for anything else. */
    private int writing, waiting;
    private long readTimeout;
    private boolean shut;
    private boolean inputShut;
    private Runnable watcher;

    HeldConnection(Handles handles, Account account) {
        this.handles = handles;
        this.account = account;
        change = handles.condition();
    }

    /**
     * Begins a connection without waiting for it.
     *
     * @param from an address of ours, or {@link IpAddress#ANY} for the one that fits
     * @param fromPort the port, or 0 for any
     * @throws IOException there is no route, or there is this connection already
     */
    public static HeldConnection open(Handles handles, IpAddress from, int fromPort, IpAddress to, int toPort)
            throws IOException {
        return open(handles, null, from, fromPort, to, toPort);
    }

    /** @param owner whose it is, or null for whoever calls */
    static HeldConnection open(Handles handles, Account owner, IpAddress from, int fromPort, IpAddress to, int toPort)
            throws IOException {
        handles.enter();
        HeldConnection connection = null;
        try {
            StackInForce stack = handles.stack();
            connection = new HeldConnection(handles, owner == null ? handles.account() : owner);
            connection.count();
            Tcb tcb = stack.connect(from, fromPort, to, toPort, connection);
            if (tcb == null) {
                throw new NetworkException(NetworkException.Reason.IN_USE, fromPort == 0
                        ? "No port is free"
                        : "There is a connection from port " + fromPort + " to " + to + " port " + toPort
                                + " already");
            }
            connection.is(tcb);
            return connection;
        } catch (IOException | RuntimeException e) {
            if (connection != null && connection.holding != null) {
                connection.holding.release();
            }
            throw e;
        } finally {
            handles.leave();
        }
    }

    /** Counts it for whose it is. @throws NetworkException he has too many already */
    void count() throws NetworkException {
        holding = account.hold(Account.Kind.CONNECTIONS, 1, this::close);
    }

    @Override
    public Allowance allowance() {
        return account.allowance;
    }

    /** Once it was closed and is over, it is not held any more. */
    private void settle() {
        if (tcb.abandoned && (tcb.state == TcpState.CLOSED || tcb.state == TcpState.TIME_WAIT)) {
            tcb.input.release();
            if (holding != null) {
                holding.release();
            }
        }
    }

    void is(Tcb own) {
        tcb = own;
    }

    @Override
    public void changed(Tcb own) {
        tcb = own;
        settle();
        if (waiting > 0 || writing > 0 && worthWriting()) {
            change.signalAll();
        }
        tell();
    }

    /** Whether who waits for room is to be woken: not for each acknowledgment, or he would be as often as a segment is sent. */
    private boolean worthWriting() {
        return tcb.output.room() >= tcb.output.most() / 3 || !tcb.state.sends() || shut;
    }

    private void tell() {
        if (watcher != null) {
            watcher.run();
        }
    }

    private String where() {
        return tcb.remote + " port " + tcb.remotePort;
    }

    /** Waits for room. */
    private void awaitRoom() throws IOException {
        writing++;
        try {
            change.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for the network");
        } finally {
            writing--;
        }
    }

    private void await(long deadline, String what) throws IOException {
        waiting++;
        try {
            if (deadline == Long.MAX_VALUE) {
                change.await();
            } else if (handles.await(change, deadline - handles.now()) <= 0) {
                throw new IOException(what + " took too long: " + tcb.remote + " port " + tcb.remotePort);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for the network");
        } finally {
            waiting--;
        }
    }

    @Override
    public void established(long timeout) throws IOException {
        handles.enter();
        try {
            long deadline = handles.now() + timeout;
            while (!tcb.state.synchronised()) {
                if (tcb.state == TcpState.CLOSED) {
                    throw NetworkException.of(tcb.failure, where());
                }
                await(deadline, "Connecting");
            }
        } catch (IOException e) {
            tcb.abandoned = true; // nobody has use for it
            handles.abort(tcb);
            settle();
            throw e;
        } finally {
            handles.leave();
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
        handles.enter();
        try {
            long deadline = readTimeout == 0 ? Long.MAX_VALUE : handles.now() + readTimeout;
            while (true) {
                int some = tryRead(into, offset, count, false);
                if (some != 0) {
                    return some;
                }
                await(deadline, "Reading");
            }
        } finally {
            handles.leave();
        }
    }

    @Override
    public int tryRead(byte[] into, int offset, int count, boolean keep) throws IOException {
        handles.enter();
        try {
            int some = keep ? tcb.input.peek(into, offset, count) : tcb.input.read(into, offset, count);
            if (some > 0) {
                if (!keep && tcb.rcvNxt + tcb.input.room() - tcb.rcvEdge >= Math.min(2 * tcb.rcvMss,
                        tcb.input.granted() / 2)) {
                    handles.push(tcb);
                }
                return some;
            }
            if (tcb.failure != null) {
                throw NetworkException.of(tcb.failure, "");
            }
            return inputEnded() ? -1 : 0;
        } finally {
            handles.leave();
        }
    }

    private boolean inputEnded() {
        return tcb.finReceived || tcb.state == TcpState.CLOSED || tcb.abandoned || inputShut;
    }

    @Override
    public int readiness() {
        handles.enter();
        try {
            if (tcb.state == TcpState.SYN_SENT || tcb.state == TcpState.SYN_RECEIVED) {
                return CONNECTING;
            }
            boolean over = tcb.state == TcpState.CLOSED;
            return (tcb.input.ready() > 0 ? READABLE : 0) | (inputEnded() ? INPUT_ENDED : 0)
                    | (shut || over ? OUTPUT_ENDED : 0) | (tcb.urgent() > 0 ? URGENT : 0)
                    | (tcb.output.room() >= tcb.output.most() / 4 ? WRITABLE : 0);
        } finally {
            handles.leave();
        }
    }

    @Override
    public NetworkException failure() {
        handles.enter();
        try {
            return tcb.failure == null ? null : NetworkException.of(tcb.failure, where());
        } finally {
            handles.leave();
        }
    }

    @Override
    public int available() {
        handles.enter();
        try {
            return tcb.input.ready();
        } finally {
            handles.leave();
        }
    }

    @Override
    public int unsent() {
        handles.enter();
        try {
            return tcb.output.size();
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
    public void shutdownInput() {
        handles.enter();
        try {
            inputShut = true;
            change.signalAll();
            tell();
        } finally {
            handles.leave();
        }
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        handles.enter();
        try {
            int done = 0;
            while (done < count) {
                int some = tryWrite(from, offset + done, count - done);
                done += some;
                if (some == 0) {
                    awaitRoom();
                }
            }
        } finally {
            handles.leave();
        }
    }

    @Override
    public void writeUrgent(byte[] from, int offset, int count) throws IOException {
        handles.enter();
        try {
            write(from, offset, count - 1);
            while (tryUrgent(from, offset + count - 1) == 0) {
                awaitRoom();
            }
        } finally {
            handles.leave();
        }
    }

    /** Writes the last byte of what is urgent, if there is room; the other side is told also if there is none. */
    private int tryUrgent(byte[] from, int at) throws IOException {
        if (tcb.state.synchronised() && tcb.failure == null && !shut) {
            tcb.sndUp = tcb.sndBase + tcb.output.size() + 1;
            tcb.urgentOut = true;
            if (tcb.output.room() == 0) {
                tcb.ackNow = true;
                handles.push(tcb);
            }
        }
        return tryWrite(from, at, 1);
    }

    @Override
    public int urgent() {
        handles.enter();
        try {
            return tcb.urgent();
        } finally {
            handles.leave();
        }
    }

    @Override
    public int tryWrite(byte[] from, int offset, int count) throws IOException {
        handles.enter();
        try {
            if (tcb.failure != null || shut || tcb.state == TcpState.CLOSED) {
                throw NetworkException.of(tcb.failure != null ? tcb.failure : "Broken pipe", "");
            }
            if (!tcb.state.synchronised()) {
                return 0;
            }
            int some = tcb.output.write(from, offset, count);
            if (some > 0) {
                handles.push(tcb);
            }
            return some;
        } finally {
            handles.leave();
        }
    }

    @Override
    public void setNoDelay(boolean on) {
        handles.enter();
        tcb.noDelay = on;
        handles.leave();
    }

    @Override
    public void setKeepAlive(long idle) {
        handles.enter();
        try {
            tcb.keepAlive = idle;
            tcb.set(Tcb.KEEP_ALIVE, idle == 0 || tcb.state == TcpState.CLOSED ? Tcb.NEVER : handles.now() + idle);
            tcb.table.schedule(tcb);
        } finally {
            handles.leave();
        }
    }

    @Override
    public void setReadTimeout(long timeout) {
        handles.enter();
        readTimeout = timeout;
        handles.leave();
    }

    @Override
    public void shutdownOutput() {
        handles.enter();
        try {
            shut = true;
            tcb.finQueued = true;
            if (tcb.state != TcpState.CLOSED) {
                handles.push(tcb);
            }
            tell();
        } finally {
            handles.leave();
        }
    }

    @Override
    public void close() {
        handles.enter();
        try {
            tcb.abandoned = true;
            shutdownOutput();
            change.signalAll();
            settle();
        } finally {
            handles.leave();
        }
    }

    @Override
    public void abort() {
        handles.enter();
        try {
            tcb.abandoned = true;
            handles.abort(tcb);
            settle();
        } finally {
            handles.leave();
        }
    }

    @Override
    public String toString() {
        return String.valueOf(tcb);
    }
}
