package hw.alpha.device;

import hw.alpha.host.Bytes;
import hw.alpha.host.Libc;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import kernel.core.machine.Channel;
import kernel.core.machine.Console.Kind;
import kernel.core.machine.TerminalSettings;

/**
 * A stream of another process, whose descriptor this process was given. Thread-safe: what it holds does not change but for
 * whether it is closed, and the host keeps calls apart; its owner closes it when nobody uses it.
 */
final class HostChannel implements Channel {

    private static final short POLLIN = 1, POLLOUT = 4;
    /** Milliseconds between two looks at whether the strand was interrupted. */
    private static final int STEP = 25;
    /** What a pipe with room takes without waiting (PIPE_BUF of limits.h). */
    private static final int ATOMIC = 4096;
    private static final int CHUNK = 1 << 16;
    private static final int F_GETFL = 3, O_ACCMODE = 3, O_WRONLY = 1, O_RDONLY = 0, O_APPEND = 02000;
    private static final int TCGETS = 0x5401, TCSETS = 0x5402, TIOCGWINSZ = 0x5413, FIONREAD = 0x541B;
    private static final int SIGTTIN = 21;
    /** How often somebody who may not read is asked to stop before he gets an error (termios(3): background reads). */
    private static final int PATIENCE = 20;
    /** {@code struct termios} of asm-generic/termbits.h. */
    private static final int TERMIOS = 36, LINE = 16, KEYS = 17;

    private static final Libc READ = new Libc("read"), WRITE = new Libc("write"), PREAD = new Libc("pread"),
            PWRITE = new Libc("pwrite"), LSEEK = new Libc("lseek"), POLL = new Libc("poll"),
            FTRUNCATE = new Libc("ftruncate"), FSYNC = new Libc("fsync"), CLOSE = new Libc("close"),
            KILL = new Libc("kill"), FCNTL = new Libc("fcntl", 2), IOCTL = new Libc("ioctl", 2);

    /** Whether the owner may read this terminal now. */
    private enum OwnerState {
        IN_FRONT, BEHIND, STOPPED
    }

    private final int descriptor;
    private final int owner;
    /** Device number, of a terminal. */
    private final long device;
    private final Kind kind;
    private final int flags;

