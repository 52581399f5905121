package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.Clock;

/** A UNIX socket that sends messages to any others (unix(7), SOCK_DGRAM). */
public final class UnixDatagram extends UnixSocket {

    private final Runnable tell = this::changed;
    private final Inbox in = new Inbox();
    private volatile UnixDatagram target;
    private volatile boolean noMoreOut;
    private volatile Credentials peerCredentials = Credentials.NONE;

    /** A socket that is not connected. @param flags status flags */
    public UnixDatagram(UnixNames names, int flags, Clock clock) {
        super(names, DATAGRAM, flags, clock);
        in.watch(tell);
    }

    /** Two that are connected (socketpair(2)). */
    public static List<UnixSocket> pair(UnixNames names, int flags, Clock clock, Credentials maker) {
        var one = new UnixDatagram(names, flags, clock);
        var other = new UnixDatagram(names, flags, clock);
        one.peerCredentials = maker;
        other.peerCredentials = maker;
        one.aim(other);
        other.aim(one);
        return List.of(one, other);
    }

    private synchronized void aim(UnixDatagram at) {
        if (target != null) {
            target.in.unwatch(tell);
        }
        target = at;
        if (at != null && at != this) {
            at.in.watch(tell);
        }
    }

    @Override
    public void connect(Waiter waiter, byte[] address, Caller caller) throws ErrnoException, IOException {
        if (address.length >= 2 && family(address) == AF_UNSPEC) {
            aim(null);
        } else {
            UnixDatagram other = (UnixDatagram) find(address, caller);
            other.admit(this);
            if (options().passCredentials && local() == UNNAMED) {
                bindAnywhere();
            }
            aim(other);
        }
        changed();
    }

    /** Whether it receives from another: it is connected to that, or to nobody. */
    private void admit(UnixDatagram sender) throws ErrnoException {
        UnixDatagram mine = target;
        if (mine != null && mine != sender) {
            throw Errno.EPERM.exception();
        }
    }

    @Override
    public byte[] peer() throws ErrnoException {
        UnixDatagram other = target;
        if (other == null) {
            throw Errno.ENOTCONN.exception();
        }
        return other.local();
    }

    @Override
    public Credentials peerCredentials() {
        return peerCredentials;
    }

    @Override
    public void shutdown(boolean noMoreIn, boolean noMoreSent) {
        noMoreOut |= noMoreSent;
        if (noMoreIn) {
            in.end();
        }
        changed();
    }

    @Override
    protected int trySend(Sending sending) throws ErrnoException, IOException {
        UnixDatagram to = sending.to() == null ? target : (UnixDatagram) find(sending.to(), sending.caller());
        if (to == null) {
            throw Errno.ENOTCONN.exception();
        }
        if (noMoreOut) {
            throw Errno.EPIPE.exception();
        }
        if (to.closed()) {
            if (to == target) {
                aim(null);
            }
            throw Errno.ECONNREFUSED.exception();
        }
        to.admit(this);
        if (options().passCredentials && local() == UNNAMED) {
            bindAnywhere();
        }
        int sent = to.in.putMessage(sending, local());
        if (sent == WAIT && to != target) {
            to.in.watch(new Once(to.in));
            // There may have been room before it watched.
            sent = to.in.putMessage(sending, local());
        }
        return sent;
    }

    /** Tells this socket, once, that another inbox has changed, at which it waits for room without being connected. */
    private final class Once implements Runnable {

        private final Inbox full;

        Once(Inbox full) {
            this.full = full;
        }

        @Override
        public void run() {
            full.unwatch(this);
            changed();
        }
    }

    @Override
    protected int tryReceive(Receiving room) throws ErrnoException {
        return in.takeMessage(room);
    }

    @Override
    public int available() {
        return in.available(true);
    }

    @Override
    public int events() {
        UnixDatagram to = target;
        boolean room = to == null || to == this || to.in.hasRoom();
        boolean ended = in.ended();
        return (in.hasSome() || ended ? Events.IN | Events.READ_NORMAL : 0) | (ended ? Events.READ_HANG_UP : 0)
                | (ended && noMoreOut ? Events.HANG_UP : 0) | (room ? Events.OUT | Events.WRITE_NORMAL : 0);
    }

    @Override
    protected void close() {
        unbind();
        aim(null);
        in.unwatch(tell);
        in.discard();
    }
}
