package bundles.unix.api;

import java.util.List;

/** What the system calls are called and which there are; for tracers and statistics. Thread-safe. */
public interface SyscallTable {

    /** The numbers that have a system call, ascending. */
    List<Integer> numbers();

    /** How far a system call is supported: {@code "supported"}, {@code "partly: what is missing"} or {@code "not: why"}. */
    String support(int number);

    /** Name of a system call, or {@code "syscall_NUMBER"} if there is none of that number. */
    String name(int number);

    /**
     * Kinds of its arguments, one letter each: {@code d} number, {@code x} address or bits, {@code s} string, {@code f}
     * file descriptor, {@code b} buffer whose length is the next argument, {@code o} octal mode. Empty if unknown.
     */
    String arguments(int number);

    /** Name of an error number, such as {@code "ENOENT"}, or its number if there is none. */
    String errorName(int error);
}