    /**
     * @param descriptor of this process
     * @param owner host id of the process that lent it
     */
    HostChannel(int descriptor, int owner) throws IOException {
        this.descriptor = descriptor;
        this.owner = owner;
        kind = HostStream.kind(descriptor);
        device = kind == Kind.TERMINAL ? (Long) Files.getAttribute(Path.of(path()), "unix:rdev") : 0;
        flags = FCNTL.call(descriptor, F_GETFL, 0);
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public String path() {
        return "/proc/self/fd/" + descriptor;
    }

    @Override
    public boolean readable() {
        return (flags & O_ACCMODE) != O_WRONLY;
    }

    @Override
    public boolean writable() {
        return (flags & O_ACCMODE) != O_RDONLY;
    }

    @Override
    public boolean appending() {
        return (flags & O_APPEND) != 0;
    }

    @Override
    public boolean inputReady() throws IOException {
        return kind == Kind.FILE || ready(POLLIN) && (kind != Kind.TERMINAL || ownerState() == OwnerState.IN_FRONT);
    }

    @Override
    public boolean outputReady() throws IOException {
        return kind == Kind.FILE || ready(POLLOUT);
    }

    private boolean ready(short events) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return POLL.call(request(arena, events).address(), 1, 0) != 0;
        }
    }

    private MemorySegment request(Arena arena, short events) {
        MemorySegment request = arena.allocate(8, 4); // struct pollfd: int fd; short events, revents
        request.set(ValueLayout.JAVA_INT, 0, descriptor);
        request.set(ValueLayout.JAVA_SHORT, 4, events);
        return request;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int most = Math.min(length, CHUNK);
            MemorySegment buffer = arena.allocate(Math.max(1, most));
            while (true) {
                if (kind != Kind.FILE) {
                    await(arena, POLLIN);
                }
                try {
                    int got = READ.call(descriptor, buffer.address(), most);
                    Bytes.in(buffer, 0, to, offset, got);
                    return got;
                } catch (Libc.Failed e) {
                    // Somebody else took it, and the stream does not wait.
                    if (e.errno() != Libc.EAGAIN) {
                        throw e;
                    }
                }
            }
        }
    }

    @Override
    public int write(byte[] from, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int most = Math.min(length, kind == Kind.FILE ? CHUNK : ATOMIC);
            MemorySegment buffer = arena.allocate(Math.max(1, most));
            Bytes.out(from, offset, buffer, 0, most);
            while (true) {
                if (kind != Kind.FILE) {
                    await(arena, POLLOUT);
                }
                try {
                    return WRITE.call(descriptor, buffer.address(), most);
                } catch (Libc.Failed e) {
                    if (e.errno() != Libc.EAGAIN) {
                        throw e;
                    }
                }
            }
        }
    }

    /** Waits until something can be read or written without waiting, or there is an error to be had. */
    private void await(Arena arena, short events) throws IOException {
        MemorySegment request = request(arena, events);
        int refused = 0;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted while waiting for a stream");
            }
            OwnerState state = kind == Kind.TERMINAL && events == POLLIN ? ownerState() : OwnerState.IN_FRONT;
            if (state == OwnerState.IN_FRONT) {
                if (POLL.call(request.address(), 1, STEP) != 0) {
                    return;
                }
            } else {
                if (state == OwnerState.BEHIND) {
                    // As the terminal itself does to a reader in the background; who ignores it gets an error.
                    if (++refused > PATIENCE) {
                        throw new IOException("Input/output error");
                    }
                    KILL.call(owner, SIGTTIN, 0);
                }
                POLL.call(0, 0, STEP);
            }
        }
    }

    /** Where the owner is on this terminal (proc(5)). */
    private OwnerState ownerState() {
        try {
            String stat = Files.readString(Path.of("/proc/" + owner + "/stat"), StandardCharsets.ISO_8859_1);
            // after the command's name: state, parent, process group, session, terminal, its foreground group
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
            if (fields[0].equals("T")) {
                return OwnerState.STOPPED;
            }
            boolean controlling = device == Long.parseLong(fields[4]);
            return controlling && !fields[2].equals(fields[5]) ? OwnerState.BEHIND : OwnerState.IN_FRONT;
        } catch (IOException e) {
            return OwnerState.IN_FRONT; // it is gone, which others find out
        }
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int most = Math.min(length, CHUNK);
            MemorySegment buffer = arena.allocate(Math.max(1, most));
            int total = 0;
            while (total < length) {
                int got = (int) PREAD.callLong(descriptor, buffer.address(), Math.min(most, length - total),
                        position + total);
                if (got == 0) {
                    break;
                }
                Bytes.in(buffer, 0, to, offset + total, got);
                total += got;
            }
            return total;
        }
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int most = Math.min(length, CHUNK);
            MemorySegment buffer = arena.allocate(Math.max(1, most));
            Bytes.out(from, offset, buffer, 0, most);
            return (int) PWRITE.callLong(descriptor, buffer.address(), most, position);
        }
    }

    @Override
    public long seek(long offset, int whence) throws IOException {
        return LSEEK.callLong(descriptor, offset, whence, 0);
    }

    @Override
    public void truncate(long size) throws IOException {
        FTRUNCATE.call(descriptor, size, 0);
    }

    @Override
    public void force() throws IOException {
        FSYNC.call(descriptor, 0, 0);
    }

    @Override
    public int available() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            IOCTL.call(descriptor, FIONREAD, count.address());
            return count.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Override
    public TerminalSettings settings() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS, 8);
            IOCTL.call(descriptor, TCGETS, termios.address());
            byte[] keys = new byte[TerminalSettings.CHARACTERS];
            MemorySegment.copy(termios, ValueLayout.JAVA_BYTE, KEYS, keys, 0, keys.length);
            return new TerminalSettings(termios.get(ValueLayout.JAVA_INT, 0), termios.get(ValueLayout.JAVA_INT, 4),
                    termios.get(ValueLayout.JAVA_INT, 8), termios.get(ValueLayout.JAVA_INT, 12),
                    termios.get(ValueLayout.JAVA_BYTE, LINE), keys);
        }
    }

    @Override
    public void setSettings(TerminalSettings settings, int when) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS, 8);
            termios.set(ValueLayout.JAVA_INT, 0, settings.input());
            termios.set(ValueLayout.JAVA_INT, 4, settings.output());
            termios.set(ValueLayout.JAVA_INT, 8, settings.control());
            termios.set(ValueLayout.JAVA_INT, 12, settings.local());
            termios.set(ValueLayout.JAVA_BYTE, LINE, settings.discipline());
            MemorySegment.copy(settings.characters(), 0, termios, ValueLayout.JAVA_BYTE, KEYS,
                    TerminalSettings.CHARACTERS);
            IOCTL.call(descriptor, TCSETS + when, termios.address());
        }
    }

    @Override
    public int columns() {
        return size(2);
    }

    @Override
    public int rows() {
        return size(0);
    }

    private int size(int at) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8, 2); // struct winsize: unsigned short rows, columns ...
            IOCTL.call(descriptor, TIOCGWINSZ, size.address());
            return Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, at));
        } catch (Libc.Failed e) {
            return 0;
        }
    }

    /** Gives the descriptor back. */
    void close() {
        try {
            CLOSE.call(descriptor, 0, 0);
        } catch (Libc.Failed e) {
            // It is gone nevertheless (close(2)).
        }
    }
}
