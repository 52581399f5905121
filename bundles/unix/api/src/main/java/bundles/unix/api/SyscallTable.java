package bundles.unix.api;

/** What the system calls are called; for tracers and statistics. Thread-safe. */
public interface SyscallTable {

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
