package bundles.unix.provider.elf;

import kernel.core.memory.Frame;
import kernel.ext.vm.api.Pager;

/**
 * A loadable segment, checked.
 *
 * @param address where it is
 * @param memorySize bytes there, 1 or more
 * @param offset where its bytes are in the file
 * @param fileSize how many of them; the rest is zero
 * @param protection bits of {@link kernel.core.memory.TranslationContext}
 */
public record Segment(long address, long memorySize, long offset, long fileSize, int protection) {

    /** First address after it. */
    public long end() {
        return address + memorySize;
    }

    /** First address of its first page. */
    public long start() {
        return Layout.floor(address);
    }

    /**
     * What fills its pages, counted from {@link #start()}. The first page has the file's bytes before the segment as well,
     * as on Linux, where pages are mapped whole.
     *
     * @param source the program file
     */
    public Pager pager(Source source) {
        long base = Layout.floor(offset);
        long last = offset + fileSize;
        return Pager.ahead((at, frame) -> fill(source, base + at, last, frame));
    }

    private static void fill(Source source, long from, long end, Frame frame) throws java.io.IOException {
        int length = (int) Math.max(0, Math.min(Layout.PAGE, end - from));
        if (length == 0) {
            return;
        }
        byte[] bytes = new byte[length];
        int got = source.read(from, bytes, 0, length);
        if (got < length) {
            throw new java.io.IOException("the program file has shrunk");
        }
        frame.write(0, bytes, 0, length);
    }
}
