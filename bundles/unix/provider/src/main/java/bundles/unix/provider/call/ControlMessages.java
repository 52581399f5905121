package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Credentials;
import bundles.unix.provider.socket.Receiving;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What goes with a message besides its data: files and credentials (cmsg(3), unix(7)). */
final class ControlMessages {

    /** The Alpha's level of sockets, in whose name these are. */
    static final int SOL_SOCKET = 0xFFFF;
    private static final int SCM_RIGHTS = 1, SCM_CREDENTIALS = 2, HEADER = 16, MOST_FILES = 253, LONGEST = 64 * 1024;

    private ControlMessages() {}

    /**
     * What is to be sent.
     *
     * @param files without references of their own
     * @param credentials the sender's, or what it is allowed to say it is
     */
    record Given(List<OpenFile> files, Credentials credentials) {}

    /** Reads what a program sends. */
    static Given read(UnixThread thread, Socket socket, long at, long length) throws ErrnoException {
        List<OpenFile> files = List.of();
        Credentials credentials = SocketCalls.credentials(thread);
        if (length == 0) {
            return new Given(files, credentials);
        }
        if (length < 0 || length > LONGEST) {
            throw Errno.ENOBUFS.exception();
        }
        ByteBuffer control = thread.memory().read(at, (int) length);
        for (int next = 0; control.capacity() - next >= HEADER;) {
            long size = control.getLong(next);
            if (size < HEADER || size > control.capacity() - next) {
                throw Errno.EINVAL.exception();
            }
            if (control.getInt(next + 8) == SOL_SOCKET && socket.domain() == Socket.AF_UNIX) {
                switch (control.getInt(next + 12)) {
                    case SCM_RIGHTS -> files = files(thread, control, next + HEADER, (int) size - HEADER);
                    case SCM_CREDENTIALS -> credentials = credentials(thread, control, next + HEADER,
                            (int) size - HEADER, credentials);
                    default -> throw Errno.EINVAL.exception();
                }
            }
            next += (int) size + 7 & ~7;
        }
        return new Given(files, credentials);
    }

    private static List<OpenFile> files(UnixThread thread, ByteBuffer control, int at, int size)
            throws ErrnoException {
        if (size / 4 > MOST_FILES) {
            throw Errno.EINVAL.exception();
        }
        List<OpenFile> files = new ArrayList<>();
        for (int i = 0; i < size / 4; i++) {
            files.add(thread.file(control.getInt(at + 4 * i)));
        }
        return files;
    }

    /** A program may say that it is itself; a privileged one, that it is any process. */
    private static Credentials credentials(UnixThread thread, ByteBuffer control, int at, int size, Credentials own)
            throws ErrnoException {
        if (size != 12) {
            throw Errno.EINVAL.exception();
        }
        var said = new Credentials(control.getInt(at), control.getInt(at + 4), control.getInt(at + 8));
        if (own.user() != 0) {
            if (!said.equals(own)) {
                throw Errno.EPERM.exception();
            }
        } else if (said.process() != own.process() && thread.kernel().table().find(said.process()) == null) {
            throw Errno.ESRCH.exception();
        }
        return said;
    }

    /** What was given to a program. @param truncated whether there was not room for all */
    record Taken(int length, boolean truncated) {}

    /** Gives a program what came with a message; files for which there is no room are closed. */
    static Taken write(UnixThread thread, Socket socket, Receiving received, long at, long room, boolean closeOnExec)
            throws ErrnoException {
        int length = 0;
        boolean truncated = false;
        if (socket.options().passCredentials && received.credentials() != null) {
            Credentials who = received.credentials();
            ByteBuffer message = UserMemory.struct(HEADER + 16).putLong(HEADER + 12).putInt(SOL_SOCKET)
                    .putInt(SCM_CREDENTIALS).putInt(who.process()).putInt(who.user()).putInt(who.group());
            int some = (int) Math.min(room, message.capacity());
            truncated = room < HEADER + 12;
            if (some >= HEADER) {
                if (truncated) {
                    message.putLong(0, some);
                }
                thread.memory().write(at, message.array(), 0, some);
                length = some;
            }
        }
        if (!received.files().isEmpty()) {
            long left = room - length;
            int fit = Math.clamp((left - HEADER) / 4, 0, received.files().size());
            int put = putFiles(thread, received.files(), fit, at + length, closeOnExec);
            truncated |= put < received.files().size();
            length += put == 0 ? 0 : (int) Math.min(left, HEADER + 4 * put + 7 & ~7);
        }
        return new Taken(length, truncated);
    }

    private static int putFiles(UnixThread thread, List<OpenFile> files, int fit, long at, boolean closeOnExec)
            throws ErrnoException {
        ByteBuffer message = UserMemory.struct(HEADER + 4 * fit).putLong(0).putInt(SOL_SOCKET).putInt(SCM_RIGHTS);
        int put = 0;
        for (OpenFile file : files) {
            if (put < fit) {
                try {
                    message.putInt(thread.files().add(file, closeOnExec));
                    put++;
                    continue;
                } catch (ErrnoException e) {
                    // No more descriptors: what is left is closed, and the program told that something is missing.
                    fit = put;
                }
            }
            release(file);
        }
        if (put > 0) {
            message.putLong(0, HEADER + 4L * put);
            thread.memory().write(at, message.array(), 0, HEADER + 4 * put);
        }
        return put;
    }

    private static void release(OpenFile file) {
        try {
            file.release();
        } catch (IOException e) {
            // Its sender has closed it and was told then.
        }
    }

    /** Closes files that came with a message for which a program has no room at all. */
    static boolean drop(Receiving received) {
        received.files().forEach(ControlMessages::release);
        return !received.files().isEmpty();
    }
}
