package bundles.unix.provider.file;

/** What a file is ready for, in the bits of poll(2) and epoll(7) (asm-generic/poll.h, which the Alpha has). */
public final class Events {

    /** Bits. */
    public static final int IN = 1, PRIORITY = 2, OUT = 4, ERROR = 8, HANG_UP = 0x10, INVALID = 0x20,
            READ_NORMAL = 0x40, WRITE_NORMAL = 0x100, READ_HANG_UP = 0x2000;
    /** What select(2) takes for readable, and for writable. */
    public static final int READABLE = IN | READ_NORMAL | HANG_UP | ERROR, WRITABLE = OUT | WRITE_NORMAL | ERROR;
    /** What is told unasked. */
    public static final int ALWAYS = ERROR | HANG_UP;

    private Events() {}

    /** The usual ones. */
    public static int of(boolean readable, boolean writable) {
        return (readable ? IN | READ_NORMAL : 0) | (writable ? OUT | WRITE_NORMAL : 0);
    }
}
