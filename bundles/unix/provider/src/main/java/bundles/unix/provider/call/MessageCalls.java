package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.socket.Receiving;
import bundles.unix.provider.socket.Sending;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that move data through sockets: send(2), recv(2) and what is like them; read(2) and write(2) on sockets. */
final class MessageCalls {

    private static final int MSG_OOB = 1, MSG_PEEK = 2, MSG_CTRUNC = 8, MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40,
            MSG_EOR = 0x80, MSG_WAITALL = 0x100, MSG_ERRQUEUE = 0x2000, MSG_NOSIGNAL = 0x4000, MSG_MORE = 0x8000,
            MSG_WAITFORONE = 0x10000, MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int HEADER = 56, LONGEST_MESSAGE = 256 * 1024, MOST_MESSAGES = 1024;

    private MessageCalls() {}

    static List<Call> calls() {
        String missing = "no MSG_OOB, MSG_ERRQUEUE";
        return List.of(partly(101, "send", "fbdx", missing,
                (t, c) -> send(t, c, List.of(c.argument(1), c.argument(2)), 0, 0)),
                partly(133, "sendto", "fbdxxd", missing,
                        (t, c) -> send(t, c, List.of(c.argument(1), c.argument(2)), c.argument(4), c.argument(5))),
                partly(102, "recv", "fbdx", missing, (t, c) -> receive(t, c, 0, 0)),
                partly(125, "recvfrom", "fbdxxx", missing,
                        (t, c) -> receive(t, c, c.argument(4), c.argument(5))),
                partly(114, "sendmsg", "fxx", missing,
                        (t, c) -> sendMessage(t, socket(t, c), c.argument(1), (int) c.argument(2))),
                partly(113, "recvmsg", "fxx", missing,
                        (t, c) -> receiveMessage(t, socket(t, c), c.argument(1), (int) c.argument(2))),
                partly(503, "sendmmsg", "fxdx", missing, MessageCalls::sendMessages),
                partly(479, "recvmmsg", "fxdxx", missing + "; its time limit is that of the first message",
                        MessageCalls::receiveMessages));
    }

    private static Socket socket(UnixThread thread, UserContext context) throws ErrnoException {
        return SocketCalls.socket(thread, context.argument(0));
    }

    private static long send(UnixThread thread, UserContext context, List<Long> buffer, long addressAt, long length)
            throws ErrnoException, IOException {
        Socket socket = socket(thread, context);
        byte[] to = addressAt == 0 ? null : SocketCalls.address(thread, addressAt, length);
        var given = new ControlMessages.Given(List.of(), SocketCalls.credentials(thread));
        return send(thread, socket, Pieces.of(buffer.get(0), buffer.get(1)), to, given, (int) context.argument(3));
    }

    /** write(2) and writev(2). */
    static long write(UnixThread thread, Socket socket, Pieces pieces) throws ErrnoException, IOException {
        return send(thread, socket, pieces, null,
                new ControlMessages.Given(List.of(), SocketCalls.credentials(thread)), 0);
    }

