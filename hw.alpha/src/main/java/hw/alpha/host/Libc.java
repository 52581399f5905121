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
 * Thread-safe: holds nothing that changes. A record, because HotSpot takes what a record holds for constant: where the record is a
 * constant itself, the host's function is called in place, without a chain of method handles.
 *
 * @param name the function's
 * @param handle calls it with six arguments
 * @param once whether it has done its work even if it was interrupted: a descriptor is free then, and may be somebody else's (close(2))
 */
public record Libc(String name, MethodHandle handle, boolean once) {

    /** errno.h, as on all machines that Linux runs a JVM on. */
    public static final int EINTR = 4, EAGAIN = 11;
    private static final int SLOTS = 6;
    /** No error has a larger number, and no result is less than none, but for -1. */
    private static final int MAX_ERRNO = 4095;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_OF = Linker.Option.captureStateLayout()
            .varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().find("strerror").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final FunctionDescriptor TYPE = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            java.util.Collections.nCopies(SLOTS, ValueLayout.JAVA_LONG).toArray(ValueLayout[]::new));

    /** A function of at most six arguments, all of which are numbers or addresses, that answers -1 when it fails. */
    public Libc(String name) {
        this(name, -1);
    }

    /** @param fixed arguments before the variable ones, or -1 if there are none of these */
    public Libc(String name, int fixed) {
        this(name, handle(name, fixed, ERRNO), name.equals("close"));
    }

    /**
     * A function as {@link #Libc(String, int)} has it, that returns at once: it is called without the JVM's being told, so the JVM stands
     * still as a whole should it wait. Why it failed it does not say.
     */
    static MethodHandle immediate(String name, int fixed) {
        return handle(name, fixed, Linker.Option.critical(false));
    }

    private static MethodHandle handle(String name, int fixed, Linker.Option how) {
        MemorySegment address = LINKER.defaultLookup().find(name).orElseThrow();
        return fixed < 0
                ? LINKER.downcallHandle(address, TYPE, how)
                : LINKER.downcallHandle(address, TYPE, how, Linker.Option.firstVariadicArg(fixed));
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

    /** Calls it, for results that fit in an {@code int}; answers the error's number, negated, in place of an exception. */
    int attempt(MemorySegment state, long a, long b, long c, long d, long e) {
        return (int) attempt(state, true, a, b, c, d, e, 0);
    }

    private long run(MemorySegment state, boolean narrow, long a, long b, long c, long d, long e, long f)
            throws Failed {
        long result = attempt(state, narrow, a, b, c, d, e, f);
        if (result < 0 && result >= -MAX_ERRNO) {
            throw new Failed((int) -result);
        }
        return result;
    }

    private long attempt(MemorySegment state, boolean narrow, long a, long b, long c, long d, long e, long f) {
        try {
            while (true) {
                long result = (long) handle.invokeExact(state, a, b, c, d, e, f);
                // The upper half of a register that holds an int is not defined.
                if (narrow ? (int) result != -1 : result != -1) {
                    return narrow ? (int) result : result;
                }
                int errno = (int) ERRNO_OF.get(state, 0L);
                if (errno != EINTR || once) {
                    return -errno;
                }
            }
        } catch (Throwable thrown) {
            throw new IllegalStateException(name + " of the host cannot be called", thrown);
        }
    }

    /** What the C library says of an error. */
    static String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            return "error " + errno;
        }
    }
}
