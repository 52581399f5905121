package hw.alpha.device;

import hw.alpha.host.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A UNIX-domain socket that other processes of the same user connect to (unix(7)). A client sends one byte with its three
 * standard streams as SCM_RIGHTS, then lines with the names of signals; it is sent one byte, its exit status. Thread-safe:
 * but for one volatile flag nothing changes except in the host.
 */
final class SessionSocket {

    private static final int AF_UNIX = 1, SOCK_STREAM = 1, SOCK_CLOEXEC = 02000000, SOL_SOCKET = 1, SCM_RIGHTS = 1,
            SO_PEERCRED = 17, MSG_CMSG_CLOEXEC = 0x40000000, MSG_NOSIGNAL = 0x4000, SHUT_RDWR = 2, BACKLOG = 128;
    /** {@code struct sockaddr_un}: a family and a path that ends with a zero byte. */
    private static final int ADDRESS = 110, LONGEST = 107;
    /** {@code struct msghdr} and {@code struct cmsghdr} of a 64-bit machine. */
    private static final int MESSAGE = 56, CONTROL = 64, CONTROL_HEAD = 16;
    private static final int STREAMS = 3;
    /** Milliseconds after which accepting is tried again. */
    private static final int PAUSE = 100;
    private static final System.Logger LOG = System.getLogger("hw.alpha");

    private static final Libc SOCKET = new Libc("socket"), BIND = new Libc("bind"), LISTEN = new Libc("listen"),
            ACCEPT = new Libc("accept4"), RECVMSG = new Libc("recvmsg"), READ = new Libc("read"),
            SEND = new Libc("send"), SHUTDOWN = new Libc("shutdown"), CLOSE = new Libc("close"),
            POLL = new Libc("poll"), GETSOCKOPT = new Libc("getsockopt"), GETEUID = new Libc("geteuid");

    private final int descriptor;
    private final Path path;
    private volatile boolean closed;

    /**
     * Begins to listen, without being seen yet.
     *
     * @param path of the socket, in a folder that is the user's alone; what is there is replaced
     * @throws IOException the folder is another's or open to others, or the host refuses; the message says what to do
     */
    SessionSocket(Path path) throws IOException {
        this.path = path;
        checkFolder(path.getParent());
        byte[] name = (path + ".new").getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST) {
            throw new IOException(
                    path + ": too long for a socket (" + LONGEST + " bytes): set XDG_RUNTIME_DIR shorter");
        }
        Files.deleteIfExists(Path.of(path + ".new"));
        descriptor = SOCKET.call(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(ADDRESS, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
            BIND.call(descriptor, address.address(), ADDRESS);
            Files.setPosixFilePermissions(Path.of(path + ".new"), PosixFilePermissions.fromString("rw-------"));
            LISTEN.call(descriptor, BACKLOG, 0);
        }
    }

