package hw.alpha.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of the host's C library that the JDK has no class for, on 64-bit Linux. Arguments are longs, addresses included.
 * Thread-safe: holds nothing that changes.
 */
public final class Libc {

    /** errno.h, as on all machines that Linux runs a JVM on. */
    public static final int EINTR = 4, EAGAIN = 11;
    private static final int SLOTS = 6;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_OF = Linker.Option.captureStateLayout()
            .varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().find("strerror").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private final String name;
    private final MethodHandle handle;
    /** Whether it has done its work even if it was interrupted: a descriptor is free then, and may be somebody else's (close(2)). */
    private final boolean once;

    /** A function of at most six arguments, all of which are numbers or addresses, that answers -1 when it fails. */
    public Libc(String name) {
        this(name, -1);
    }

    /** @param fixed arguments before the variable ones, or -1 if there are none of these */
    public Libc(String name, int fixed) {
        ValueLayout[] arguments = new ValueLayout[SLOTS];
        java.util.Arrays.fill(arguments, ValueLayout.JAVA_LONG);
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments);
        MemorySegment address = LINKER.defaultLookup().find(name).orElseThrow();
        this.name = name;
        this.once = name.equals("close");
        handle = fixed < 0
                ? LINKER.downcallHandle(address, type, ERRNO)
                : LINKER.downcallHandle(address, type, ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    /** A call failed. */
    public static final class Failed extends IOException {
        private static final long serialVersionUID = 1;
        private final int errno;

        Failed(int errno) {
            super(text(errno));
            this.errno = errno;
        }

        /** The error's number. */
        public int errno() {
            return errno;
        }
    }

    /** Calls it; interrupted calls are made again. For results that fit in an {@code int}. */
    public int call(long a, long b, long c) throws Failed {
        return (int) run(true, a, b, c, 0, 0, 0);
    }

    /** Calls it, for results that fit in an {@code int}. */
    public int call(long a, long b, long c, long d, long e) throws Failed {
        return (int) run(true, a, b, c, d, e, 0);
    }

    /** Calls it, for results as long as an address. */
    public long callLong(long a, long b, long c, long d) throws Failed {
        return run(false, a, b, c, d, 0, 0);
    }

    /** Calls it, for results as long as an address. */
    public long callLong(long a, long b, long c, long d, long e, long f) throws Failed {
        return run(false, a, b, c, d, e, f);
    }

    /**
     * Calls it, for results that fit in an {@code int}; allocates nothing.
     *
     * @param state of {@link Linker.Option#captureStateLayout}, where the reason of a failure is left
     */
    int call(MemorySegment state, long a, long b, long c) throws Failed {
        return (int) run(state, true, a, b, c, 0, 0, 0);
    }

    /** The same, for results as long as an address. */
    long callLong(MemorySegment state, long a, long b, long c, long d, long e) throws Failed {
        return run(state, false, a, b, c, d, e, 0);
    }

    private long run(boolean narrow, long a, long b, long c, long d, long e, long f) throws Failed {
        try (Arena arena = Arena.ofConfined()) {
            return run(arena.allocate(Linker.Option.captureStateLayout()), narrow, a, b, c, d, e, f);
        }
    }

    private long run(MemorySegment state, boolean narrow, long a, long b, long c, long d, long e, long f)
            throws Failed {
        try {
            while (true) {
                long result = (long) handle.invokeExact(state, a, b, c, d, e, f);
                // The upper half of a register that holds an int is not defined.
                if (narrow ? (int) result != -1 : result != -1) {
                    return result;
                }
                int errno = (int) ERRNO_OF.get(state, 0L);
                if (errno != EINTR || once) {
                    throw new Failed(errno);
                }
            }
        } catch (Failed failed) {
            throw failed;
        } catch (Throwable thrown) {
            throw new IllegalStateException(name + " of the host cannot be called", thrown);
        }
    }

    private static String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            return "error " + errno;
        }
    }
}
