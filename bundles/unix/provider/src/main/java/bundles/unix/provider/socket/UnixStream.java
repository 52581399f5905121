package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.Clock;

/**
 * A UNIX socket that is connected to one other (unix(7), SOCK_STREAM and SOCK_SEQPACKET). A connection is two {@link Inbox}es,
 * one in each direction, which is all that the two ends have of each other.
 */
public final class UnixStream extends UnixSocket {

    private enum State {
        NEW, LISTENING, CONNECTING, CONNECTED
    }

    private final Runnable tell = this::changed;
    private volatile State state = State.NEW;
    private volatile Inbox in;
    private volatile Inbox out;
    private byte[] peer;
    private Credentials peerCredentials = Credentials.NONE;
    private final ArrayDeque<UnixStream> arrived = new ArrayDeque<>();
    private int backlog;
    /** Who listens: as he was then. */
    private Credentials listener = Credentials.NONE;

    /**
     * A socket that is not connected.
     *
     * @param type {@link Socket#STREAM} or {@link Socket#SEQUENCED}
     * @param flags status flags
     */
    public UnixStream(UnixNames names, int type, int flags, Clock clock) {
        super(names, type, flags, clock);
    }

    /** Two that are connected (socketpair(2)). */
    public static List<UnixSocket> pair(UnixNames names, int type, int flags, Clock clock, Credentials maker) {
        var one = new UnixStream(names, type, flags, clock);
        var other = new UnixStream(names, type, flags, clock);
        var there = new Inbox();
        var back = new Inbox();
        one.join(back, there, UNNAMED, maker);
        other.join(there, back, UNNAMED, maker);
        return List.of(one, other);
    }

    private synchronized void join(Inbox newIn, Inbox newOut, byte[] other, Credentials credentials) {
        in = newIn;
        out = newOut;
        peer = other;
        peerCredentials = credentials;
        in.watch(tell);
        out.watch(tell);
        state = State.CONNECTED;
    }

    @Override
    public void connect(Waiter waiter, byte[] address, Caller caller) throws ErrnoException, IOException {
        synchronized (this) {
            if (state != State.NEW) {
                throw (state == State.LISTENING ? Errno.EINVAL : Errno.EISCONN).exception();
            }
            if (options().passCredentials && local() == UNNAMED) {
                bindAnywhere();
            }
            state = State.CONNECTING;
        }
        try {
            if (!(find(address, caller) instanceof UnixStream server)) {
                throw Errno.EPROTOTYPE.exception();
            }
            Runnable wake = tell;
            server.watch(wake);
            try {
                until(waiter, waits(), options().sendTimeout, () -> server.offer(this, caller.credentials()));
            } finally {
                server.unwatch(wake);
            }
        } finally {
            synchronized (this) {
                if (state == State.CONNECTING) {
                    state = State.NEW;
                }
            }
        }
        changed();
    }

    /** Takes a connection into the queue. */
    private int offer(UnixStream client, Credentials credentials) throws ErrnoException {
        var toServer = new Inbox();
        var toClient = new Inbox();
        Credentials mine;
        synchronized (this) {
            if (state != State.LISTENING || closed()) {
                throw Errno.ECONNREFUSED.exception();
            }
            if (arrived.size() > backlog) {
                return WAIT;
            }
            var server = new UnixStream(names(), type(), 0, clock());
            server.setAddress(local());
            server.options().passCredentials = options().passCredentials;
            server.join(toServer, toClient, client.local(), credentials);
            mine = listener;
            arrived.add(server);
        }
        client.join(toClient, toServer, local(), mine);
        changed();
        return 0;
    }

    @Override
    public void listen(int length, Caller caller) throws ErrnoException {
        synchronized (this) {
            if (local() == UNNAMED || state != State.NEW && state != State.LISTENING) {
                throw Errno.EINVAL.exception();
            }
            state = State.LISTENING;
            backlog = length;
            listener = caller.credentials();
        }
        changed();
    }

