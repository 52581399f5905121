package bundles.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program file as a debugger sees it (System V ABI, ELF-64): its code by address and its symbols. Immutable. What is
 * damaged is left out: this is for looking at files, not for running them.
 */
final class ElfFile {

    private static final int HEADER = 64, PROGRAM_HEADER = 56, SECTION_HEADER = 64, SYMBOL = 24;
    private static final int LOAD = 1, SYMBOL_TABLE = 2;
    private static final int NO_TYPE = 0, FUNCTION = 2, TYPE_MASK = 15;
    /** Bytes of a file that are read at most. */
    private static final long LARGEST = 256L << 20;

    /** A name's address and size in bytes, 0 if unknown. */
    record Symbol(String name, long address, long size) {}

    private record Segment(long address, long length, int offset) {}

    private final ByteBuffer file;
    private final List<Segment> segments = new ArrayList<>();
    private final Map<String, Symbol> byName = new TreeMap<>();
    private final TreeMap<Long, Symbol> byAddress = new TreeMap<>();

    private ElfFile(ByteBuffer file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws Failure it is no ELF-64 file in little-endian order
     */
    static ElfFile read(Path path) throws IOException, Failure {
        if (Files.size(path) > LARGEST) {
            throw new Failure(path + ": larger than " + (LARGEST >> 20) + " MB: too large to look at");
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.capacity() < HEADER || file.getInt(0) != 0x464C457F || file.get(4) != 2 || file.get(5) != 1) {
            throw new Failure(path + ": not a program: it is no 64-bit little-endian ELF file");
        }
        ElfFile elf = new ElfFile(file);
        elf.readSegments();
        elf.readSymbols();
        return elf;
    }

    /** Where the program begins. */
    long entry() {
        return file.getLong(24);
    }

    private void readSegments() {
        long table = file.getLong(32);
        for (int i = 0; i < Short.toUnsignedInt(file.getShort(56)); i++) {
            int at = place(table + (long) i * PROGRAM_HEADER, PROGRAM_HEADER);
            if (at >= 0 && file.getInt(at) == LOAD) {
                long length = file.getLong(at + 32);
                int offset = place(file.getLong(at + 8), length);
                if (offset >= 0) {
                    segments.add(new Segment(file.getLong(at + 16), length, offset));
                }
            }
        }
    }

    private void readSymbols() {
        long table = file.getLong(40);
        for (int i = 0; i < Short.toUnsignedInt(file.getShort(60)); i++) {
            int at = place(table + (long) i * SECTION_HEADER, SECTION_HEADER);
            if (at >= 0 && file.getInt(at + 4) == SYMBOL_TABLE) {
                int names = place(table + (long) file.getInt(at + 40) * SECTION_HEADER, SECTION_HEADER);
                if (names >= 0) {
                    readSymbols(file.getLong(at + 24), file.getLong(at + 32), file.getLong(names + 24));
                }
            }
        }
    }

    private void readSymbols(long table, long size, long names) {
        for (long symbol = table; symbol < table + size; symbol += SYMBOL) {
            int at = place(symbol, SYMBOL);
            if (at < 0) {
                return;
            }
            int type = file.get(at + 4) & TYPE_MASK;
            boolean defined = file.getShort(at + 6) != 0;
            String name = text(names + Integer.toUnsignedLong(file.getInt(at)));
            if (defined && (type == FUNCTION || type == NO_TYPE) && !name.isEmpty()) {
                Symbol found = new Symbol(name, file.getLong(at + 8), file.getLong(at + 16));
                byName.putIfAbsent(name, found);
                byAddress.merge(found.address, found, (old, other) -> other.size > old.size ? other : old);
            }
        }
    }

    private String text(long offset) {
        int at = place(offset, 1);
        int end = at;
        while (at >= 0 && end < file.capacity() && file.get(end) != 0) {
            end++;
        }
        return at < 0 ? "" : new String(file.array(), at, end - at, StandardCharsets.UTF_8);
    }

    /** The offset as an index, or -1 if so many bytes are not there. */
    private int place(long offset, long length) {
        return offset < 0 || length < 0 || offset > file.capacity() - length ? -1 : (int) offset;
    }

    /** The symbol with a name, or null. */
    Symbol symbol(String name) {
        return byName.get(name);
    }

    /** The symbol that an address belongs to, or null: the last one that begins at or before it. */
    Symbol before(long address) {
        Map.Entry<Long, Symbol> entry = byAddress.floorEntry(address);
        return entry == null ? null : entry.getValue();
    }

    /** The four bytes at an address, or null if the file has none there. */
    Integer word(long address) {
        for (Segment segment : segments) {
            long into = address - segment.address;
            if (into >= 0 && into + Integer.BYTES <= segment.length) {
                return file.getInt(segment.offset + (int) into);
            }
        }
        return null;
    }
}
