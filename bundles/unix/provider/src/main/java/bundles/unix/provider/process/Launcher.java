package bundles.unix.provider.process;

import bundles.unix.api.ExecException;
import bundles.unix.api.Processes.Launch;
import bundles.unix.provider.elf.Image;
import bundles.unix.provider.elf.ImageReader;
import bundles.unix.provider.elf.InitialStack;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.elf.Segment;
import bundles.unix.provider.elf.Source;
import bundles.unix.provider.file.FileErrors;
import bundles.unix.provider.file.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import kernel.core.machine.Processor;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;

/** Makes processes of program files and runs them. Thread-safe: holds nothing that changes. */
public final class Launcher {

    private static final long CLOCK_TICKS = 1024;
    private static final int PROGRAM_HEADER = 56;
    private static final int READ_WRITE = TranslationContext.READ | TranslationContext.WRITE;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Kernel kernel;
    private final Processor processor;
    private final AddressSpaces spaces;

    /**
     * @param kernel what processes need
     * @param processor runs them
     * @param spaces makes their address spaces
     */
    public Launcher(Kernel kernel, Processor processor, AddressSpaces spaces) {
        this.kernel = kernel;
        this.processor = processor;
        this.spaces = spaces;
    }

    /** A process that is ready to run. Run it, or abandon it. */
    public final class Prepared {

        private final UnixProcess process;
        private final Closeable program;

        private Prepared(UnixProcess process, Closeable program) {
            this.process = process;
            this.program = program;
        }

        /** The process. */
        public UnixProcess process() {
            return process;
        }

        /** Runs it in a strand of its own. */
        public void run() {
            var ready = new CountDownLatch(1);
            process.setStrand(kernel.strands().fork("unix-" + process.id(), () -> {
                awaitUninterruptibly(ready);
                body();
            }));
            ready.countDown();
        }

        /** Forgets it before it ran. */
        public void abandon() {
            process.finish(() -> close(program));
        }

        private void body() {
            try {
                processor.run(process.context());
            } catch (RuntimeException | Error e) {
                process.crashed(e);
            } finally {
                process.finish(() -> close(program));
            }
        }
    }

    /**
     * Loads a program.
     *
     * @param id its process id
     * @param streams files of descriptors 0, 1 and 2; the process takes them over
     * @param reaper forgets the process
     * @throws ExecException it cannot be started; nothing is left of it
     */
    public Prepared prepare(int id, Launch launch, List<OpenFile> streams, Consumer<UnixProcess> reaper)
            throws ExecException {
        Path directory = directory(launch.directory());
        Path file = file(directory, launch.path());
        FileSource source = open(file, launch.path());
        AddressSpace space = null;
        try {
            Image image = ImageReader.read(launch.path(), source);
            InitialStack stack = InitialStack.of(launch.arguments(), launch.environment(), launch.path(),
                    kernel.platform(), random(), vector(image));
            space = spaces.create(launch.path());
            map(space, image, source, stack, file.toString());
            UserContext context = processor.create(space.translation());
            context.setPc(image.entry());
            context.setRegister(30, stack.pointer());
            context.setRegister(UserContext.FPCR, FloatingControl.initial());
            var process = new UnixProcess(kernel, id, String.join(" ", launch.arguments()), file, directory, context,
                    space, image.end(), reaper);
            process.files().open(streams);
            return new Prepared(process, source);
        } catch (ExecException | RuntimeException | Error e) {
            discard(space, source);
            throw e;
        }
    }

    private static void discard(AddressSpace space, FileSource source) {
        if (space != null) {
            space.destroy();
        }
        close(source);
    }

    private Path directory(String name) throws ExecException {
        try {
            return kernel.files().getPath(name).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new ExecException(name + ": no such working directory: " + e.getReason(), 126);
        }
    }

    private static Path file(Path directory, String name) throws ExecException {
        if (name.isEmpty()) {
            throw new ExecException("no program: its path name is empty", 127);
        }
        try {
            Path file = directory.resolve(name);
            if (!Files.exists(file)) {
                throw new ExecException(
                        name + ": no such file: check the path (it was looked for in " + directory + ")",
                        127);
            }
            if (!Files.isRegularFile(file)) {
                throw new ExecException(name + ": not a regular file: name a program", 126);
            }
            if (!Files.isExecutable(file)) {
                throw new ExecException(name + ": permission denied: make it executable (chmod +x)", 126);
            }
            return file;
        } catch (InvalidPathException e) {
            throw new ExecException(name + ": no such file: " + e.getReason(), 127);
        }
    }

    private static FileSource open(Path file, String name) throws ExecException {
        try {
            SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ);
            return new FileSource(channel);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new ExecException(name + ": no such file: check the path", 127);
        } catch (IOException e) {
            throw new ExecException(
                    name + ": cannot be opened (" + FileErrors.of(e).errno() + "): check its permissions",
                    126);
        }
    }

    private Map<Integer, Long> vector(Image image) {
        Map<Integer, Long> vector = new LinkedHashMap<>();
        vector.put(InitialStack.AT_HWCAP, kernel.capabilities());
        vector.put(InitialStack.AT_PAGESZ, (long) Layout.PAGE);
        vector.put(InitialStack.AT_CLKTCK, CLOCK_TICKS);
        vector.put(InitialStack.AT_PHDR, image.headers());
        vector.put(InitialStack.AT_PHENT, (long) PROGRAM_HEADER);
        vector.put(InitialStack.AT_PHNUM, (long) image.headerCount());
        vector.put(InitialStack.AT_BASE, 0L);
        vector.put(InitialStack.AT_FLAGS, 0L);
        vector.put(InitialStack.AT_ENTRY, image.entry());
        vector.put(InitialStack.AT_UID, (long) kernel.user());
        vector.put(InitialStack.AT_EUID, (long) kernel.user());
        vector.put(InitialStack.AT_GID, (long) kernel.group());
        vector.put(InitialStack.AT_EGID, (long) kernel.group());
        vector.put(InitialStack.AT_SECURE, 0L);
        return vector;
    }

    private static void map(AddressSpace space, Image image, Source source, InitialStack stack, String label) {
        for (Segment segment : image.segments()) {
            space.map(segment.start(), segment.end() - segment.start(), segment.protection(), segment.pager(source),
                    label);
        }
        space.map(Layout.STACK_TOP - Layout.STACK_SIZE, Layout.STACK_SIZE,
                image.executableStack() ? READ_WRITE | TranslationContext.EXECUTE : READ_WRITE, stack.pager(),
                MemoryMap.STACK);
    }

    private static byte[] random() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return random;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // A signal came early; it is pending, and is delivered when the program runs.
            }
        }
    }

    private static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
