package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.Kernel;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Caller;
import bundles.unix.provider.socket.Credentials;
import bundles.unix.provider.socket.Internet;
import bundles.unix.provider.socket.NetlinkSocket;
import bundles.unix.provider.socket.Socket;
import bundles.unix.provider.socket.UnixDatagram;
import bundles.unix.provider.socket.UnixSocket;
import bundles.unix.provider.socket.UnixStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that make and connect sockets: socket(2), bind(2), listen(2), accept(2), connect(2), shutdown(2) ... */
final class SocketCalls {

    /** Flags in a type (asm/socket.h: not O_NONBLOCK, on the Alpha). */
    private static final int SOCK_NONBLOCK = 0x4000_0000, SOCK_CLOEXEC = OpenFlags.O_CLOEXEC, TYPES = 15;
    private static final int LONGEST_ADDRESS = 128, MOST_BACKLOG = 4096, FAMILIES = 46;

    private SocketCalls() {}

    static List<Call> calls() {
        String families = "families UNIX, INET and INET6 (TCP, UDP), and NETLINK for notices of message queues only; no port of UDP for both families apart";
        return List.of(partly(97, "socket", "ddd", families, SocketCalls::socket),
                full(135, "socketpair", "dddx", SocketCalls::pair), full(104, "bind", "fxd", (t, c) -> {
                    socket(t, c.argument(0)).bind(address(t, c.argument(1), c.argument(2)), new ThreadCaller(t));
                    return 0;
                }), full(98, "connect", "fxd", (t, c) -> {
                    Socket socket = socket(t, c.argument(0));
                    socket.connect(t.signals(), address(t, c.argument(1), c.argument(2)), new ThreadCaller(t));
                    return 0;
                }), full(106, "listen", "fd", (t, c) -> {
                    int backlog = (int) c.argument(1);
                    // A negative one is a large one (listen(2) casts it).
                    socket(t, c.argument(0)).listen(backlog < 0 ? MOST_BACKLOG : Math.min(backlog, MOST_BACKLOG),
                            new ThreadCaller(t));
                    return 0;
                }), full(99, "accept", "fxx", (t, c) -> accept(t, c, 0)),
                full(502, "accept4", "fxxd", (t, c) -> accept(t, c, (int) c.argument(3))),
                full(134, "shutdown", "fd", SocketCalls::shutdown), full(150, "getsockname", "fxx", (t, c) -> {
                    putAddress(t, socket(t, c.argument(0)).local(), c.argument(1), c.argument(2));
                    return 0;
                }), full(141, "getpeername", "fxx", (t, c) -> {
                    putAddress(t, socket(t, c.argument(0)).peer(), c.argument(1), c.argument(2));
                    return 0;
                }));
    }

    /** A thread as sockets see it. */
    record ThreadCaller(UnixThread thread) implements Caller {

        @Override
        public Credentials credentials() {
            return SocketCalls.credentials(thread);
        }

        @Override
        public Path path(String name) throws ErrnoException {
            return Paths.named(thread, name);
        }

        @Override
        public int umask() {
            return thread.umask();
        }
    }

    /** Who a thread is. */
    static Credentials credentials(UnixThread thread) {
        return new Credentials(thread.process().id(), thread.kernel().user(), thread.kernel().group());
    }

    /** The socket of a descriptor. @throws ErrnoException EBADF, ENOTSOCK */
    static Socket socket(UnixThread thread, long descriptor) throws ErrnoException {
        if (thread.file(descriptor) instanceof Socket socket) {
            return socket;
        }
        throw Errno.ENOTSOCK.exception();
    }

    /** An address that a program gives. */
    static byte[] address(UnixThread thread, long at, long length) throws ErrnoException {
        if ((int) length < 0 || (int) length > LONGEST_ADDRESS) {
            throw Errno.EINVAL.exception();
        }
        byte[] address = new byte[(int) length];
        thread.memory().read(at, address, 0, address.length);
        return address;
    }

    /** Gives a program an address: as much as there is room for, and how long it is. */
    static void putAddress(UnixThread thread, byte[] address, long at, long lengthAt) throws ErrnoException {
        int room = thread.memory().readInt(lengthAt);
        if (room < 0) {
            throw Errno.EINVAL.exception();
        }
        thread.memory().write(at, address, 0, Math.min(room, address.length));
        thread.memory().writeInt(lengthAt, address.length);
    }

