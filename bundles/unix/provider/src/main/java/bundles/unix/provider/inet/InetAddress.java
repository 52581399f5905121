package bundles.unix.provider.inet;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.socket.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;

/**
 * An address of the Internet's family and a port ({@code struct sockaddr_in}, ip(7)). Immutable.
 *
 * @param address IPv4
 * @param port 0 to 65535
 */
record InetAddress(IpAddress address, int port) {

    private static final int SIZE = 16;

    /** No address, no port. */
    static final InetAddress NONE = new InetAddress(IpAddress.ANY, 0);

    /** Reads one. @throws ErrnoException EINVAL: too short; EAFNOSUPPORT: of another family */
    static InetAddress of(byte[] bytes) throws ErrnoException {
        if (bytes.length < SIZE) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer struct = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int family = struct.getShort() & 0xFFFF;
        struct.order(ByteOrder.BIG_ENDIAN);
        int port = struct.getShort() & 0xFFFF;
        IpAddress address = IpAddress.of(struct.getInt());
        if (family != Socket.AF_INET && !(family == Socket.AF_UNSPEC && address.isAny())) {
            throw Errno.EAFNOSUPPORT.exception();
        }
        return new InetAddress(address, port);
    }

    /** As programs have it. */
    byte[] bytes() {
        return bytes(address, port);
    }

    /** As programs have it. */
    static byte[] bytes(IpAddress address, int port) {
        return UserMemory.struct(SIZE).putShort((short) Socket.AF_INET).order(ByteOrder.BIG_ENDIAN)
                .putShort((short) port).putInt(address.v4()).array();
    }

    /** The error number of what the network says. */
    static Errno errno(NetworkException.Reason reason) {
        return switch (reason) {
            case IN_USE -> Errno.EADDRINUSE;
            case NOT_OURS -> Errno.EADDRNOTAVAIL;
            case NETWORK_UNREACHABLE -> Errno.ENETUNREACH;
            case HOST_UNREACHABLE -> Errno.EHOSTUNREACH;
            case REFUSED -> Errno.ECONNREFUSED;
            case RESET -> Errno.ECONNRESET;
            case ABORTED -> Errno.ECONNABORTED;
            case TIMED_OUT -> Errno.ETIMEDOUT;
            case SHUT -> Errno.EPIPE;
            case TOO_LONG -> Errno.EMSGSIZE;
            case DOWN -> Errno.ENETDOWN;
            case OTHER -> Errno.EIO;
        };
    }

    /** What a system call throws for what the network says. */
    static ErrnoException exception(java.io.IOException e) {
        return (e instanceof NetworkException known ? errno(known.reason()) : Errno.EIO).exception();
    }
}
