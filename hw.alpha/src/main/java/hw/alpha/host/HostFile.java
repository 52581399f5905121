package hw.alpha.host;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import kernel.core.machine.DirectFile;
import kernel.core.machine.FileStatuses;

/**
 * A file of a Linux host, by open(2), pread(2), pwrite(2) and so on. It does without what a channel of java.nio does for each transfer so
 * that an interrupt can close it, which costs as much again as the host's call: an interrupt does nothing here. No mappings, no locks.
 * Thread-safe: the monitor guards the position, and the descriptor against being closed while it is used. Reading at a position given does
 * without it, so whoever closes a file must know that nobody reads it then, as {@link kernel.core.machine.FileOpener} says. One that is let
 * go of without having been closed stays open.
 *
 * <p>Why nobody does, of those who have one: the host's number of a file that is closed may be another file's at once, and whoever read it then
 * would get that one's bytes. In {@code bundles/unix} an open file is closed with its last reference. A system call has one: a thread that
 * shares its descriptors takes it for the time of the call; one that shares them with nobody reads by the table's own, which it alone takes
 * away, in another call, or when it has ended. A shared mapping's pages have one each time that they are read, or are not read any more. The
 * pager of a mapping of one process has one until nobody can reach it, which nobody does who reads by it. Program files are read and closed
 * under one monitor. Truncation only lets a read get less.
 */
public final class HostFile extends FileChannel implements FileStatuses.Open, DirectFile {

