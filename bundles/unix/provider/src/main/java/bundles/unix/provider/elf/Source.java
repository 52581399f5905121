package bundles.unix.provider.elf;

import java.io.IOException;

/** Bytes of a program file. Thread-safe. */
public interface Source {

    /** Number of bytes. */
    long size() throws IOException;

    /**
     * Reads bytes.
     *
     * @return how many; fewer than {@code length} only at the end
     */
    int read(long position, byte[] to, int offset, int length) throws IOException;

    /** A source of bytes in memory. */
    static Source of(byte[] bytes) {
        return new Source() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public int read(long position, byte[] to, int offset, int length) {
                int count = (int) Math.max(0, Math.min(length, bytes.length - position));
                System.arraycopy(bytes, count == 0 ? 0 : (int) position, to, offset, count);
                return count;
            }
        };
    }
}
