package bundles.shell;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.LongFunction;
import kernel.core.machine.Boot;
import kernel.core.machine.Disassembler;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code disas}: the instructions of a program file, or of a process as they are in its memory now. */
@Component(service = DisasCommand.class, property = {"osgi.command.scope=spin", "osgi.command.function=disas"})
public final class DisasCommand {

    private static final String USAGE = "disas FILE [ADDRESS|SYMBOL [COUNT]], disas PID ADDRESS [COUNT]";
    /** Instructions, if neither a count nor the size of a symbol says how many. */
    private static final int USUAL = 16;
    private static final int MOST = 1_000_000;

    private final Disassembler disassembler;
    private final Processes processes;
    private final PhysAddr memory;
    private final Boot boot;
    private final FileSystem files;

    /** Made by Declarative Services. */
    @Activate
    public DisasCommand(@Reference Disassembler disassembler, @Reference Processes processes,
            @Reference PhysAddr memory,
            @Reference Boot boot, @Reference(target = "(spin.filesystem=host)") FileSystem files) {
        this.disassembler = disassembler;
        this.processes = processes;
        this.memory = memory;
        this.boot = boot;
        this.files = files;
    }

    /** Disassembles. */
    @Descriptor("shows instructions: disas FILE [ADDRESS|SYMBOL [COUNT]], disas PID ADDRESS [COUNT]")
    public void disas(CommandSession session, @Descriptor("file or process, place, how many") String... words)
            throws Failure, IOException {
        if (words.length == 0 || words.length > 3) {
            throw new Failure("disas: of what? " + USAGE);
        }
        int count = words.length < 3 ? -1 : count(words[2]);
        if (words[0].matches("[0-9]+")) {
            Process process = ProcessCommands.find(processes, words[0]);
            if (words.length < 2) {
                throw new Failure("disas: where in process " + words[0] + "? " + USAGE);
            }
            print(session.getConsole(), null, address(words[1]), count < 0 ? USUAL : count, at -> word(process, at));
        } else {
            file(session, words, count);
        }
    }

    private void file(CommandSession session, String[] words, int wanted) throws Failure, IOException {
        Path directory = session.currentDir() == null ? files.getPath(boot.directory()) : session.currentDir();
        ElfFile file;
        try {
            file = ElfFile.read(directory.resolve(words[0]));
        } catch (FileSystemException | InvalidPathException e) {
            throw new Failure("disas: " + words[0] + " cannot be read: check its path and permissions");
        }
        ElfFile.Symbol symbol = words.length > 1 ? file.symbol(words[1]) : null;
        long address = symbol != null ? symbol.address() : words.length > 1 ? address(words[1]) : file.entry();
        int count = wanted >= 0
                ? wanted
                : symbol != null && symbol.size() > 0
                        ? (int) Math.min(symbol.size() / disassembler.instructionSize(), MOST)
                        : USUAL;
        print(session.getConsole(), file, address, count, file::word);
    }

    private static long address(String text) throws Failure {
        try {
            return Long.parseUnsignedLong(text.startsWith("0x") ? text.substring(2) : text, 16);
        } catch (NumberFormatException e) {
            throw new Failure("disas: there is no symbol \"" + text + "\", and it is no address (hexadecimal)");
        }
    }

    private static int count(String text) throws Failure {
        try {
            int count = Integer.parseInt(text);
            if (count > 0 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new Failure("disas: \"" + text + "\" is no number of instructions, 1 to " + MOST);
    }

    /** @param file whose symbols are shown, or null */
    private void print(PrintStream out, ElfFile file, long start, int count, LongFunction<Integer> words)
            throws Failure {
        int size = disassembler.instructionSize();
        long address = start & -size;
        for (int i = 0; i < count; i++, address += size) {
            Integer word = words.apply(address);
            if (word == null) {
                if (i > 0) {
                    return;
                }
                throw new Failure("disas: there is nothing at 0x" + Long.toHexString(address));
            }
            ElfFile.Symbol symbol = file == null ? null : file.before(address);
            if (symbol != null && (i == 0 || symbol.address() == address)) {
                out.println(name(symbol, address) + ":");
            }
            String text = disassembler.disassemble(word, address);
            out.printf("  0x%x  %08x  %s%s%n", address, word, text, target(file, text));
        }
    }

    private static String name(ElfFile.Symbol symbol, long address) {
        long into = address - symbol.address();
        return "<" + symbol.name() + (into == 0 ? "" : "+0x" + Long.toHexString(into)) + ">";
    }

    /** The name of a branch's target, which is its last operand. */
    private static String target(ElfFile file, String text) {
        int at = text.lastIndexOf(",0x");
        if (file == null || at < 0) {
            return "";
        }
        long address = Long.parseUnsignedLong(text.substring(at + ",0x".length()), 16);
        ElfFile.Symbol symbol = file.before(address);
        return symbol == null ? "" : " " + name(symbol, address);
    }

    /** A word of a process's memory, or null if its page is not there. */
    private Integer word(Process process, long address) {
        Frame frame = process.translation().frame(address);
        if (frame == null) {
            return null;
        }
        byte[] bytes = new byte[Integer.BYTES];
        frame.read((int) (address & memory.pageSize() - 1), bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
}
