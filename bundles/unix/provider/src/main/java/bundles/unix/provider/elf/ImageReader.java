package bundles.unix.provider.elf;

import bundles.unix.api.ExecException;
import bundles.unix.provider.abi.UserMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kernel.core.memory.TranslationContext;

/**
 * Reads and checks the headers of an ELF file (elf(5)): 64 bits, little endian, Alpha, statically linked. Whatever the file
 * holds, the answer is an image or an {@link ExecException} that names file, field and value.
 */
public final class ImageReader {

    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int MAX_HEADERS = 128;
    private static final int EM_ALPHA = 0x9026;
    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int PT_LOAD = 1;
    private static final int PT_INTERP = 3;
    private static final int PT_GNU_STACK = 0x6474_e551;

    private final String file;
    private final Source source;
    private long size;
    private final List<Segment> segments = new ArrayList<>();
    private boolean executableStack = true;
    /** Added to all addresses of a file that can be anywhere. */
    private long base;
    private String interpreter;

    private ImageReader(String file, Source source) {
        this.file = file;
        this.source = source;
    }

    /**
     * Reads a program file.
     *
     * @param file its name, for messages
     * @param source its bytes
     * @throws ExecException it is not a program that can run here (status 126)
     */
    public static Image read(String file, Source source) throws ExecException {
        return read(file, source, Layout.PROGRAM_BASE);
    }

    /**
     * Reads a program file.
     *
     * @param file its name, for messages
     * @param source its bytes
     * @param base where it goes if it can be anywhere (ET_DYN)
     * @throws ExecException it is not a program that can run here (status 126)
     */
    public static Image read(String file, Source source, long base) throws ExecException {
        var reader = new ImageReader(file, source);
        reader.base = base;
        try {
            reader.size = source.size();
            return reader.read();
        } catch (IOException e) {
            throw reader.bad("cannot be read (%s): check the file and the disk", e.getMessage());
        }
    }

    private Image read() throws IOException, ExecException {
        ByteBuffer header = bytes(0, (int) Math.min(size, HEADER));
        checkIdentity(header);
        int type = header.getShort(16) & 0xFFFF;
        int machine = header.getShort(18) & 0xFFFF;
        check(machine == EM_ALPHA, "e_machine is 0x%x, not Alpha (0x9026): compile it with alpha-linux-gnu-gcc",
                machine);
        base = type == ET_DYN ? base : 0;
        check(type == ET_EXEC || type == ET_DYN, "e_type is %d, not an executable (2): link it", type);
        check(header.getInt(20) == 1, "e_version is %d, not 1: the file is damaged", header.getInt(20));
        int headerSize = header.getShort(52) & 0xFFFF;
        check(headerSize == HEADER, "e_ehsize is %d, not 64: the file is damaged", headerSize);
        int entrySize = header.getShort(54) & 0xFFFF;
        check(entrySize == PROGRAM_HEADER, "e_phentsize is %d, not 56: the file is damaged", entrySize);
        int count = header.getShort(56) & 0xFFFF;
        check(count > 0 && count <= MAX_HEADERS, "e_phnum is %d, not 1 to %d: the file is damaged", count, MAX_HEADERS);
        long table = header.getLong(32);
        long tableSize = (long) count * PROGRAM_HEADER;
        check(table >= HEADER && table <= size - tableSize,
                "e_phoff is 0x%x: the %d program headers there are not in the"
                        + " file, which has %d bytes; it is damaged or truncated",
                table, count, size);
        ByteBuffer headers = bytes(table, (int) tableSize);
        for (int i = 0; i < count; i++) {
            readProgramHeader(i, headers.slice(i * PROGRAM_HEADER, PROGRAM_HEADER).order(headers.order()));
        }
        return image(header.getLong(24) + base, table, count);
    }

    private void checkIdentity(ByteBuffer header) throws ExecException {
        boolean elf = header.limit() >= 4 && header.getInt(0) == 0x464c_457f;
        check(elf, "not a program: it does not begin with an ELF header and is no script");
        check(header.limit() == HEADER, "truncated: %d bytes are no ELF header (64 bytes)", header.limit());
        check(header.get(4) == 2, "EI_CLASS is %d, not 64-bit (2): compile it with alpha-linux-gnu-gcc", header.get(4));
        check(header.get(5) == 1, "EI_DATA is %d, not little endian (1): compile it with alpha-linux-gnu-gcc",
                header.get(5));
        check(header.get(6) == 1, "EI_VERSION is %d, not 1: the file is damaged", header.get(6));
    }

