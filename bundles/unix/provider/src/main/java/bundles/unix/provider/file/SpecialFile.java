package bundles.unix.provider.file;

import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import java.util.Arrays;
import kernel.core.machine.RandomSource;

/** A character device that the kernel is itself: {@code /dev/null}, {@code zero}, {@code full}, {@code random}. */
public final class SpecialFile extends OpenFile {

    private final Kind kind;
    private final RandomSource random;

    /** Which device. */
    public enum Kind {
        /** Empty, takes everything. */
        NULL(3),
        /** Zero bytes for ever. */
        ZERO(5),
        /** Random bytes for ever. */
        RANDOM(9);

        private final int minor;

        Kind(int minor) {
            this.minor = minor;
        }

        /** The device with this path name, or null. */
        public static Kind of(String path) {
            return switch (path) {
                case "/dev/null" -> NULL;
                case "/dev/zero" -> ZERO;
                case "/dev/random", "/dev/urandom" -> RANDOM;
                default -> null;
            };
        }
    }

    /**
     * @param kind which device
     * @param flags of open(2)
     * @param random what random devices give
     */
    public SpecialFile(Kind kind, int flags, RandomSource random) {
        super(flags);
        this.kind = kind;
        this.random = random;
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(FileStatus.S_IFCHR | 0666, 1 << 8 | kind.minor, kind.minor);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws ErrnoException {
        return readAt(0, to, offset, length);
    }

    @Override
    public int readAt(long at, byte[] to, int offset, int length) throws ErrnoException {
        need(OpenFlags.O_RDONLY);
        switch (kind) {
            case NULL -> {
                return 0;
            }
            case ZERO -> Arrays.fill(to, offset, offset + length, (byte) 0);
            case RANDOM -> {
                byte[] bytes = new byte[length];
                random.fill(bytes);
                System.arraycopy(bytes, 0, to, offset, length);
            }
        }
        return length;
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws ErrnoException {
        need(OpenFlags.O_WRONLY);
        return length;
    }

    @Override
    public int writeAt(long at, byte[] from, int offset, int length) throws ErrnoException {
        return write(null, from, offset, length);
    }

    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}