    /** Puts the socket where clients look for it: whoever sees it finds somebody who serves. */
    void publish() throws IOException {
        Files.move(Path.of(path + ".new"), path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Refuses a folder in which another user could put a socket in place of ours. */
    static void checkFolder(Path folder) throws IOException {
        Map<String, Object> found = Files.readAttributes(folder, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) found.get("mode");
        if ((mode & 0170000) != 0040000) {
            throw new IOException(folder + " is no folder: remove it");
        }
        if ((Integer) found.get("uid") != user()) {
            throw new IOException(folder + " belongs to user " + found.get("uid")
                    + ": remove it, or set XDG_RUNTIME_DIR to a folder of your own");
        }
        if ((mode & 077) != 0) {
            throw new IOException(folder + " is open to others: chmod 700 " + folder);
        }
    }

    private static int user() throws IOException {
        return GETEUID.call(0, 0, 0);
    }

    /** A connection. */
    static final class Connection {

        private final int descriptor;
        private boolean closed;

        private Connection(int descriptor) {
            this.descriptor = descriptor;
        }

        /**
         * Takes the request: who it is from and his streams.
         *
         * @throws IOException it is from another user, or is none
         */
        Request receive() throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                int process = peer(arena);
                MemorySegment bytes = arena.allocate(8);
                MemorySegment vector = arena.allocate(16, 8);
                vector.set(ValueLayout.JAVA_LONG, 0, bytes.address());
                vector.set(ValueLayout.JAVA_LONG, 8, 1);
                MemorySegment control = arena.allocate(CONTROL, 8);
                MemorySegment message = arena.allocate(MESSAGE, 8);
                message.set(ValueLayout.JAVA_LONG, 16, vector.address());
                message.set(ValueLayout.JAVA_LONG, 24, 1);
                message.set(ValueLayout.JAVA_LONG, 32, control.address());
                message.set(ValueLayout.JAVA_LONG, 40, CONTROL);
                int got = RECVMSG.call(descriptor, message.address(), MSG_CMSG_CLOEXEC);
                if (got != 1 || control.get(ValueLayout.JAVA_LONG, 0) != CONTROL_HEAD + 4L * STREAMS
                        || control.get(ValueLayout.JAVA_INT, 8) != SOL_SOCKET
                        || control.get(ValueLayout.JAVA_INT, 12) != SCM_RIGHTS) {
                    throw new IOException("process " + process + " sent no request");
                }
                int[] streams = new int[STREAMS];
                for (int i = 0; i < STREAMS; i++) {
                    streams[i] = control.get(ValueLayout.JAVA_INT, CONTROL_HEAD + 4L * i);
                }
                return new Request(process, streams);
            }
        }

        private int peer(Arena arena) throws IOException {
            MemorySegment credentials = arena.allocate(12, 4); // struct ucred: pid, uid, gid
            MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
            size.set(ValueLayout.JAVA_INT, 0, 12);
            GETSOCKOPT.call(descriptor, SOL_SOCKET, SO_PEERCRED, credentials.address(), size.address());
            if (credentials.get(ValueLayout.JAVA_INT, 4) != user()) {
                throw new IOException("a process of user " + credentials.get(ValueLayout.JAVA_INT, 4) + " was refused");
            }
            return credentials.get(ValueLayout.JAVA_INT, 0);
        }

        /** Waits for the next line; null at the end. */
        String line() {
            StringBuilder line = new StringBuilder();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment one = arena.allocate(1);
                while (READ.call(descriptor, one.address(), 1) == 1) {
                    char c = (char) one.get(ValueLayout.JAVA_BYTE, 0);
                    if (c == '\n') {
                        return line.toString();
                    }
                    line.append(c);
                }
            } catch (Libc.Failed e) {
                // Reset: the same as the end.
            }
            return null;
        }

        /** Tells the status, if anybody is there, and lets {@link #line} end. */
        synchronized void end(int status) {
            if (closed) {
                return;
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment one = arena.allocate(1);
                one.set(ValueLayout.JAVA_BYTE, 0, (byte) status);
                SEND.call(descriptor, one.address(), 1, MSG_NOSIGNAL, 0);
                SHUTDOWN.call(descriptor, SHUT_RDWR, 0);
            } catch (Libc.Failed e) {
                // The client is gone, which is not our loss.
            }
        }

        /** Frees the descriptor; by whoever reads lines, last. */
        synchronized void close() {
            closed = true;
            closeDescriptor(descriptor);
        }
    }

    /**
     * What a client sent.
     *
     * @param process its host id
     * @param streams descriptors of its standard streams, ours to close
     */
    record Request(int process, int[] streams) {}

    /**
     * Waits for a client.
     *
     * @return null after {@link #close}
     */
    Connection accept() throws IOException {
        while (true) {
            try {
                return new Connection(ACCEPT.call(descriptor, 0, 0, SOCK_CLOEXEC, 0));
            } catch (Libc.Failed e) {
                if (closed) {
                    return null;
                }
                // Too many open files, or a client that went away already: it passes.
                LOG.log(System.Logger.Level.WARNING, "a request cannot be taken: " + e.getMessage());
                POLL.call(0, 0, PAUSE);
            }
        }
    }

    /** Takes the socket away; nobody connects any more, and {@link #accept} ends. */
    void close() throws IOException {
        closed = true;
        Files.deleteIfExists(path);
        Files.deleteIfExists(Path.of(path + ".new"));
        SHUTDOWN.call(descriptor, SHUT_RDWR, 0);
    }

    static void closeDescriptor(int descriptor) {
        try {
            CLOSE.call(descriptor, 0, 0);
        } catch (Libc.Failed e) {
            // It is closed nevertheless (close(2)).
        }
    }
}