    private void readProgramHeader(int index, ByteBuffer header) throws IOException, ExecException {
        int type = header.getInt(0);
        int flags = header.getInt(4);
        if (type == PT_INTERP) {
            long length = header.getLong(32);
            long offset = header.getLong(8);
            check(length > 1 && length <= UserMemory.PATH_MAX && offset >= 0 && offset <= size - length,
                    "program header %d: PT_INTERP of 0x%x bytes at 0x%x: the file is damaged", index, length, offset);
            interpreter = new String(bytes(offset, (int) length).array(), 0, (int) length - 1,
                    StandardCharsets.UTF_8);
        } else if (type == PT_GNU_STACK) {
            executableStack = (flags & 1) != 0;
        } else if (type == PT_LOAD) {
            readSegment(index, flags, header);
        }
    }

    private void readSegment(int index, int flags, ByteBuffer header) throws ExecException {
        long offset = header.getLong(8);
        long address = header.getLong(16) + base;
        long fileSize = header.getLong(32);
        long memorySize = header.getLong(40);
        long alignment = header.getLong(48);
        if (memorySize == 0 && fileSize == 0) {
            return;
        }
        check(fileSize >= 0 && offset >= 0 && offset <= size && fileSize <= size - offset, "program header %d: p_offset"
                + " 0x%x and p_filesz 0x%x reach beyond the file's %d bytes: it is truncated or damaged", index, offset,
                fileSize, size);
        check(memorySize >= fileSize,
                "program header %d: p_memsz 0x%x is smaller than p_filesz 0x%x: the file is damaged",
                index, memorySize, fileSize);
        check(address >= Layout.LOWEST && address < Layout.TASK_SIZE && memorySize <= Layout.TASK_SIZE - address,
                "program header %d: p_vaddr 0x%x and p_memsz 0x%x are not within 0x%x to 0x%x", index, address,
                memorySize,
                Layout.LOWEST, Layout.TASK_SIZE);
        check(alignment >= 0 && (alignment & alignment - 1) == 0,
                "program header %d: p_align 0x%x is no power of two: the file is damaged", index, alignment);
        check((address - offset & Layout.PAGE - 1) == 0,
                "program header %d: p_vaddr 0x%x and p_offset 0x%x differ within"
                        + " a page of 0x2000 bytes: link it with -z max-page-size=0x10000",
                index, address, offset);
        check(address >= Layout.STACK_TOP || address + memorySize <= Layout.STACK_TOP - Layout.STACK_SIZE,
                "program header %d: p_vaddr 0x%x and p_memsz 0x%x lie in the stack, 0x%x to 0x%x", index, address,
                memorySize, Layout.STACK_TOP - Layout.STACK_SIZE, Layout.STACK_TOP);
        segments.add(new Segment(address, memorySize, offset, fileSize, protection(flags)));
    }

    private Image image(long entry, long table, int count) throws ExecException {
        check(!segments.isEmpty(), "no program header is PT_LOAD: there is nothing to run; link it");
        segments.sort(Comparator.comparingLong(Segment::address));
        for (int i = 1; i < segments.size(); i++) {
            Segment before = segments.get(i - 1);
            Segment after = segments.get(i);
            check(before.end() <= after.address(),
                    "segments overlap: 0x%x to 0x%x and 0x%x to 0x%x: the file is damaged",
                    before.address(), before.end(), after.address(), after.end());
        }
        boolean runs = segments.stream().anyMatch(segment -> (segment.protection() & TranslationContext.EXECUTE) != 0
                && segment.address() <= entry && entry < segment.end());
        check(runs && (entry & 3) == 0,
                "e_entry is 0x%x, not an instruction of an executable segment: the file is damaged",
                entry);
        long headers = 0;
        for (Segment segment : segments) {
            if (segment.offset() <= table
                    && table + (long) count * PROGRAM_HEADER <= segment.offset() + segment.fileSize()) {
                headers = segment.address() + table - segment.offset();
            }
        }
        return new Image(entry, headers, count, executableStack, interpreter, segments);
    }

    /** Protection of a segment's flags PF_X, PF_W, PF_R; the Alpha's Linux lets what can be written be read. */
    private static int protection(int flags) {
        return ((flags & 1) != 0 ? TranslationContext.EXECUTE : 0)
                | ((flags & 2) != 0 ? TranslationContext.WRITE | TranslationContext.READ : 0)
                | ((flags & 4) != 0 ? TranslationContext.READ : 0);
    }

    private ByteBuffer bytes(long position, int length) throws IOException, ExecException {
        ByteBuffer buffer = UserMemory.struct(length);
        check(source.read(position, buffer.array(), 0, length) == length, "truncated while it was read: try again");
        return buffer;
    }

    private void check(boolean good, String message, Object... arguments) throws ExecException {
        if (!good) {
            throw bad(message, arguments);
        }
    }

    private ExecException bad(String message, Object... arguments) {
        return new ExecException(file + ": " + message.formatted(arguments), 126);
    }
}
