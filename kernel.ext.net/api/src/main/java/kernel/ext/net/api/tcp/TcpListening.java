package kernel.ext.net.api.tcp;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import kernel.ext.net.api.IpAddress;

/** A port at which connections are accepted (state LISTEN). Used in the stack's strand. */
public final class TcpListening {

    /** The address it is at; {@link IpAddress#ANY} for all of ours. */
    public final IpAddress address;
    /** The port; 0 for any that nobody else listens at. */
    public final int port;
    /** How many connections may wait to be accepted. */
    public final int backlog;
    /** Called when a connection is established; takes it from {@link #ready} or leaves it there. */
    public final Runnable arrived;
    /** Makes what a new connection belongs to. */
    public final Supplier<? extends TcpUser> users;
    /** Established connections that nobody has accepted yet. */
    public final ArrayDeque<Tcb> ready = new ArrayDeque<>();
    /** Connections that were asked for and are not established. */
    public int halfOpen;
    /** Whether the stack has ended: nothing comes any more. */
    public boolean ended;
    /** Connections that were answered by a cookie alone, since the queue was full. */
    public long cookies;

    /** Made by the stack for an application. */
    public TcpListening(IpAddress address, int port, int backlog, Supplier<? extends TcpUser> users,
            Runnable arrived) {
        this.address = address;
        this.port = port;
        this.backlog = backlog;
        this.users = users;
        this.arrived = arrived;
    }
}
