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
 * An address of the Internet's families and a port ({@code struct sockaddr_in}, ip(7); {@code struct sockaddr_in6}, ipv6(7)). A socket
 * of IPv6 sees IPv4 addresses in their mapped form, which is the one that {@link IpAddress} keeps them in. Immutable.
 *
 * @param address of either family
 * @param port 0 to 65535
 */
record InetAddress(IpAddress address, int port) {

    private static final int SIZE = 16, SIZE_6 = 28, LEAST_6 = 24, AT_6 = 8;

    /** No address, no port. */
    private static final InetAddress NONE = new InetAddress(IpAddress.ANY, 0),
            NONE_6 = new InetAddress(IpAddress.ANY6, 0);

    /** No address of a socket's family, no port. */
    static InetAddress none(boolean six) {
        return six ? NONE_6 : NONE;
    }

    /** The address that stands for this machine if a program connects to none. */
    static IpAddress reachable(IpAddress address) {
        return !address.isAny() ? address : address.isV4() ? IpAddress.LOOPBACK : IpAddress.LOOPBACK6;
    }

    /** Reads one that a program gives to a socket of one of the families. */
    static InetAddress of(byte[] bytes, boolean six) throws ErrnoException {
        return six ? six(bytes) : of(bytes);
    }

    private static InetAddress six(byte[] bytes) throws ErrnoException {
        if (bytes.length < LEAST_6) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer struct = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if ((struct.getShort(0) & 0xFFFF) != Socket.AF_INET6) {
            throw Errno.EAFNOSUPPORT.exception();
        }
        int scope = bytes.length >= SIZE_6 ? struct.getInt(24) : 0;
        IpAddress address = IpAddress.of(bytes, AT_6);
        return new InetAddress(scope > 0 && scope < 0x10000 ? address.scoped(scope) : address,
                struct.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xFFFF);
    }

    /** As programs have it in a socket of one of the families. */
    byte[] bytes(boolean six) {
        return bytes(address, port, six);
    }

    /** As programs have it in a socket of one of the families. */
    static byte[] bytes(IpAddress address, int port, boolean six) {
        return !six
                ? bytes(address, port)
                : UserMemory.struct(SIZE_6).putShort((short) Socket.AF_INET6).order(ByteOrder.BIG_ENDIAN)
                        .putShort((short) port).putInt(0).put(address.bytes()).order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(address.scope()).array();
    }

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
            case LIMIT -> Errno.ENOBUFS;
            case OTHER -> Errno.EIO;
        };
    }

    /** What a system call throws for what the network says. */
    static ErrnoException exception(java.io.IOException e) {
        return (e instanceof NetworkException known ? errno(known.reason()) : Errno.EIO).exception();
    }
}
