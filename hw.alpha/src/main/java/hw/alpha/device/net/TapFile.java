package hw.alpha.device.net;

import hw.alpha.host.Bytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The descriptor of a TAP device, by the C library's calls. One strand reads, one at a time writes; each has a buffer of its
 * own outside the Java heap. Numbers are those of Linux on all machines that a JVM runs on.
 */
final class TapFile {

    private static final int O_RDWR = 2, O_NONBLOCK = 0x800;
    private static final int IFF_TAP = 2, IFF_NAPI = 0x10, IFF_NO_PI = 0x1000;
    private static final long TUNSETIFF = 0x4004_54CAL;
    private static final int NAME = 16, IFREQ = 40;
    private static final int EINTR = 4, EAGAIN = 11;
    private static final short POLLIN = 1;
    /** Milliseconds between two looks at whether the reader was interrupted. */
    private static final int STEP = 200;
    static final int LONGEST = 65535 + 14;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_OF = Linker.Option.captureStateLayout()
            .varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL = handle("ioctl", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle READ = handle("read", TRANSFER);
    private static final MethodHandle WRITE = handle("write", TRANSFER);
    private static final MethodHandle POLL = handle("poll", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = handle("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment readState = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment writeState = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment reading = arena.allocate(LONGEST);
    private final MemorySegment writing = arena.allocate(LONGEST);
    private final MemorySegment request = arena.allocate(8, 4); // struct pollfd: int fd; short events, revents
    private boolean closed;

    private TapFile(int descriptor) {
        this.descriptor = descriptor;
        request.set(ValueLayout.JAVA_INT, 0, descriptor);
        request.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... more) {
        Linker.Option[] options = java.util.Arrays.copyOf(more, more.length + 1);
        options[more.length] = ERRNO;
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /** Opens the device of this name, which is made if it is not there. */
    static TapFile open(String name) throws IOException {
        if (name.isEmpty() || name.length() >= NAME) {
            throw new IOException("a name of 1 to 15 characters is wanted");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom("/dev/net/tun"), O_RDWR | O_NONBLOCK);
            if (fd < 0) {
                throw new IOException("/dev/net/tun does not open, error " + (int) ERRNO_OF.get(state, 0L));
            }
            MemorySegment ifreq = arena.allocate(IFREQ);
            ifreq.setString(0, name);
            ifreq.set(ValueLayout.JAVA_SHORT, NAME, (short) (IFF_TAP | IFF_NAPI | IFF_NO_PI));
            if ((int) IOCTL.invokeExact(state, fd, TUNSETIFF, ifreq) < 0) {
                int errno = (int) ERRNO_OF.get(state, 0L);
                int ignored = (int) CLOSE.invokeExact(state, fd);
                throw new IOException("TUNSETIFF fails, error " + errno + (ignored < 0 ? " (nor does it close)" : ""));
            }
            serveByThread(name);
            return new TapFile(fd);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the host's C library cannot be called", e);
        }
    }

    /**
     * What we write is handled by a thread of the host's (Documentation/networking/napi.rst) and not within write(2): it takes many frames
     * at a time, which is twice the throughput. Only root may ask for it; without it all works as well.
     */
    private static void serveByThread(String name) {
        try {
            Files.writeString(Path.of("/sys/class/net", name, "threaded"), "1");
        } catch (IOException e) {
            // an old kernel, another user, or another network namespace than /sys shows
        }
    }

    /**
     * Takes the frames that have come, as many as there is room for.
     *
     * @param frames one after the other; of {@link #LONGEST} bytes at least
     * @param ends where each of them ends
     * @return how many; 0 if none came for a while, -1 if the device is gone
     */
    int read(byte[] frames, int[] ends) {
        try {
            int at = 0;
            int taken = 0;
            while (taken < ends.length && at + LONGEST <= frames.length) {
                long count = (long) READ.invokeExact(readState, descriptor, reading, (long) LONGEST);
                if (count <= 0) {
                    break;
                }
                Bytes.in(reading, 0, frames, at, (int) count);
                at += (int) count;
                ends[taken++] = at;
            }
            if (taken > 0) {
                return taken;
            }
            int errno = (int) ERRNO_OF.get(readState, 0L);
            if (errno != EAGAIN && errno != EINTR) {
                return -1;
            }
            int ready = (int) POLL.invokeExact(readState, request, 1L, STEP);
            return ready < -1 ? -1 : 0;
        } catch (Throwable e) {
            throw new IllegalStateException("the host's C library cannot be called", e);
        }
    }

    /** Sends a frame; if the device takes none now it is lost. */
    synchronized void write(byte[] frame, int offset, int length) {
        if (closed) {
            return;
        }
        try {
            Bytes.out(frame, offset, writing, 0, length);
            long ignored = (long) WRITE.invokeExact(writeState, descriptor, writing, (long) length);
            assert ignored <= length;
        } catch (Throwable e) {
            throw new IllegalStateException("the host's C library cannot be called", e);
        }
    }

    /** Closes it; called by the reader. */
    synchronized void close() {
        closed = true;
        try {
            int ignored = (int) CLOSE.invokeExact(readState, descriptor);
            assert ignored <= 0;
        } catch (Throwable e) {
            throw new IllegalStateException("the host's C library cannot be called", e);
        }
        arena.close();
    }
}
