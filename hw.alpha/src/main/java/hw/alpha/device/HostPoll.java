package hw.alpha.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Reads a terminal that somebody else reads as well, such as a shell's line editor: waits with poll(2) until there is
 * something and only then reads, so that a reader which is interrupted takes nothing that was typed for the next. Stateless.
 */
final class HostPoll {

    /** POLLIN of poll.h, the same on all hosts. */
    private static final short POLLIN = 1;
    /** Milliseconds between two looks at whether the reader was interrupted. */
    private static final int STEP = 50;

    private static final MethodHandle POLL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("poll").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private HostPoll() {}

    /**
     * Waits until a read would get something, if only the end of the stream.
     *
     * @param descriptor of the host
     * @throws InterruptedIOException the calling thread was interrupted; nothing was taken
     */
    static void await(int descriptor) throws InterruptedIOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(8, 4); // struct pollfd: int fd; short events, revents
            request.set(ValueLayout.JAVA_INT, 0, descriptor);
            request.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            do {
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while waiting for input");
                }
            } while (poll(request) == 0);
        }
    }

    /** Reads what has come; empty at the end of the stream. */
    static byte[] read(InputStream in, int limit) throws IOException {
        byte[] buffer = new byte[Math.min(limit, 8192)];
        int count = in.read(buffer, 0, buffer.length);
        return Arrays.copyOf(buffer, Math.max(0, count));
    }

    private static int poll(MemorySegment request) {
        try {
            return (int) POLL.invokeExact(request, 1L, STEP);
        } catch (Throwable e) {
            throw new IllegalStateException("poll(2) of the host cannot be called", e);
        }
    }
}
