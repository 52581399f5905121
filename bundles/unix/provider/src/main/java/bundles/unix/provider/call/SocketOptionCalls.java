package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Credentials;
import bundles.unix.provider.socket.Socket;
import bundles.unix.provider.socket.SocketOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import kernel.core.machine.UserContext;

/** getsockopt(2), setsockopt(2). The Alpha has OSF/1's numbers for what that had (asm/socket.h). */
final class SocketOptionCalls {

    private static final int SOL_SOCKET = ControlMessages.SOL_SOCKET;
    private static final int SO_DEBUG = 1, SO_REUSEADDR = 4, SO_KEEPALIVE = 8, SO_DONTROUTE = 0x10,
            SO_BROADCAST = 0x20, SO_LINGER = 0x80, SO_OOBINLINE = 0x100, SO_REUSEPORT = 0x200, SO_SNDBUF = 0x1001,
            SO_RCVBUF = 0x1002, SO_ERROR = 0x1007, SO_TYPE = 0x1008, SO_SNDBUFFORCE = 0x100a,
            SO_RCVBUFFORCE = 0x100b, SO_RCVLOWAT = 0x1010, SO_SNDLOWAT = 0x1011, SO_RCVTIMEO = 0x1012,
            SO_SNDTIMEO = 0x1013, SO_ACCEPTCONN = 0x1014, SO_PROTOCOL = 0x1028, SO_DOMAIN = 0x1029,
            SO_NO_CHECK = 11, SO_PRIORITY = 12, SO_BSDCOMPAT = 14, SO_PASSCRED = 17, SO_PEERCRED = 18,
            SO_TIMESTAMP = 29, SO_MARK = 36, SO_RCVTIMEO_NEW = 66, SO_SNDTIMEO_NEW = 67;
    /** Bounds of buffers (net.core.wmem_max, net.core.rmem_max; the least that Linux has). */
    private static final int MOST_BUFFER = 212_992, LEAST_SEND = 4608, LEAST_RECEIVE = 2304;

    private SocketOptionCalls() {}

    static List<Call> calls() {
        String missing = "options that are not there answer ENOPROTOOPT; sizes of buffers are only remembered";
        return List.of(partly(118, "getsockopt", "fddxx", missing, SocketOptionCalls::get),
                partly(105, "setsockopt", "fddxd", missing, SocketOptionCalls::set));
    }

    private static long get(UnixThread thread, UserContext context) throws ErrnoException {
        Socket socket = SocketCalls.socket(thread, context.argument(0));
        int level = (int) context.argument(1);
        int name = (int) context.argument(2);
        int room = thread.memory().readInt(context.argument(4));
        if (room < 0) {
            throw Errno.EINVAL.exception();
        }
        byte[] value = level == SOL_SOCKET ? get(socket, name) : socket.option(level, name);
        int length = Math.min(room, value.length);
        thread.memory().write(context.argument(3), value, 0, length);
        thread.memory().writeInt(context.argument(4), length);
        return 0;
    }

    private static byte[] word(long value) {
        return UserMemory.struct(4).putInt((int) value).array();
    }

    private static byte[] word(boolean value) {
        return word(value ? 1 : 0);
    }

    private static byte[] get(Socket socket, int name) throws ErrnoException {
        SocketOptions options = socket.options();
        return switch (name) {
            case SO_DEBUG -> word(options.debug);
            case SO_REUSEADDR -> word(options.reuseAddress);
            case SO_REUSEPORT -> word(options.reusePort);
            case SO_KEEPALIVE -> word(options.keepAlive);
            case SO_DONTROUTE -> word(options.dontRoute);
            case SO_BROADCAST -> word(options.broadcast);
            case SO_OOBINLINE -> word(options.outOfBandInline);
            case SO_TIMESTAMP -> word(options.timestamp);
            case SO_PRIORITY -> word(options.priority);
            case SO_MARK -> word(options.mark);
            case SO_SNDBUF -> word(options.sendBuffer);
            case SO_RCVBUF -> word(options.receiveBuffer);
            case SO_RCVLOWAT, SO_SNDLOWAT -> word(1);
            case SO_TYPE -> word(socket.type());
            case SO_PROTOCOL -> word(socket.protocol());
            case SO_DOMAIN -> word(socket.domain());
            case SO_ACCEPTCONN -> word(socket.listens());
            case SO_PASSCRED -> word(options.passCredentials);
            case SO_NO_CHECK, SO_BSDCOMPAT -> word(0);
            case SO_LINGER -> UserMemory.struct(8).putInt(options.linger < 0 ? 0 : 1)
                    .putInt(Math.max(0, options.linger)).array();
            case SO_RCVTIMEO, SO_RCVTIMEO_NEW -> time(options.receiveTimeout);
            case SO_SNDTIMEO, SO_SNDTIMEO_NEW -> time(options.sendTimeout);
            case SO_ERROR -> {
                Errno error = socket.takeError();
                yield word(error == null ? 0 : error.number());
            }
            case SO_PEERCRED -> {
                Credentials peer = socket.peerCredentials();
                yield UserMemory.struct(12).putInt(peer.process()).putInt(peer.user()).putInt(peer.group()).array();
            }
            default -> throw Errno.ENOPROTOOPT.exception();
        };
    }

