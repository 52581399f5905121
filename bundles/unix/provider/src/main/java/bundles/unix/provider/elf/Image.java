package bundles.unix.provider.elf;

import java.util.List;

/**
 * What an ELF file says about the program in it, checked.
 *
 * @param entry address of its first instruction
 * @param headers address at which its program headers will be in memory, or 0 if no segment has them
 * @param headerCount number of program headers
 * @param executableStack whether it wants its stack executable
 * @param interpreter path name of the dynamic linker that starts it, or null
 * @param segments by address; they do not overlap; one of them is executable and has the entry
 */
public record Image(long entry, long headers, int headerCount, boolean executableStack, String interpreter,
        List<Segment> segments) {

    /** Copies the list. */
    public Image {
        segments = List.copyOf(segments);
    }

    /** First page after everything. */
    public long end() {
        return Layout.ceil(segments.getLast().end());
    }
}
