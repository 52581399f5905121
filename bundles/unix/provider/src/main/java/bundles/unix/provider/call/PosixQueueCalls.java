package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.ipc.PosixQueue;
import bundles.unix.provider.ipc.PosixQueueFile;
import bundles.unix.provider.ipc.PosixQueues;
import bundles.unix.provider.process.PosixTimers;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.socket.NetlinkSocket;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** POSIX message queues (mq_overview(7)). The C library takes the slash off the names. */
final class PosixQueueCalls {

    private static final int ATTRIBUTES = 64, SIGEVENT = 64;
    /** Bytes that tell one of the C library's from another, the last of which says what happened (linux/mqueue.h). */
    private static final int COOKIE = 32, WOKEN_UP = 1, REMOVED = 2;

    private PosixQueueCalls() {}

    static List<Call> calls() {
        return List.of(full(432, "mq_open", "sxox", PosixQueueCalls::open), full(433, "mq_unlink", "s", (t, c) -> {
            t.kernel().systemV().posix().unlink(name(t, c));
            return 0;
        }), full(434, "mq_timedsend", "fxddx", PosixQueueCalls::send),
                full(435, "mq_timedreceive", "fxdxx", PosixQueueCalls::receive),
                full(436, "mq_notify", "fx", PosixQueueCalls::tell),
                full(437, "mq_getsetattr", "fxx", PosixQueueCalls::attributes));
    }

    private static String name(UnixThread thread, UserContext context) throws ErrnoException {
        return thread.memory().readPath(context.argument(0));
    }

    private static PosixQueueFile file(UnixThread thread, UserContext context) throws ErrnoException {
        if (thread.file(context.argument(0)) instanceof PosixQueueFile file) {
            return file;
        }
        throw Errno.EBADF.exception();
    }