    private static int flags(long type) throws ErrnoException {
        int flags = (int) type & ~TYPES;
        if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            throw Errno.EINVAL.exception();
        }
        return flags;
    }

    private static int status(int flags) {
        return (flags & SOCK_NONBLOCK) != 0 ? OpenFlags.O_NONBLOCK : 0;
    }

    private static int add(UnixThread thread, OpenFile file, int flags) throws ErrnoException, IOException {
        try {
            return thread.files().add(file, (flags & SOCK_CLOEXEC) != 0);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private static long socket(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int domain = (int) context.argument(0);
        int flags = flags(context.argument(1));
        int type = (int) context.argument(1) & TYPES;
        int protocol = (int) context.argument(2);
        checkType(domain, type);
        Kernel kernel = thread.kernel();
        Internet internet = isInternet(domain) ? kernel.internet() : null;
        if (internet != null) {
            return add(thread, internet.socket(domain, type, protocol, status(flags), kernel.clock(),
                    thread.process().id(), thread.process().command()), flags);
        }
        if (domain == NetlinkSocket.AF_NETLINK) {
            return add(thread, netlink(type, protocol, status(flags), kernel), flags);
        }
        if (domain != Socket.AF_UNIX) {
            throw Errno.EAFNOSUPPORT.exception();
        }
        type = unixType(type, protocol);
        Socket socket = type == Socket.DATAGRAM
                ? new UnixDatagram(kernel.sockets(), status(flags), kernel.clock())
                : new UnixStream(kernel.sockets(), type, status(flags), kernel.clock());
        return add(thread, socket, flags);
    }

    private static Socket netlink(int type, int protocol, int flags, Kernel kernel) throws ErrnoException {
        if (type != Socket.RAW && type != Socket.DATAGRAM) {
            throw Errno.ESOCKTNOSUPPORT.exception();
        }
        if (protocol != NetlinkSocket.ROUTE) {
            throw Errno.EPROTONOSUPPORT.exception();
        }
        return new NetlinkSocket(type, flags, kernel.clock());
    }

    private static boolean isInternet(int domain) {
        return domain == Socket.AF_INET || domain == Socket.AF_INET6;
    }

    private static void checkType(int domain, int type) throws ErrnoException {
        if (domain < 0 || domain >= FAMILIES) {
            throw Errno.EAFNOSUPPORT.exception();
        }
        if (type > 10) {
            throw Errno.EINVAL.exception();
        }
    }

    private static int unixType(int type, int protocol) throws ErrnoException {
        if (protocol != 0 && protocol != Socket.AF_UNIX) {
            throw Errno.EPROTONOSUPPORT.exception();
        }
        if (type != Socket.STREAM && type != Socket.DATAGRAM && type != Socket.SEQUENCED && type != Socket.RAW) {
            throw Errno.ESOCKTNOSUPPORT.exception();
        }
        // Linux takes a raw socket of this family for one of messages.
        return type == Socket.RAW ? Socket.DATAGRAM : type;
    }

    private static long pair(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int flags = flags(context.argument(1));
        int domain = (int) context.argument(0);
        int type = (int) context.argument(1) & TYPES;
        checkType(domain, type);
        if (domain != Socket.AF_UNIX) {
            boolean known = isInternet(domain) && thread.kernel().internet() != null;
            throw (known ? Errno.EOPNOTSUPP : Errno.EAFNOSUPPORT).exception();
        }
        type = unixType(type, (int) context.argument(2));
        Kernel kernel = thread.kernel();
        Credentials maker = credentials(thread);
        List<UnixSocket> pair = type == Socket.DATAGRAM
                ? UnixDatagram.pair(kernel.sockets(), status(flags), kernel.clock(), maker)
                : UnixStream.pair(kernel.sockets(), type, status(flags), kernel.clock(), maker);
        int first;
        try {
            first = add(thread, pair.get(0), flags);
        } catch (ErrnoException e) {
            pair.get(1).release();
            throw e;
        }
        int second = -1;
        try {
            second = add(thread, pair.get(1), flags);
            ByteBuffer both = UserMemory.struct(8).putInt(first).putInt(second);
            thread.memory().write(context.argument(3), both);
        } catch (ErrnoException e) {
            thread.files().close(first);
            if (second >= 0) {
                thread.files().close(second);
            }
            throw e;
        }
        return 0;
    }

    private static long accept(UnixThread thread, UserContext context, int flags) throws ErrnoException, IOException {
        if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0) {
            throw Errno.EINVAL.exception();
        }
        Socket socket = socket(thread, context.argument(0));
        Socket made = socket.accept(thread.signals(), status(flags));
        int descriptor = add(thread, made, flags);
        if (context.argument(1) != 0) {
            try {
                putAddress(thread, peer(made), context.argument(1), context.argument(2));
            } catch (ErrnoException e) {
                thread.files().close(descriptor);
                throw e;
            }
        }
        return descriptor;
    }

    private static byte[] peer(Socket made) throws ErrnoException {
        try {
            return made.peer();
        } catch (ErrnoException e) {
            // It has gone meanwhile.
            throw Errno.ECONNABORTED.exception();
        }
    }

    private static long shutdown(UnixThread thread, UserContext context) throws ErrnoException {
        Socket socket = socket(thread, context.argument(0));
        int how = (int) context.argument(1);
        if (how < 0 || how > 2) {
            throw Errno.EINVAL.exception();
        }
        socket.shutdown(how != 1, how != 0);
        return 0;
    }
}
