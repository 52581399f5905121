package hw.alpha.translator;

import hw.alpha.mmu.CodePage;
import hw.alpha.translator.RegionFollower.Found;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What is kept of translations in a file between one machine and the next: the instructions that regions were made of, where jumps
 * went, how much each region has executed, and where it had its registers. Not the bytecode: making that again costs less than HotSpot's compilers do, and
 * nothing in the file needs to be trusted. A region that is made from it is entered only where an address space has the same
 * instructions ({@link RegionShape#matches}).
 *
 * <p>Programs lie at the same addresses, so there are several images: code that never differs at any address. Not thread-safe.
 */
final class Archive {

    /** Regions that are kept, those that have executed most. */
    private static final int KEPT = 800;
    /** Instructions that a region has executed to be worth it. */
    private static final long WORTH = 20_000;
    private static final int IMAGES = 64;
    private static final long MAGIC = 0x5350_494E_5452_0001L;
    private static final int LIMIT = 1 << 20;
    /** Instructions in a row by which code is known. */
    private static final int ENOUGH = 8;

    /** An instruction: its word, and where it went if it jumps. */
    private record Kept(int word, long[] known) {}

    /**
     * Where a region began, what it has executed, and where it had registers, which tells whether it was made for the second compiler, with
     * more instructions.
     */
    record Entry(long pc, long work, Registers registers, Image image) {

        boolean thorough() {
            return registers != Registers.FILE;
        }
    }

    /** Code of one program, or of several that do not contradict each other. */
    static final class Image implements CodeSpace {
        /** Whose its pages are; it lives as long as they are used. */
        private final Arena arena;
        private final Map<Long, Kept> code = new HashMap<>();
        private final Map<Long, CodePage> pages = new HashMap<>();

        private Image(Arena arena) {
            this.arena = arena;
        }

        /** Whether a space has the instructions that are known here from an address on, and some are. */
        boolean isOf(CodeSpace space, long pc) {
            int same = 0;
            while (same < ENOUGH) {
                long at = pc + 4L * same;
                Kept kept = code.get(at);
                if (kept == null) {
                    break;
                }
                CodePage page = space.codeAt(at);
                if (page == null || page.word((int) (at >>> 2) & CodePage.INSTRUCTIONS - 1) != kept.word) {
                    return false;
                }
                same++;
            }
            return same > 0;
        }

        private boolean agrees(List<Found> instructions) {
            for (Found one : instructions) {
                Kept kept = code.get(one.pc);
                if (kept != null && kept.word != one.word) {
                    return false;
                }
            }
            return true;
        }

        private void add(List<Found> instructions) {
            for (Found one : instructions) {
                Kept kept = code.get(one.pc);
                if (kept == null || kept.known.length < one.known.length) {
                    code.put(one.pc, new Kept(one.word, one.known));
                }
            }
        }

        private void decode() {
            code.forEach((pc, kept) -> {
                CodePage page = pages.computeIfAbsent(pc & -(long) CodePage.BYTES, address -> CodePage.apart(arena));
                int index = (int) (pc >>> 2) & CodePage.INSTRUCTIONS - 1;
                page.put(index, kept.word);
                page.decode(index);
                for (long to : kept.known) {
                    page.went(index, to);
                }
            });
        }

        @Override
        public CodePage codeAt(long address) {
            return pages.get(address & -(long) CodePage.BYTES);
        }
    }

    private final List<Image> images = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    /** What is worth keeping of these regions. */
    static Archive of(Collection<Region> regions) {
        Archive archive = new Archive();
        // What runs until something better is compiled is that, for the next machine.
        Set<Region> passing = Collections.newSetFromMap(new IdentityHashMap<>());
        regions.stream().filter(region -> !region.superseded && region.instead != null)
                .forEach(region -> passing.add(region.instead));
        regions.stream()
                .filter(region -> !region.superseded && !passing.contains(region) && worth(region) >= WORTH)
                .sorted(Comparator.comparingLong(Archive::worth).reversed()).limit(KEPT).forEach(archive::add);
        return archive;
    }

    /** What a region has executed; what one before it had counts half, so that what is not used any more is forgotten. */
    private static long worth(Region region) {
        return region.work - region.inherited / 2;
    }

    private void add(Region region) {
        add(region.shape, worth(region), region.registers);
    }

    /**
     * Adds what a region may be made of.
     *
     * @param shape null: nothing is added
     * @param work what such a one has executed
     * @param registers where it has registers
     */
    void add(RegionShape shape, long work, Registers registers) {
        if (shape == null) {
            return;
        }
        List<Found> instructions = shape.instructions();
        Image image = null;
        for (Image one : images) {
            if (image == null && one.agrees(instructions)) {
                image = one;
            }
        }
        if (entries.size() >= KEPT || image == null && images.size() >= IMAGES) {
            return;
        }
        if (image == null) {
            image = new Image(null);
            images.add(image);
        }
        image.add(instructions);
        entries.add(new Entry(shape.entry, work, registers, image));
    }

    /** The regions' entries, those that have executed most first. */
    List<Entry> entries() {
        return entries;
    }

    /** Writes all to a file, in the place of the one that is there. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName().toString(), ".tmp");
        try (DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(temporary))))) {
            out.writeLong(MAGIC);
            out.writeInt(images.size());
            for (Image image : images) {
                out.writeInt(image.code.size());
                for (Map.Entry<Long, Kept> one : image.code.entrySet()) {
                    out.writeLong(one.getKey());
                    out.writeInt(one.getValue().word);
                    int jumps = Math.min(one.getValue().known.length, Byte.MAX_VALUE);
                    out.writeByte(jumps);
                    for (int k = 0; k < jumps; k++) {
                        out.writeLong(one.getValue().known[k]);
                    }
                }
            }
            out.writeInt(entries.size());
            for (Entry entry : entries) {
                out.writeLong(entry.pc);
                out.writeLong(entry.work);
                out.writeByte(entry.registers.ordinal());
                out.writeByte(images.indexOf(entry.image));
            }
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Reads a file.
     *
     * @throws IOException it cannot be read, or is not such a file
     */
    static Archive read(Path file) throws IOException {
        Archive archive = new Archive();
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
            if (in.readLong() != MAGIC) {
                throw new IOException(file + " is not a file of translations, or one of another version");
            }
            int count = count(in.readInt(), IMAGES);
            for (int i = 0; i < count; i++) {
                archive.images.add(image(in));
            }
            int regions = count(in.readInt(), KEPT);
            for (int i = 0; i < regions; i++) {
                archive.entries.add(new Entry(in.readLong(), in.readLong(), registers(in.readByte()),
                        archive.images.get(count(in.readByte(), count - 1))));
            }
        }
        return archive;
    }

    private static Image image(DataInputStream in) throws IOException {
        Image image = new Image(Arena.ofAuto());
        int instructions = count(in.readInt(), LIMIT);
        for (int i = 0; i < instructions; i++) {
            long pc = in.readLong();
            if ((pc & 3) != 0 || pc >>> Refusal.ADDRESS_BITS != 0) {
                throw new IOException("no instruction has the address 0x" + Long.toHexString(pc));
            }
            int word = in.readInt();
            long[] known = new long[count(in.readByte(), Byte.MAX_VALUE)];
            for (int k = 0; k < known.length; k++) {
                known[k] = in.readLong() & ~3L;
            }
            image.code.put(pc, new Kept(word, known));
        }
        image.decode();
        return image;
    }

    private static Registers registers(int number) throws IOException {
        return Registers.values()[count(number, Registers.values().length - 1)];
    }

    private static int count(int given, int most) throws IOException {
        if (given < 0 || given > most) {
            throw new IOException(given + " of something, where there are " + most + " at most");
        }
        return given;
    }
}