    @Override
    public boolean listens() {
        return state == State.LISTENING;
    }

    @Override
    public Socket accept(Waiter waiter, int newFlags) throws ErrnoException, IOException {
        if (state != State.LISTENING) {
            throw Errno.EINVAL.exception();
        }
        UnixStream[] taken = new UnixStream[1];
        until(waiter, waits(), options().receiveTimeout, () -> {
            synchronized (this) {
                taken[0] = arrived.poll();
                return taken[0] == null ? WAIT : 0;
            }
        });
        changed();
        taken[0].setFlags(taken[0].flags() | newFlags);
        return taken[0];
    }

    @Override
    public synchronized byte[] peer() throws ErrnoException {
        if (state != State.CONNECTED) {
            throw Errno.ENOTCONN.exception();
        }
        return peer;
    }

    @Override
    public synchronized Credentials peerCredentials() {
        return state == State.LISTENING ? listener : peerCredentials;
    }

    @Override
    public void shutdown(boolean noMoreIn, boolean noMoreOut) {
        if (state != State.CONNECTED) {
            return;
        }
        if (noMoreIn) {
            in.end();
        }
        if (noMoreOut) {
            out.end();
        }
    }

    @Override
    protected int trySend(Sending sending) throws ErrnoException {
        boolean connected = state == State.CONNECTED;
        if (sending.to() != null && type() == STREAM) {
            throw (connected ? Errno.EISCONN : Errno.EOPNOTSUPP).exception();
        }
        if (!connected) {
            throw Errno.ENOTCONN.exception();
        }
        if (in.takeReset()) {
            throw Errno.ECONNRESET.exception();
        }
        return keepsMessages() ? out.putMessage(sending, local()) : out.putStream(sending, local());
    }

    @Override
    protected int tryReceive(Receiving room) throws ErrnoException {
        if (state != State.CONNECTED) {
            throw (type() == STREAM ? Errno.EINVAL : Errno.ENOTCONN).exception();
        }
        return keepsMessages() ? in.takeMessage(room) : in.takeStream(room, options().passCredentials);
    }

    @Override
    public Errno takeError() {
        return state == State.CONNECTED && in.takeReset() ? Errno.ECONNRESET : super.takeError();
    }

    @Override
    public int available() throws ErrnoException {
        if (state == State.LISTENING) {
            throw Errno.EINVAL.exception();
        }
        return state == State.CONNECTED ? in.available(false) : 0;
    }

    @Override
    public int unsent() {
        return state == State.CONNECTED ? out.used() : 0;
    }

    @Override
    public int events() {
        switch (state) {
            case LISTENING -> {
                synchronized (this) {
                    return arrived.isEmpty() ? 0 : Events.IN | Events.READ_NORMAL;
                }
            }
            case CONNECTED -> {
                boolean noMoreIn = in.ended();
                return (in.hasSome() || noMoreIn ? Events.IN | Events.READ_NORMAL : 0)
                        | (noMoreIn ? Events.READ_HANG_UP : 0) | (noMoreIn && out.ended() ? Events.HANG_UP : 0)
                        | (out.hasRoom() ? Events.OUT | Events.WRITE_NORMAL : 0)
                        | (in.wasReset() ? Events.ERROR : 0);
            }
            default -> {
                return Events.OUT | Events.WRITE_NORMAL | Events.HANG_UP;
            }
        }
    }

    @Override
    protected void close() throws IOException {
        unbind();
        List<UnixStream> unaccepted;
        synchronized (this) {
            unaccepted = new ArrayList<>(arrived);
            arrived.clear();
        }
        for (UnixStream one : unaccepted) {
            one.in.reset();
            one.out.reset();
            one.release();
        }
        if (state == State.CONNECTED) {
            in.unwatch(tell);
            out.unwatch(tell);
            if (in.discard()) {
                out.reset();
            } else {
                out.end();
            }
        }
        changed();
    }
}