    private static long open(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int flags = (int) context.argument(1);
        long most = 0;
        long longest = 0;
        if ((flags & OpenFlags.O_CREAT) != 0 && context.argument(3) != 0) {
            ByteBuffer wanted = thread.memory().read(context.argument(3), ATTRIBUTES);
            most = wanted.getLong(8);
            longest = wanted.getLong(16);
            if (most <= 0 || longest <= 0) {
                most = -1; // which is refused if the queue has to be made
            }
        }
        int mode = (int) context.argument(2) & 0777 & ~thread.umask();
        PosixQueueFile file = thread.kernel().systemV().posix().open(name(thread, context), flags,
                new PosixQueues.Attributes(mode, most, longest, thread.limits().soft(ResourceLimits.MSGQUEUE)));
        try {
            return thread.files().add(file, true); // whatever the flags are, as on Linux
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    /** Nanoseconds from now to a time of the day, {@code Long.MAX_VALUE} if there is none. */
    private static long timeout(UnixThread thread, long at) throws ErrnoException {
        return at == 0
                ? Long.MAX_VALUE
                : Math.max(0, TimeCalls.duration(thread.memory().read(at, 16)) - thread.kernel().clock().realTime());
    }

    private static long send(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long length = context.argument(2);
        long priority = context.argument(3) & 0xFFFFFFFFL;
        if (priority >= PosixQueues.PRIORITIES) {
            throw Errno.EINVAL.exception();
        }
        long timeout = timeout(thread, context.argument(4));
        PosixQueueFile file = file(thread, context);
        file.needWritable();
        if (Long.compareUnsigned(length, file.queue().longest()) > 0) {
            throw Errno.EMSGSIZE.exception();
        }
        byte[] text = new byte[(int) length];
        thread.memory().read(context.argument(1), text, 0, text.length);
        file.send(thread.signals(), new PosixQueue.Message((int) priority, text), timeout);
        return 0;
    }

    private static long receive(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long timeout = timeout(thread, context.argument(4));
        PosixQueueFile file = file(thread, context);
        file.needReadable();
        if (Long.compareUnsigned(context.argument(2), file.queue().longest()) < 0) {
            throw Errno.EMSGSIZE.exception();
        }
        PosixQueue.Message message = file.receive(thread.signals(), timeout);
        if (context.argument(3) != 0) {
            thread.memory().writeInt(context.argument(3), message.priority());
        }
        thread.memory().write(context.argument(1), message.text(), 0, message.text().length);
        return message.text().length;
    }

    /** A process that is told in its way, or not at all; equal to another of the same process. */
    private record Told(UnixProcess process, Runnable way, Runnable end) implements PosixQueue.Notice {

        @Override
        public boolean alive() {
            return !process.ended();
        }

        @Override
        public void tell() {
            way.run();
        }

        @Override
        public void removed() {
            end.run();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Told told && told.process == process;
        }

        @Override
        public int hashCode() {
            return process.hashCode();
        }
    }

    private static final Runnable NOTHING = () -> {};

    private static long tell(UnixThread thread, UserContext context) throws ErrnoException {
        UnixProcess process = thread.process();
        if (context.argument(1) == 0) {
            file(thread, context).tellNot(new Told(process, NOTHING, NOTHING));
            return 0;
        }
        ByteBuffer event = thread.memory().read(context.argument(1), SIGEVENT);
        long value = event.getLong(0);
        int signal = event.getInt(8);
        Told told = switch (event.getInt(12)) {
            case PosixTimers.SIGEV_NONE -> new Told(process, NOTHING, NOTHING);
            case PosixTimers.SIGEV_SIGNAL -> bySignal(thread, signal, value);
            case PosixTimers.SIGEV_THREAD -> bySocket(thread, signal, value);
            default -> throw Errno.EINVAL.exception();
        };
        file(thread, context).tell(told);
        return 0;
    }

    private static Told bySignal(UnixThread thread, int signal, long value) throws ErrnoException {
        if (signal < 0 || signal > Signal.MAX) {
            throw Errno.EINVAL.exception();
        }
        UnixProcess process = thread.process();
        long sender = SignalInfo.from(signal, 0, process.id(), thread.kernel().user()).first();
        var info = new SignalInfo(signal, Signal.SI_MESGQ, sender, value);
        return new Told(process, signal == 0 ? NOTHING : () -> process.send(info), NOTHING);
    }

    /** The C library waits at a netlink socket, of which it gives the descriptor, for what it has at an address, with the end changed. */
    private static Told bySocket(UnixThread thread, int descriptor, long at) throws ErrnoException {
        byte[] cookie = new byte[COOKIE];
        thread.memory().read(at, cookie, 0, COOKIE);
        OpenFile file = thread.file(descriptor);
        if (!(file instanceof NetlinkSocket socket)) {
            throw (file instanceof Socket ? Errno.EINVAL : Errno.ENOTSOCK).exception();
        }
        return new Told(thread.process(), () -> socket.tell(with(cookie, WOKEN_UP)),
                () -> socket.tell(with(cookie, REMOVED)));
    }

    private static byte[] with(byte[] cookie, int what) {
        byte[] message = cookie.clone();
        message[COOKIE - 1] = (byte) what;
        return message;
    }

    private static long attributes(UnixThread thread, UserContext context) throws ErrnoException {
        long flags = -1;
        if (context.argument(1) != 0) {
            flags = thread.memory().read(context.argument(1), ATTRIBUTES).getLong(0);
            if ((flags & ~(long) OpenFlags.O_NONBLOCK) != 0) {
                throw Errno.EINVAL.exception();
            }
        }
        PosixQueueFile file = file(thread, context);
        ByteBuffer old = UserMemory.struct(ATTRIBUTES).putLong(file.flags() & OpenFlags.O_NONBLOCK)
                .putLong(file.queue().most()).putLong(file.queue().longest()).putLong(file.queue().count());
        if (flags >= 0) {
            file.setFlags(file.flags() & ~OpenFlags.O_NONBLOCK | (int) flags);
        }
        if (context.argument(2) != 0) {
            thread.memory().write(context.argument(2), old);
        }
        return 0;
    }
}
