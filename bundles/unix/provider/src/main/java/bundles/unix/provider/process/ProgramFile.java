package bundles.unix.provider.process;

import bundles.unix.api.ExecException;
import bundles.unix.provider.elf.Image;
import bundles.unix.provider.elf.ImageReader;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.elf.Segment;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;

/**
 * A program file that is open, with its pages: all processes that run it begin with the same ones and copy those that they
 * write to, so that it is read, and its instructions are decoded, once.
 *
 * <p>Concurrency: who uses it is counted under the monitor of {@link ProgramFiles}; its own guards what was read of it.
 */
final class ProgramFile {

    /** An image at a base address, with a template for each of its segments. */
    private record Placed(Image image, List<MemoryObject> pages) {}

    final ProgramFiles.Key key;
    private final ProgramFiles owner;
    private final AddressSpaces spaces;
    private final FileSource source;
    private final Map<Long, Placed> placed = new HashMap<>();
    /** Guarded by the owner's monitor. */
    int users = 1;

    ProgramFile(ProgramFiles owner, ProgramFiles.Key key, AddressSpaces spaces, SeekableByteChannel channel) {
        this.owner = owner;
        this.key = key;
        this.spaces = spaces;
        this.source = new FileSource(channel);
    }

    /** Reads bytes of it, as {@link FileSource#read}. */
    int read(long position, byte[] to, int offset, int length) throws IOException {
        return source.read(position, to, offset, length);
    }

    /**
     * What it is as a program.
     *
     * @param name for messages
     * @param base where it goes if it can be anywhere
     * @throws ExecException it is none
     */
    Image image(String name, long base) throws ExecException {
        return placed(name, base).image;
    }

    private synchronized Placed placed(String name, long base) throws ExecException {
        Placed known = placed.get(base);
        if (known == null) {
            Image image = ImageReader.read(name, source, base);
            known = new Placed(image,
                    image.segments().stream().map(segment -> spaces.template(segment.pager(source))).toList());
            placed.put(base, known);
        }
        return known;
    }

    /** Maps the segments of its {@link #image}. */
    void map(AddressSpace space, String name, long base, Path file) throws ExecException {
        Placed known = placed(name, base);
        for (int i = 0; i < known.pages.size(); i++) {
            Segment segment = known.image.segments().get(i);
            long start = segment.start();
            long filled = Math.min(Layout.ceil(segment.address() + segment.fileSize()), segment.end());
            if (filled > start) {
                space.map(start, filled - start, segment.protection(), known.pages.get(i), 0, file.toString());
            }
            if (filled < segment.end()) {
                // zero bytes that the file does not have (.bss) need no template: each process gets its own at once
                space.map(filled, segment.end() - filled, segment.protection(), Pager.ZERO, file.toString());
            }
        }
    }

    /** One more has it. */
    void retain() {
        owner.retain(this);
    }

    /** One less has it. */
    void release() {
        owner.release(this);
    }

    /** Lets go of the file and the pages; spaces that show them keep what they have touched, and touch nothing more. */
    synchronized void close() {
        placed.values().forEach(one -> one.pages.forEach(ProgramFile::close));
        placed.clear();
        source.close();
    }

    private static void close(MemoryObject pages) {
        pages.close();
    }
}