    private static long send(UnixThread thread, Socket socket, Pieces pieces, byte[] to, ControlMessages.Given given,
            int flags) throws ErrnoException, IOException {
        if ((flags & MSG_OOB) != 0) {
            throw Errno.EOPNOTSUPP.exception();
        }
        boolean wait = (flags & MSG_DONTWAIT) == 0 && (socket.flags() & OpenFlags.O_NONBLOCK) == 0;
        try {
            return socket.keepsMessages()
                    ? sendWhole(thread, socket, pieces, to, given, wait)
                    : sendStream(thread, socket, pieces, to, given, wait, (flags & MSG_MORE) != 0);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EPIPE && socket.signalsBrokenPipe() && (flags & MSG_NOSIGNAL) == 0) {
                thread.signals().send(SignalInfo.from(Signal.SIGPIPE, Signal.SI_USER, thread.process().id(),
                        thread.kernel().user()));
            }
            throw e;
        }
    }

    private static long sendWhole(UnixThread thread, Socket socket, Pieces pieces, byte[] to,
            ControlMessages.Given given, boolean wait) throws ErrnoException, IOException {
        if (pieces.total() > LONGEST_MESSAGE) {
            throw Errno.EMSGSIZE.exception();
        }
        int length = (int) pieces.total();
        byte[] bytes = length <= thread.memory().transfer().length ? thread.memory().transfer() : new byte[length];
        pieces.copyIn(thread.memory(), 0, bytes, length);
        return socket.send(thread.signals(), new Sending(bytes, 0, length, to, given.files(), given.credentials(),
                new SocketCalls.ThreadCaller(thread), false), wait);
    }

    private static long sendStream(UnixThread thread, Socket socket, Pieces pieces, byte[] to,
            ControlMessages.Given given, boolean wait, boolean more) throws ErrnoException, IOException {
        byte[] buffer = thread.memory().transfer();
        long sent = 0;
        var files = given.files();
        do {
            int part = (int) Math.min(buffer.length, pieces.total() - sent);
            try {
                pieces.copyIn(thread.memory(), sent, buffer, part);
                for (int done = 0; done < part || part == 0;) {
                    int some = socket.send(thread.signals(), new Sending(buffer, done, part - done, to, files,
                            given.credentials(), null, more || sent + part < pieces.total()), wait);
                    files = List.of();
                    done += some;
                    sent += some;
                    if (part == 0) {
                        return 0;
                    }
                }
            } catch (ErrnoException e) {
                if (sent > 0) {
                    return sent;
                }
                throw e;
            }
        } while (sent < pieces.total());
        return sent;
    }

    private static long receive(UnixThread thread, UserContext context, long addressAt, long lengthAt)
            throws ErrnoException, IOException {
        Socket socket = socket(thread, context);
        Pieces pieces = Pieces.of(context.argument(1), context.argument(2));
        int flags = (int) context.argument(3);
        Receiving[] last = new Receiving[1];
        long count = receive(thread, socket, pieces, flags, last);
        ControlMessages.drop(last[0]);
        if (addressAt != 0) {
            if (last[0].from() != null) {
                SocketCalls.putAddress(thread, last[0].from(), addressAt, lengthAt);
            } else {
                thread.memory().writeInt(lengthAt, 0);
            }
        }
        return result(socket, last[0], count, flags);
    }

    private static long result(Socket socket, Receiving received, long count, int flags) {
        return (flags & MSG_TRUNC) != 0 && socket.keepsMessages() ? received.whole() : count;
    }

    /** read(2) and readv(2). */
    static long read(UnixThread thread, Socket socket, Pieces pieces) throws ErrnoException, IOException {
        if (pieces.total() == 0) {
            return 0;
        }
        Receiving[] last = new Receiving[1];
        long count = receive(thread, socket, pieces, 0, last);
        ControlMessages.drop(last[0]);
        return count;
    }

    /**
     * Receives into memory.
     *
     * @param last is given what was received first, of which the address and the like are told
     */
    private static long receive(UnixThread thread, Socket socket, Pieces pieces, int flags, Receiving[] last)
            throws ErrnoException, IOException {
        if ((flags & MSG_OOB) != 0) {
            throw Errno.EINVAL.exception();
        }
        if ((flags & MSG_ERRQUEUE) != 0) {
            throw Errno.EAGAIN.exception();
        }
        boolean wait = (flags & MSG_DONTWAIT) == 0 && (socket.flags() & OpenFlags.O_NONBLOCK) == 0;
        boolean peek = (flags & MSG_PEEK) != 0;
        int most = (int) Math.min(pieces.total(), LONGEST_MESSAGE);
        byte[] transfer = thread.memory().transfer();
        byte[] buffer = most <= transfer.length || !socket.keepsMessages() && !peek ? transfer : new byte[most];
        long total = 0;
        do {
            var room = new Receiving(buffer, 0, (int) Math.min(buffer.length, pieces.total() - total), peek);
            int count;
            try {
                boolean more = total == 0 || (flags & MSG_WAITALL) != 0;
                count = socket.receive(thread.signals(), room, wait && more);
                pieces.copyOut(thread.memory(), total, buffer, count);
            } catch (ErrnoException e) {
                if (total > 0) {
                    return total;
                }
                throw e;
            }
            total += count;
            last[0] = last[0] == null ? room : last[0];
            boolean full = room.length() == count || (flags & MSG_WAITALL) != 0;
            if (socket.keepsMessages() || peek || count == 0 || !full || !room.files().isEmpty()) {
                break;
            }
        } while (total < pieces.total());
        return total;
    }

    private static long sendMessage(UnixThread thread, Socket socket, long at, int flags)
            throws ErrnoException, IOException {
        ByteBuffer header = thread.memory().read(at, HEADER);
        byte[] to = header.getLong(0) == 0 || header.getInt(8) == 0
                ? null
                : SocketCalls.address(thread, header.getLong(0), Math.min(header.getInt(8), 128));
        Pieces pieces = Pieces.of(thread.memory(), header.getLong(16), header.getLong(24));
        var given = ControlMessages.read(thread, socket, header.getLong(32), header.getLong(40));
        return send(thread, socket, pieces, to, given, flags);
    }

    private static long receiveMessage(UnixThread thread, Socket socket, long at, int flags)
            throws ErrnoException, IOException {
        ByteBuffer header = thread.memory().read(at, HEADER);
        Pieces pieces = Pieces.of(thread.memory(), header.getLong(16), header.getLong(24));
        Receiving[] last = new Receiving[1];
        long count = receive(thread, socket, pieces, flags, last);
        Receiving received = last[0];
        int told = flags & MSG_CMSG_CLOEXEC;
        var taken = new ControlMessages.Taken(0, false);
        if (header.getLong(32) != 0 && header.getLong(40) > 0) {
            taken = ControlMessages.write(thread, socket, received, header.getLong(32), header.getLong(40),
                    (flags & MSG_CMSG_CLOEXEC) != 0);
        } else if (ControlMessages.drop(received) || socket.options().passCredentials
                && received.credentials() != null) {
            taken = new ControlMessages.Taken(0, true);
        }
        told |= taken.truncated() ? MSG_CTRUNC : 0;
        if (socket.keepsMessages()) {
            told |= (received.truncated() ? MSG_TRUNC : 0)
                    | (received.record() && socket.type() == Socket.SEQUENCED ? MSG_EOR : 0);
        }
        if (header.getLong(0) != 0) {
            byte[] from = received.from() == null ? new byte[0] : received.from();
            thread.memory().write(header.getLong(0), from, 0, Math.min(from.length, Math.max(0, header.getInt(8))));
            thread.memory().writeInt(at + 8, from.length);
        }
        thread.memory().writeLong(at + 40, taken.length());
        thread.memory().writeInt(at + 48, told);
        return result(socket, received, count, flags);
    }

    private static long sendMessages(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Socket socket = socket(thread, context);
        int most = Math.clamp(context.argument(2) & 0xFFFF_FFFFL, 0, MOST_MESSAGES);
        for (int i = 0; i < most; i++) {
            long at = context.argument(1) + (HEADER + 8L) * i;
            try {
                thread.memory().writeInt(at + HEADER,
                        (int) sendMessage(thread, socket, at, (int) context.argument(3)));
            } catch (ErrnoException e) {
                if (i > 0) {
                    return i;
                }
                throw e;
            }
        }
        return most;
    }

    private static long receiveMessages(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Socket socket = socket(thread, context);
        int most = Math.clamp(context.argument(2) & 0xFFFF_FFFFL, 0, MOST_MESSAGES);
        int flags = (int) context.argument(3);
        for (int i = 0; i < most; i++) {
            long at = context.argument(1) + (HEADER + 8L) * i;
            boolean later = i > 0 && (flags & MSG_WAITFORONE) != 0;
            try {
                long count = receiveMessage(thread, socket, at,
                        flags & ~MSG_WAITFORONE | (later ? MSG_DONTWAIT : 0));
                thread.memory().writeInt(at + HEADER, (int) count);
            } catch (ErrnoException e) {
                if (i > 0) {
                    return i;
                }
                throw e;
            }
        }
        return most;
    }
}
