package bundles.unix.provider.inet;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.socket.Caller;
import bundles.unix.provider.socket.Receiving;
import bundles.unix.provider.socket.Sending;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.machine.Clock;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;

/**
 * A TCP socket (tcp(7)). Bytes and states are the network's; this keeps what a socket is before it has a connection. The monitor
 * guards the change from one to the other; the network is called with it held, and never takes it.
 */
final class InetStream extends Socket {

    private static final int BUFFER = 87_380, TCP = 6;
    private static final long SECOND = 1_000_000_000L;

    private final ProcessNetwork network;
    private final boolean six;
    private final InetOptions numbers;
    private TcpPort port;
    private volatile TcpListener listener;
    private volatile TcpConnection connection;
    /** Whether its failure was told. */
    private volatile boolean told;
    /** Whether who connects knows that it is established. */
    private boolean known;

    InetStream(ProcessNetwork network, boolean six, int flags, Clock clock) {
        super(six ? AF_INET6 : AF_INET, STREAM, TCP, flags, clock, BUFFER);
        this.six = six;
        numbers = new InetOptions(six);
        this.network = network;
    }

    @Override
    public synchronized void bind(byte[] address, Caller caller) throws ErrnoException {
        InetAddress wanted = InetAddress.of(address, six);
        if (port != null || connection != null || six && numbers.only6() && wanted.address().isV4()) {
            throw Errno.EINVAL.exception();
        }
        take(wanted);
    }

    private void take(InetAddress wanted) throws ErrnoException {
        try {
            port = network.bindTcp(wanted.address(), numbers.only6(), wanted.port(), options().reuseAddress);
        } catch (IOException e) {
            throw InetAddress.exception(e);
        } catch (NoHandlerException e) {
            throw Errno.ENETDOWN.exception(); // it was stopped
        }
    }

    @Override
    public void listen(int backlog, Caller caller) throws ErrnoException {
        synchronized (this) {
            if (connection != null) {
                throw Errno.EINVAL.exception();
            }
            if (listener != null) {
                return;
            }
            if (port == null) {
                take(InetAddress.none(six));
            }
            try {
                listener = port.listen(Math.max(1, backlog));
            } catch (IOException e) {
                throw InetAddress.exception(e);
            }
        }
        listener.watch(this::changed);
        changed();
    }

    @Override
    public boolean listens() {
        return listener != null;
    }

    @Override
    public Socket accept(Waiter waiter, int newFlags) throws ErrnoException, IOException {
        TcpListener from = listener;
        if (from == null) {
            throw Errno.EINVAL.exception();
        }
        TcpConnection[] taken = new TcpConnection[1];
        until(waiter, waits(), options().receiveTimeout, () -> {
            try {
                taken[0] = from.tryAccept();
                return taken[0] == null ? WAIT : 0;
            } catch (NetworkException e) {
                throw (e.reason() == NetworkException.Reason.SHUT ? Errno.EINVAL : InetAddress.errno(e.reason()))
                        .exception();
            }
        });
        var made = new InetStream(network, six, newFlags, clock());
        made.has(taken[0]);
        made.known = true;
        made.options().keepAlive = options().keepAlive;
        made.numbers.set(TCP, InetOptions.TCP_NODELAY, numbers.get(TCP, InetOptions.TCP_NODELAY, true), true);
        made.heed();
        return made;
    }

    private synchronized void has(TcpConnection made) {
        connection = made;
        made.watch(this::changed);
    }

    @Override
    public void connect(Waiter waiter, byte[] address, Caller caller) throws ErrnoException, IOException {
        InetAddress wanted = InetAddress.of(address, six);
        if (numbers.only6() && wanted.address().isV4()) {
            throw Errno.ENETUNREACH.exception();
        }
        boolean first = begin(InetAddress.reachable(wanted.address()), wanted.port());
        if (!waits() && (first || (connection.readiness() & TcpConnection.CONNECTING) != 0)) {
            throw (first ? Errno.EINPROGRESS : Errno.EALREADY).exception();
        }
        try {
            until(waiter, true, options().sendTimeout, () -> {
                return (connection.readiness() & TcpConnection.CONNECTING) != 0 ? WAIT : 0;
            });
        } catch (ErrnoException e) {
            throw e.errno() == Errno.EAGAIN ? Errno.EINPROGRESS.exception() : e;
        }
        established();
    }

    /** Begins a connection. @return whether there was not one begun already */
    private synchronized boolean begin(IpAddress to, int toPort) throws ErrnoException {
        if (listener != null) {
            throw Errno.EISCONN.exception();
        }
        if (connection != null) {
            if ((connection.readiness() & TcpConnection.CONNECTING) != 0) {
                return false;
            }
            if (known) {
                throw Errno.EISCONN.exception();
            }
            return false;
        }
        if (port == null) {
            take(InetAddress.none(six));
        }
        try {
            has(port.connect(to, toPort));
        } catch (IOException e) {
            throw InetAddress.exception(e);
        }
        heed();
        return true;
    }

    /** Throws why the connection failed, if it did and nobody was told; it may be tried again then. */
    private synchronized void established() throws ErrnoException {
        Errno error = takeError();
        if (error != null) {
            if (connection != null) {
                connection.close();
                connection = null;
                told = false;
                port.close();
                port = null;
            }
            throw error.exception();
        }
        known = true;
    }

