package bundles.unix.provider.process;

import bundles.unix.api.ExecException;
import bundles.unix.api.PathLookup;
import bundles.unix.api.ProgramStart.Values;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.elf.Image;
import bundles.unix.provider.elf.InitialStack;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.FileErrors;
import bundles.unix.provider.file.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.core.machine.HostText;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;

/** Loads program files: ELF files, and scripts by their interpreter (execve(2)). Thread-safe: holds nothing that changes. */
final class ProgramLoader {

    private static final long CLOCK_TICKS = 1024;
    private static final int PROGRAM_HEADER = 56;
    private static final int READ_WRITE = TranslationContext.READ | TranslationContext.WRITE;
    /** Bytes of a script's first line that count (BINPRM_BUF_SIZE). */
    private static final int SCRIPT_LINE = 256;
    /** Scripts whose interpreter is a script whose interpreter ... */
    private static final int MOST_SCRIPTS = 5;

    private final Kernel kernel;

    ProgramLoader(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * A program in an address space of its own.
     *
     * @param map whoever gets this releases it
     * @param entry where it starts
     * @param pointer its stack pointer then
     */
    record Loaded(Program program, MemoryMap map, long entry, long pointer) {}

    /**
     * Loads a program.
     *
     * @param process id of the process that will run it
     * @param directory where a relative path starts
     * @param path the program's file
     * @param arguments all of them
     * @param environment {@code NAME=value} strings
     * @param stackSize bytes, whole pages
     * @throws LoadException it cannot be loaded; nothing is left of it
     */
    Loaded load(int process, Path directory, String path, List<byte[]> arguments, List<byte[]> environment,
            long stackSize)
            throws LoadException {
        List<byte[]> words = arguments;
        String name = path;
        for (int depth = 0; depth < MOST_SCRIPTS; depth++) {
            Path file = file(directory, name);
            ProgramFile source = open(file, name);
            boolean loading = false;
            try {
                List<byte[]> interpreter = interpreter(source, name);
                if (interpreter == null) {
                    loading = true;
                    return load(process, path, file, source, words, environment, stackSize);
                }
                List<byte[]> more = new ArrayList<>(interpreter);
                more.add(bytes(name));
                more.addAll(words.subList(Math.min(1, words.size()), words.size()));
                words = more;
                name = text(interpreter.getFirst());
            } catch (IOException e) {
                throw new LoadException(Errno.EIO, name + ": cannot be read: " + e.getMessage());
            } finally {
                if (!loading) {
                    source.release();
                }
            }
        }
        throw new LoadException(Errno.ELOOP, path + ": its interpreter is a script, and so on: name a program");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The words of a script's first line, or null if it is no script. */
    private static List<byte[]> interpreter(ProgramFile source, String name) throws IOException, LoadException {
        byte[] start = new byte[SCRIPT_LINE];
        int length = source.read(0, start, 0, start.length);
        if (length < 2 || start[0] != '#' || start[1] != '!') {
            return null;
        }
        String line = new String(start, 2, length - 2, StandardCharsets.ISO_8859_1);
        int end = line.indexOf('\n');
        line = (end < 0 ? line : line.substring(0, end)).strip();
        if (line.isEmpty()) {
            throw new LoadException(Errno.ENOEXEC, name + ": a script that names no interpreter after #!");
        }
        int gap = 0;
        while (gap < line.length() && line.charAt(gap) != ' ' && line.charAt(gap) != '\t') {
            gap++;
        }
        List<byte[]> words = new ArrayList<>();
        words.add(line.substring(0, gap).getBytes(StandardCharsets.ISO_8859_1));
        String rest = line.substring(gap).strip();
        if (!rest.isEmpty()) {
            words.add(rest.getBytes(StandardCharsets.ISO_8859_1));
        }
        return words;
    }

    /** Loads an ELF file; lets go of the source if that fails. */
    private Loaded load(int process, String path, Path file, ProgramFile source, List<byte[]> arguments,
            List<byte[]> environment, long stackSize) throws LoadException {
        List<ProgramFile> sources = new ArrayList<>(List.of(source));
        AddressSpace space = null;
        boolean done = false;
        try {
            Image image = source.image(path, Layout.PROGRAM_BASE);
            Image linker = null;
            if (image.interpreter() != null) {
                sources.add(open(file(file.getParent(), image.interpreter()), image.interpreter()));
                linker = sources.getLast().image(image.interpreter(), Layout.MMAP_BASE);
            }
            Values values = values(process, path, arguments, environment);
            InitialStack stack = stack(path, values, vector(image, linker));
            if (Layout.STACK_TOP - stack.pointer() > Math.max(stackSize / 4, Layout.SMALLEST_STACK / 2)) {
                throw new LoadException(Errno.E2BIG,
                        path + ": arguments and environment have more than a quarter of the "
                                + stackSize + " bytes that the stack may have (ulimit -s)");
            }
            space = kernel.spaces().create(path);
            source.map(space, path, Layout.PROGRAM_BASE, file);
            if (linker != null) {
                sources.getLast().map(space, image.interpreter(), Layout.MMAP_BASE,
                        file.resolveSibling(image.interpreter()));
            }
            space.map(Layout.STACK_TOP - stackSize, stackSize,
                    image.executableStack() ? READ_WRITE | TranslationContext.EXECUTE : READ_WRITE,
                    stack.pager(stackSize),
                    MemoryMap.STACK);
            var program = new Program(texts(values.arguments()), texts(values.environment()), file, shortName(path));
            var map = new MemoryMap(space, kernel.shared(), sources, image.end());
            done = true;
            return new Loaded(program, map, linker == null ? image.entry() : linker.entry(), stack.pointer());
        } catch (ExecException e) {
            throw new LoadException(Errno.ENOEXEC, e.getMessage());
        } finally {
            if (!done) {
                if (space != null) {
                    space.destroy();
                }
                sources.forEach(ProgramFile::release);
            }
        }
    }

    private Values values(int process, String path, List<byte[]> arguments, List<byte[]> environment) {
        byte[] random = new byte[16];
        kernel.random().fill(random);
        return kernel.starts().start(process, path, new Values(arguments, environment, random));
    }

    private InitialStack stack(String path, Values values, Map<Integer, Long> vector) throws LoadException {
        try {
            return InitialStack.ofBytes(values.arguments(), values.environment(), path, kernel.platform(),
                    values.random(), vector);
        } catch (ExecException e) {
            throw new LoadException(Errno.E2BIG, e.getMessage());
        }
    }

    private static List<String> texts(List<byte[]> strings) {
        return strings.stream().map(HostText::text).toList();
    }

    private static String shortName(String path) {
        byte[] name = bytes(path.substring(path.lastIndexOf('/') + 1));
        return text(java.util.Arrays.copyOf(name, Math.min(15, name.length)));
    }

    private Path file(Path directory, String name) throws LoadException {
        if (name.isEmpty()) {
            throw new LoadException(Errno.ENOENT, "no program: its path name is empty");
        }
        try {
            Path file = kernel.lookup().find(directory.resolve(name), PathLookup.Purpose.LOOK);
            if (!Files.exists(file)) {
                if (HostFiles.hasFileAbove(file)) {
                    throw new LoadException(Errno.ENOTDIR, name + ": what should be a folder in its path is none");
                }
                throw new LoadException(Errno.ENOENT,
                        name + ": no such file: check the path (it was looked for in " + directory + ")");
            }
            if (!Files.isRegularFile(file)) {
                throw new LoadException(Errno.EACCES, name + ": not a regular file: name a program");
            }
            if (!Files.isExecutable(file)) {
                throw new LoadException(Errno.EACCES, name + ": permission denied: make it executable (chmod +x)");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new LoadException(Errno.ENOENT, name + ": no such file: " + e.getReason());
        } catch (IOException e) {
            throw new LoadException(FileErrors.of(e).errno(), name + ": " + e.getMessage());
        }
    }

    private ProgramFile open(Path file, String name) throws LoadException {
        try {
            return kernel.programs().open(file);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new LoadException(Errno.ENOENT, name + ": no such file: check the path");
        } catch (IOException e) {
            Errno errno = FileErrors.of(e).errno();
            throw new LoadException(errno, name + ": cannot be opened (" + errno + "): check its permissions");
        }
    }

    private Map<Integer, Long> vector(Image image, Image linker) {
        Map<Integer, Long> vector = new LinkedHashMap<>();
        vector.put(InitialStack.AT_HWCAP, kernel.capabilities());
        vector.put(InitialStack.AT_PAGESZ, (long) Layout.PAGE);
        vector.put(InitialStack.AT_CLKTCK, CLOCK_TICKS);
        vector.put(InitialStack.AT_PHDR, image.headers());
        vector.put(InitialStack.AT_PHENT, (long) PROGRAM_HEADER);
        vector.put(InitialStack.AT_PHNUM, (long) image.headerCount());
        vector.put(InitialStack.AT_BASE, linker == null ? 0 : Layout.MMAP_BASE);
        vector.put(InitialStack.AT_FLAGS, 0L);
        vector.put(InitialStack.AT_ENTRY, image.entry());
        vector.put(InitialStack.AT_UID, (long) kernel.user());
        vector.put(InitialStack.AT_EUID, (long) kernel.user());
        vector.put(InitialStack.AT_GID, (long) kernel.group());
        vector.put(InitialStack.AT_EGID, (long) kernel.group());
        vector.put(InitialStack.AT_SECURE, 0L);
        return vector;
    }
}
