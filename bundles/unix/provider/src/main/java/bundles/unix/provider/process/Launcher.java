package bundles.unix.provider.process;

import bundles.unix.api.ExecException;
import bundles.unix.api.PathLookup;
import bundles.unix.api.Processes.Launch;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.Descriptors;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import kernel.core.machine.HostText;
import kernel.core.machine.UserContext;

/** Starts processes for the kernel's users. Thread-safe: holds nothing that changes. */
public final class Launcher {

    private final Kernel kernel;
    private final ProgramLoader loader;

    /** @param kernel what processes need */
    public Launcher(Kernel kernel) {
        this.kernel = kernel;
        this.loader = new ProgramLoader(kernel);
    }

    /**
     * Starts a program in a session of its own.
     *
     * @param streams files of descriptors 0, 1 and 2; the process takes them over, and they are closed if there is none
     * @param umask permissions that new files do not get
     * @param terminal what job control knows of the streams' terminal; null if they have none
     * @param observers says who watches it; its answer may be null
     * @throws ExecException it cannot be started; nothing is left of it
     */
    public UnixProcess start(Launch launch, List<OpenFile> streams, int umask, ControllingTerminal terminal,
            Function<UnixProcess, Observer> observers) throws ExecException {
        int id;
        try {
            id = kernel.table().takeId(true);
        } catch (ErrnoException e) {
            close(streams);
            throw refused(launch);
        }
        ProgramLoader.Loaded loaded;
        Path directory;
        try {
            directory = directory(launch.directory());
            loaded = loader.load(id, directory, launch.path(), bytes(launch.arguments()),
                    bytes(launch.environment()), Layout.STACK_SIZE);
        } catch (LoadException | ExecException e) {
            kernel.table().giveBack();
            close(streams);
            throw e instanceof LoadException known ? known.toExec() : (ExecException) e;
        } catch (RuntimeException e) { // of an extension that is asked what the program finds
            kernel.table().giveBack();
            close(streams);
            throw e;
        }
        var files = new Descriptors(ResourceLimits.OPEN_FILES);
        files.open(streams);
        var process = new UnixProcess(kernel, id, loaded.program(), loaded.map(), files,
                new Surroundings(directory, umask & 0777), terminal);
        UserContext context = kernel.processor().create(loaded.map().space().translation());
        Exec.start(context, loaded);
        var thread = new UnixThread(process, id, context, 0, new FloatingControl());
        process.setObserver(observers.apply(process));
        if (process.observer() != null) {
            context.requestAttention();
        }
        try {
            kernel.table().add(process, null);
            if (thread.start()) {
                return process;
            }
        } catch (ErrnoException e) {
            // As below.
        }
        process.abandon();
        kernel.table().giveBack();
        throw refused(launch);
    }

    private static ExecException refused(Launch launch) {
        return new ExecException(launch.path()
                + ": no strand can be made for it: UNIX is being stopped, or there are too many: end other programs",
                126);
    }

    private static void close(List<OpenFile> streams) {
        for (OpenFile stream : streams) {
            try {
                stream.release();
            } catch (IOException e) {
                // It was not used.
            }
        }
    }

    private static List<byte[]> bytes(List<String> strings) {
        return strings.stream().map(HostText::bytes).toList();
    }

    private Path directory(String name) throws ExecException {
        try {
            Path path = kernel.files().getPath(name).toAbsolutePath();
            Path found = kernel.lookup().find(path, PathLookup.Purpose.LOOK);
            // Who has another root may stand where that has nothing.
            return found.equals(path) || Files.isDirectory(found)
                    ? found
                    : kernel.lookup().find(path.getRoot(), PathLookup.Purpose.LOOK);
        } catch (InvalidPathException e) {
            throw new ExecException(name + ": no such working directory: " + e.getReason(), 126);
        } catch (IOException e) {
            throw new ExecException(name + ": no such working directory: " + e.getMessage(), 126);
        }
    }
}