    private static final int O_WRONLY = 1, O_RDWR = 2, O_TRUNC = 01000, O_CLOEXEC = 02000000;
    private static final int SEEK_END = 2;
    /** Pages of the host have so many bits of an offset at least; reads of one after which it is asked again. */
    private static final int PAGE_BITS = 12, AGAIN = 64;
    /** After so many reads of a page the host need not note the time of each; fcntl(2) says so (asm-generic/fcntl.h). */
    private static final int QUIET = 4, F_SETFL = 4, O_NOATIME = 01000000;
    /** Flag of preadv2(2) (linux/fs.h). */
    private static final int RWF_NOWAIT = 8;
    /** Whether the numbers above are those of the host. */
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
    private static final Set<OpenOption> KNOWN = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);

    /** The host's functions, looked up when the first file is opened. */
    private static final class Calls {
        static final Libc OPEN = new Libc("open", 2);
        /**
         * The number of pread(2), where it is known. Called by it, it is no place where the C library lets threads be cancelled, which takes
         * two atomic operations in a process that has threads.
         */
        static final int NUMBER = switch (System.getProperty("os.arch")) {
            case "amd64" -> 17;
            case "aarch64", "riscv64" -> 67;
            default -> -1;
        };
        static final Libc PREAD = NUMBER < 0 ? new Libc("pread") : new Libc("syscall", 1);
        static final Libc PREADV2 = new Libc("preadv2");
        static final Libc PWRITE = new Libc("pwrite");
        static final Libc FCNTL = new Libc("fcntl", 2);
        static final Libc LSEEK = new Libc("lseek");
        static final Libc FTRUNCATE = new Libc("ftruncate");
        static final Libc FSYNC = new Libc("fsync");
        static final Libc FDATASYNC = new Libc("fdatasync");
        static final Libc CLOSE = new Libc("close");

        static long pread(Scratch to, int descriptor, int length, long at) throws Libc.Failed {
            return NUMBER < 0
                    ? PREAD.callLong(to.state, descriptor, to.address, length, at, 0)
                    : PREAD.callLong(to.state, NUMBER, descriptor, to.address, length, at);
        }

        private static final MethodHandle PREAD_NOW = NUMBER < 0
                ? Libc.immediate("pread", -1)
                : Libc.immediate("syscall", 1);

        /** The same to any address, of what the host has in memory, for lengths that fit in an {@code int}; answers -1 if it fails. */
        static int preadNow(int descriptor, long address, int length, long at) {
            try {
                return (int) (NUMBER < 0
                        ? (long) PREAD_NOW.invokeExact((long) descriptor, address, (long) length, at, 0L, 0L)
                        : (long) PREAD_NOW.invokeExact((long) NUMBER, (long) descriptor, address, (long) length, at,
                                0L));
            } catch (Throwable e) {
                throw new IllegalStateException("pread of the host cannot be called", e);
            }
        }
    }

    private final int descriptor;
    private final boolean reads;
    private final boolean writes;
    private long position;
    /** Page of the file that was read without waiting, and how often it was read since: hints, which threads may take from each other. */
    private long had = -1;
    private int times;
    /** Whether the host does not note now when it is read, and whether it lets us ask for that: of our own files. */
    private boolean quiet;
    private boolean mayBeQuiet = Calls.NUMBER >= 0;
    /** Whether the host has not said yet that this file cannot be read without waiting. */
    private volatile boolean direct = true;

    private HostFile(int descriptor, Set<? extends OpenOption> options) {
        this.descriptor = descriptor;
        this.reads = !options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.READ);
        this.writes = options.contains(StandardOpenOption.WRITE);
    }

    /**
     * Opens a file that is there: like this one if it is the host's and the options are those of reading, writing and truncating; else by
     * java.nio, which also says why it cannot be opened.
     */
    public static SeekableByteChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
        if (LINUX && path.getFileSystem() == FileSystems.getDefault() && KNOWN.containsAll(options)) {
            Scratch scratch = Scratch.take();
            try {
                if (scratch.name(path.toAbsolutePath().toString(), 0)) {
                    int flags = flags(options);
                    return new HostFile(Calls.OPEN.call(scratch.state, scratch.address, flags, 0), options);
                }
            } catch (Libc.Failed e) {
                // Said in java.nio's words below.
            } finally {
                scratch.give();
            }
        }
        return Files.newByteChannel(path, options);
    }

    private static int flags(Set<? extends OpenOption> options) {
        boolean write = options.contains(StandardOpenOption.WRITE);
        int access = write ? options.contains(StandardOpenOption.READ) ? O_RDWR : O_WRONLY : 0;
        return access | O_CLOEXEC
                | (write && options.contains(StandardOpenOption.TRUNCATE_EXISTING) ? O_TRUNC : 0);
    }

    private void needOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private void needReads() throws ClosedChannelException {
        needOpen();
        if (!reads) {
            throw new NonReadableChannelException();
        }
    }

    private void needWrites() throws ClosedChannelException {
        needOpen();
        if (!writes) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public synchronized int read(ByteBuffer to) throws IOException {
        int got = read(to, position);
        position += Math.max(0, got);
        return got;
    }

    @Override
    public int read(ByteBuffer to, long at) throws IOException {
        needReads();
        if (!to.hasRemaining()) {
            return 0;
        }
        if (quiet) {
            quiet(false);
        }
        Scratch scratch = Scratch.take();
        int total = 0;
        try {
            while (to.hasRemaining()) {
                int part = Math.min(to.remaining(), Scratch.SIZE);
                int got = (int) Calls.pread(scratch, descriptor, part, at + total);
                if (to.hasArray()) {
                    Bytes.in(scratch.bytes, 0, to.array(), to.arrayOffset() + to.position(), got);
                    to.position(to.position() + got);
                } else {
                    to.put(scratch.bytes.asSlice(0, got).asByteBuffer());
                }
                total += got;
                if (got < part) {
                    break;
                }
            }
        } catch (Libc.Failed e) {
            if (total == 0) {
                throw e;
            }
        } finally {
            scratch.give();
        }
        return total == 0 ? -1 : total;
    }

    /**
     * Whether the host had the page of some bytes a few reads ago, when it was asked not to wait. Asking so costs a sixth more than reading,
     * and a host that can be asked so has the file on a disk of its own: should it have dropped the page meanwhile, the read takes as
     * long as that disk, once.
     */
    private boolean had(long at, int length) {
        if (at >>> PAGE_BITS != had || at + length - 1 >>> PAGE_BITS != had) {
            return false;
        }
        if (++times == QUIET && mayBeQuiet) {
            quiet(true);
        }
        return times < AGAIN;
    }

    /**
     * Has the host note when the file is read, or not: that takes a seventh of a read. As it is asked to again before any other read, and
     * after {@link #AGAIN} of the same page, the time is that of one of the last of these.
     */
    private void quiet(boolean wanted) {
        Scratch scratch = Scratch.take();
        try {
            mayBeQuiet = Calls.FCNTL.attempt(scratch.state, descriptor, F_SETFL, wanted ? O_NOATIME : 0, 0, 0) >= 0;
            quiet = wanted && mayBeQuiet;
        } finally {
            scratch.give();
        }
    }

    @Override
    public int readNow(long host, int length, long at) {
        if (!direct || !reads || !isOpen()) {
            return -1;
        }
        if (had(at, length)) {
            return Calls.preadNow(descriptor, host, length, at);
        }
        if (quiet) {
            quiet(false);
        }
        Scratch scratch = Scratch.take();
        try {
            // struct iovec
            scratch.bytes.set(ValueLayout.JAVA_LONG, 0, host);
            scratch.bytes.set(ValueLayout.JAVA_LONG, 8, length);
            int got = Calls.PREADV2.attempt(scratch.state, descriptor, scratch.address, 1, at, RWF_NOWAIT);
            if (got >= 0) {
                had = at >>> PAGE_BITS;
                times = 0;
                return got;
            }
            direct = got == -Libc.EAGAIN; // it would have had to wait
            return -1;
        } finally {
            scratch.give();
        }
    }

    @Override
    public synchronized int write(ByteBuffer from) throws IOException {
        int put = write(from, position);
        position += put;
        return put;
    }

    @Override
    public synchronized int write(ByteBuffer from, long at) throws IOException {
        needWrites();
        Scratch scratch = Scratch.take();
        int total = 0;
        try {
            while (from.hasRemaining()) {
                int part = Math.min(from.remaining(), Scratch.SIZE);
                if (from.hasArray()) {
                    Bytes.out(from.array(), from.arrayOffset() + from.position(), scratch.bytes, 0, part);
                } else {
                    scratch.bytes.asSlice(0, part).asByteBuffer().put(0, from, from.position(), part);
                }
                int put = (int) Calls.PWRITE.callLong(scratch.state, descriptor, scratch.address, part, at + total,
                        0);
                from.position(from.position() + put);
                total += put;
                if (put < part) {
                    break;
                }
            }
        } catch (Libc.Failed e) {
            if (total == 0) {
                throw e;
            }
        } finally {
            scratch.give();
        }
        return total;
    }

    @Override
    public synchronized long read(ByteBuffer[] to, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int wanted = to[i].remaining();
            int got = wanted == 0 ? 0 : read(to[i]);
            total += Math.max(0, got);
            if (got < wanted) {
                return total == 0 ? got : total;
            }
        }
        return total;
    }

    @Override
    public synchronized long write(ByteBuffer[] from, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int wanted = from[i].remaining();
            int put = write(from[i]);
            total += put;
            if (put < wanted) {
                break;
            }
        }
        return total;
    }

    @Override
    public synchronized long position() throws IOException {
        needOpen();
        return position;
    }

    @Override
    public synchronized FileChannel position(long to) throws IOException {
        needOpen();
        if (to < 0) {
            throw new IllegalArgumentException("position " + to);
        }
        position = to;
        return this;
    }

    @Override
    public synchronized long size() throws IOException {
        needOpen();
        // The host's own position is used for nothing else.
        Scratch scratch = Scratch.take();
        try {
            return Calls.LSEEK.callLong(scratch.state, descriptor, 0, SEEK_END, 0, 0);
        } finally {
            scratch.give();
        }
    }

    @Override
    public synchronized FileStatuses.Status status() throws IOException {
        needOpen();
        return HostStatus.of(descriptor);
    }

    @Override
    public synchronized FileChannel truncate(long size) throws IOException {
        needWrites();
        if (size < size()) {
            simply(Calls.FTRUNCATE, size);
        }
        position = Math.min(position, size);
        return this;
    }

    @Override
    public synchronized void force(boolean metadata) throws IOException {
        needOpen();
        simply(metadata ? Calls.FSYNC : Calls.FDATASYNC, 0);
    }

    /** Calls what has no result. */
    private void simply(Libc function, long argument) throws IOException {
        Scratch scratch = Scratch.take();
        try {
            function.call(scratch.state, descriptor, argument, 0);
        } finally {
            scratch.give();
        }
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, Scratch.SIZE));
        return read(buffer, at) < 0 ? 0 : target.write(buffer.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, Scratch.SIZE));
        int got = source.read(buffer);
        return got < 0 ? 0 : write(buffer.flip(), at);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException("a HostFile cannot be mapped; open a FileChannel of java.nio");
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw new UnsupportedOperationException("a HostFile cannot be locked; open a FileChannel of java.nio");
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        return lock(at, size, shared);
    }

    @Override
    protected synchronized void implCloseChannel() throws IOException {
        simply(Calls.CLOSE, 0);
    }
}