    private static byte[] time(long nanoseconds) {
        return UserMemory.struct(16).putLong(nanoseconds / 1_000_000_000).putLong(nanoseconds / 1000 % 1_000_000)
                .array();
    }

    private static long set(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Socket socket = SocketCalls.socket(thread, context.argument(0));
        int level = (int) context.argument(1);
        int name = (int) context.argument(2);
        int length = (int) context.argument(4);
        if (length < 0) {
            throw Errno.EINVAL.exception();
        }
        byte[] value = new byte[Math.min(length, 4096)];
        thread.memory().read(context.argument(3), value, 0, value.length);
        if (level != SOL_SOCKET) {
            socket.setOption(level, name, value);
            return 0;
        }
        if (value.length < 4) {
            throw Errno.EINVAL.exception();
        }
        set(socket, name, ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN));
        socket.optionsChanged();
        return 0;
    }

    private static void set(Socket socket, int name, ByteBuffer value) throws ErrnoException {
        SocketOptions options = socket.options();
        int number = value.getInt(0);
        boolean on = number != 0;
        switch (name) {
            case SO_DEBUG -> options.debug = on;
            case SO_REUSEADDR -> options.reuseAddress = on;
            case SO_REUSEPORT -> options.reusePort = on;
            case SO_KEEPALIVE -> options.keepAlive = on;
            case SO_DONTROUTE -> options.dontRoute = on;
            case SO_BROADCAST -> options.broadcast = on;
            case SO_OOBINLINE -> options.outOfBandInline = on;
            case SO_TIMESTAMP -> options.timestamp = on;
            case SO_PRIORITY -> options.priority = number;
            case SO_MARK -> options.mark = number;
            case SO_SNDBUF, SO_SNDBUFFORCE -> options.sendBuffer = buffer(number, LEAST_SEND);
            case SO_RCVBUF, SO_RCVBUFFORCE -> options.receiveBuffer = buffer(number, LEAST_RECEIVE);
            case SO_PASSCRED -> options.passCredentials = on;
            case SO_RCVLOWAT, SO_NO_CHECK, SO_BSDCOMPAT -> {
                // Taken, of no effect.
            }
            case SO_LINGER -> {
                need(value, 8);
                options.linger = on ? Math.max(0, value.getInt(4)) : -1;
            }
            case SO_RCVTIMEO, SO_RCVTIMEO_NEW -> options.receiveTimeout = time(value);
            case SO_SNDTIMEO, SO_SNDTIMEO_NEW -> options.sendTimeout = time(value);
            default -> throw Errno.ENOPROTOOPT.exception();
        }
    }

    private static int buffer(int asked, int least) {
        return Math.max(least, 2 * Math.min(asked & Integer.MAX_VALUE, MOST_BUFFER));
    }

    private static void need(ByteBuffer value, int size) throws ErrnoException {
        if (value.capacity() < size) {
            throw Errno.EINVAL.exception();
        }
    }

    /** Nanoseconds of a {@code struct timeval}; 0: for ever. */
    private static long time(ByteBuffer value) throws ErrnoException {
        need(value, 16);
        long seconds = value.getLong(0);
        long microseconds = value.getLong(8);
        if (microseconds < 0 || microseconds >= 1_000_000) {
            throw Errno.EDOM.exception();
        }
        if (seconds < 0) {
            // Linux: not for a moment.
            return 1;
        }
        return seconds > Long.MAX_VALUE / 2_000_000_000 ? 0 : seconds * 1_000_000_000 + microseconds * 1000;
    }
}
