package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.core.machine.Clock;

/**
 * A socket at which the kernel tells a program something (netlink(7)). All that it tells is that a message has come into a queue, for which the
 * C library makes such a socket (mq_notify(3), SIGEV_THREAD). Nobody answers what a program sends, and there are no groups to join.
 */
public final class NetlinkSocket extends Socket {

    /** The address family. */
    public static final int AF_NETLINK = 16;
    /** The only protocol, NETLINK_ROUTE: that which the C library asks for. */
    public static final int ROUTE = 0;
    /** Bytes of {@code struct sockaddr_nl}. */
    private static final int ADDRESS = 12;

    private final Inbox in = new Inbox();

    /** A socket that hears nothing yet. @param flags status flags */
    public NetlinkSocket(int type, int flags, Clock clock) {
        super(AF_NETLINK, type, ROUTE, flags, clock, Inbox.ROOM);
        in.watch(this::changed);
    }

    /** The kernel tells something; lost if there is no room, or if the socket is closed, as on Linux. Waits for nothing. */
    public void tell(byte[] message) {
        try {
            in.putMessage(new Sending(message, 0, message.length, Credentials.NONE), kernelAddress());
        } catch (ErrnoException e) {
            // Closed: nobody wants to know any more.
        }
    }

    /** That of the kernel, and of a socket that was given none: number 0, no groups. */
    private static byte[] kernelAddress() {
        return ByteBuffer.allocate(ADDRESS).order(ByteOrder.LITTLE_ENDIAN).putShort((short) AF_NETLINK).array();
    }

    @Override
    public void bind(byte[] address, Caller caller) throws ErrnoException {
        throw Errno.EOPNOTSUPP.exception();
    }

    @Override
    public void connect(Waiter waiter, byte[] address, Caller caller) throws ErrnoException {
        throw Errno.EOPNOTSUPP.exception();
    }

    @Override
    public byte[] local() {
        return kernelAddress();
    }

    @Override
    public byte[] peer() {
        return kernelAddress();
    }

    @Override
    public void shutdown(boolean noMoreIn, boolean noMoreOut) throws ErrnoException {
        throw Errno.EOPNOTSUPP.exception();
    }

    @Override
    protected int trySend(Sending sending) throws ErrnoException {
        throw Errno.ECONNREFUSED.exception();
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
        return Events.of(in.hasSome(), true);
    }

    @Override
    protected void close() {
        in.discard();
    }
}
