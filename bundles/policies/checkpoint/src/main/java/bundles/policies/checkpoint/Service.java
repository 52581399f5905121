package bundles.policies.checkpoint;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.AddressSpaces;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Checkpoints and restarts, for the two ways to ask for them. Thread-safe: requests of others are kept until the process's own
 * strand serves them.
 */
@Component(service = Service.class)
public final class Service {

    private static final System.Logger LOG = System.getLogger("checkpoint");
    private static final int LONGEST_PATH = 4096, CHECKPOINT = 20030;
    private static final int EIO = 5, EFAULT = 14, EINVAL = 22;
    private static final int PATIENCE = 10;

    /** What somebody waits for. */
    private record Request(Path file, CompletableFuture<Long> pages) {}

    private final Map<Integer, Request> requests = new ConcurrentHashMap<>();
    private final Syscall syscalls;
    private final Processes processes;
    private final Spaces spaces;
    private final FileSystem files;
    private final int page;

    /** Made by Declarative Services. */
    @Activate
    public Service(@Reference(target = Binding.STUB_ONLY) Syscall syscalls, @Reference Processes processes,
            @Reference AddressSpaces spaces, @Reference PhysAddr memory,
            @Reference(target = "(spin.filesystem=host)") FileSystem files) {
        this.syscalls = syscalls;
        this.processes = processes;
        this.spaces = new Spaces(spaces);
        this.files = files;
        page = memory.pageSize();
    }

    /**
     * Has a process written to a file, as soon as it is between two instructions, and waits for that.
     *
     * @return how many pages
     * @throws IOException it was not; the message says why
     */
    long checkpoint(int id, String path) throws IOException, InterruptedException {
        Process process = processes.find(id);
        if (process == null || process.ended()) {
            throw new Refused("there is no process " + id);
        }
        Request request = new Request(files.getPath(path).toAbsolutePath(), new CompletableFuture<>());
        if (requests.putIfAbsent(id, request) != null) {
            throw new Refused("process " + id + " is being checkpointed");
        }
        try {
            process.requestAttention();
            return request.pages.get(PATIENCE, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (requests.remove(id, request)) {
                throw new Refused("process " + id + " is waiting in a system call: try again when it computes");
            }
            return request.pages.join();
        } catch (ExecutionException e) {
            throw new Refused(e.getCause().getMessage());
        } finally {
            requests.remove(id, request);
        }
    }

    /** Between two instructions of a process. */
    void attend(UserContext context) {
        Process process = requests.isEmpty() ? null : Process.of(context);
        Request request = process == null ? null : requests.remove(process.id());
        if (request != null) {
            try {
                request.pages.complete(save(context, process, request.file));
            } catch (IOException | RuntimeException e) {
                request.pages.completeExceptionally(e);
            }
        }
    }

    private long save(UserContext context, Process process, Path file) throws IOException {
        return new Saver(new Guest(syscalls, context), spaces.of(context), page).save(process, processes.processes(),
                file);
    }

    /** Serves the two system calls. */
    void syscall(UserContext context, int number) {
        String path = path(context);
        if (path == null) {
            context.fail(EFAULT);
            return;
        }
        Guest guest = new Guest(syscalls, context);
        try {
            Path file = files.getPath(guest.link("cwd")).resolve(path);
            guest.leave();
            if (number == CHECKPOINT) {
                context.succeed(1); // what the restarted process sees
                save(context, Process.of(context), file);
                context.succeed(0);
            } else {
                new Restorer(guest, spaces, page).restore(file);
            }
        } catch (Refused | InvalidPathException e) {
            guest.leave();
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}", path, e.getMessage());
            context.fail(EINVAL);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "{0}: {1}", path, e.getMessage());
            if (number == CHECKPOINT) {
                context.fail(EIO);
            } else {
                guest.tryCall(Guest.EXIT_GROUP, 127);
            }
        }
    }

    /** The path, or null if it is not in the program's memory. */
    private static String path(UserContext context) {
        byte[] bytes = new byte[LONGEST_PATH];
        for (int i = 0; i < bytes.length && context.copyIn(context.argument(0) + i, bytes, i, 1) == 1; i++) {
            if (bytes[i] == 0) {
                return new String(bytes, 0, i, StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