    @Override
    public Errno takeError() {
        TcpConnection mine = connection;
        NetworkException failure = mine == null || told ? null : mine.failure();
        if (failure == null) {
            return super.takeError();
        }
        told = true;
        return InetAddress.errno(failure.reason());
    }

    @Override
    public synchronized byte[] local() {
        if (connection != null) {
            return InetAddress.bytes(connection.localAddress(), connection.localPort(), six);
        }
        return port == null ? InetAddress.none(six).bytes(six) : InetAddress.bytes(port.address(), port.port(), six);
    }

    @Override
    public byte[] peer() throws ErrnoException {
        TcpConnection mine = connected();
        if (mine.failure() != null) {
            throw Errno.ENOTCONN.exception();
        }
        return InetAddress.bytes(mine.remoteAddress(), mine.remotePort(), six);
    }

    private TcpConnection connected() throws ErrnoException {
        TcpConnection mine = connection;
        if (mine == null || (mine.readiness() & TcpConnection.CONNECTING) != 0) {
            throw Errno.ENOTCONN.exception();
        }
        return mine;
    }

    @Override
    public void shutdown(boolean in, boolean out) throws ErrnoException {
        if (listener != null) {
            if (in) {
                listener.close();
            }
            return;
        }
        TcpConnection mine = connected();
        if (mine.failure() != null) {
            throw Errno.ENOTCONN.exception();
        }
        if (out) {
            mine.shutdownOutput();
        }
        if (in) {
            mine.shutdownInput();
        }
    }

    @Override
    protected int trySend(Sending sending) throws ErrnoException {
        TcpConnection mine = connection;
        if (mine == null) {
            throw Errno.EPIPE.exception();
        }
        if (sending.length() == 0) {
            return 0;
        }
        try {
            int count = mine.tryWrite(sending.bytes(), sending.offset(), sending.length());
            return count == 0 ? WAIT : count;
        } catch (IOException e) {
            Errno error = takeError();
            throw (error == null ? Errno.EPIPE : error).exception();
        }
    }

    @Override
    protected int tryReceive(Receiving room) throws ErrnoException {
        TcpConnection mine = connection;
        if (mine == null) {
            throw Errno.ENOTCONN.exception();
        }
        try {
            int count = mine.tryRead(room.bytes(), room.offset(), room.length(), room.peek());
            room.set(Math.max(0, count), Math.max(0, count), null);
            return count == 0 && room.length() > 0 ? WAIT : Math.max(0, count);
        } catch (IOException e) {
            Errno error = takeError();
            if (error == null) {
                return 0;
            }
            throw error.exception();
        }
    }

    @Override
    public int available() throws ErrnoException {
        if (listener != null) {
            throw Errno.EINVAL.exception();
        }
        TcpConnection mine = connection;
        return mine == null ? 0 : mine.available();
    }

    @Override
    public int unsent() {
        TcpConnection mine = connection;
        return mine == null ? 0 : mine.unsent();
    }

    @Override
    public byte[] option(int level, int name) throws ErrnoException {
        return numbers.get(level, name, true);
    }

    @Override
    public void setOption(int level, int name, byte[] value) throws ErrnoException {
        if (level == InetOptions.IPV6 && name == InetOptions.V6ONLY && (port != null || connection != null)) {
            throw Errno.EINVAL.exception();
        }
        numbers.set(level, name, value, true);
        heed();
    }

    @Override
    public void optionsChanged() {
        heed();
    }

    /** Lets the connection heed the options. */
    private void heed() {
        TcpConnection mine = connection;
        if (mine != null) {
            mine.setNoDelay(numbers.tcp(InetOptions.TCP_NODELAY) != 0);
            mine.setKeepAlive(options().keepAlive ? numbers.tcp(InetOptions.TCP_KEEPIDLE) * SECOND : 0);
        }
    }

    @Override
    public int events() {
        TcpListener listening = listener;
        if (listening != null) {
            return listening.ready() ? Events.IN | Events.READ_NORMAL : 0;
        }
        TcpConnection mine = connection;
        if (mine == null) {
            return Events.OUT | Events.WRITE_NORMAL | Events.HANG_UP;
        }
        int ready = mine.readiness();
        if ((ready & TcpConnection.CONNECTING) != 0) {
            return 0;
        }
        boolean noMoreIn = (ready & TcpConnection.INPUT_ENDED) != 0;
        boolean noMoreOut = (ready & TcpConnection.OUTPUT_ENDED) != 0;
        return (noMoreIn || (ready & TcpConnection.READABLE) != 0 ? Events.IN | Events.READ_NORMAL : 0)
                | (noMoreIn ? Events.READ_HANG_UP : 0) | (noMoreIn && noMoreOut ? Events.HANG_UP : 0)
                | (noMoreOut || (ready & TcpConnection.WRITABLE) != 0 ? Events.OUT | Events.WRITE_NORMAL : 0)
                | (!told && mine.failure() != null ? Events.ERROR : 0);
    }

    @Override
    protected void close() {
        TcpPort taken;
        TcpConnection mine;
        synchronized (this) {
            taken = port;
            mine = connection;
        }
        if (mine != null) {
            mine.watch(null);
            if (options().linger == 0) {
                mine.abort();
            } else {
                mine.close();
            }
        }
        if (taken != null) {
            taken.close();
        }
    }
}
