package kernel.ext.net.api.tcp;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import kernel.ext.net.api.IpAddress;

/** A port at which connections are accepted (state LISTEN). Used in the stack's strand. */
public final class TcpListening {

    /**
     * The address it is at; {@link IpAddress#ANY} for all of ours of IPv4, {@link IpAddress#ANY6} for all of both families
     * unless {@link #only6}.
     */
    public final IpAddress address;
    /** Whether it takes connections over IPv6 alone. */
    public final boolean only6;
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
        this(address, false, port, backlog, users, arrived);
    }

    /** Made by the stack for an application, which may want IPv6 alone. */
    public TcpListening(IpAddress address, boolean only6, int port, int backlog, Supplier<? extends TcpUser> users,
            Runnable arrived) {
        this.address = address;
        this.only6 = only6;
        this.port = port;
        this.backlog = backlog;
        this.users = users;
        this.arrived = arrived;
    }

    /** Whether connections to an address of ours are for it, not for it alone. */
    boolean takes(long high, long low) {
        if (!address.isAny()) {
            return address.low() == low && address.high() == high;
        }
        return IpAddress.isV4(high, low) ? address.isV4() || !only6 : !address.isV4();
    }

    /** Whether somebody who is at the one place would also be at the other. */
    public static boolean meet(IpAddress a, boolean only6A, IpAddress b, boolean only6B) {
        if (a.isAny() && b.isAny()) {
            return a.isV4() == b.isV4() || !(a.isV4() ? only6B : only6A);
        }
        if (a.isAny() || b.isAny()) {
            IpAddress any = a.isAny() ? a : b;
            IpAddress one = a.isAny() ? b : a;
            return any.isV4() == one.isV4() || !any.isV4() && !(a.isAny() ? only6A : only6B);
        }
        return a.equals(b);
    }
}
