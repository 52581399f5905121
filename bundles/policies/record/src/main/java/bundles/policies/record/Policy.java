package bundles.policies.record;

import bundles.unix.api.ProgramStart;
import bundles.unix.api.SyscallTable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Binds a recorder or a replayer, as the properties say. */
@Component(service = Policy.class, immediate = true)
public final class Policy {

    /** Property of the framework or the Java virtual machine: the file that the next program is recorded to. */
    public static final String RECORD = "spin.record";
    /** Property: the record that the next program is given again. */
    public static final String REPLAY = "spin.replay";

    private static final System.Logger LOG = System.getLogger("record");

    /** A guard of system calls. */
    public interface Check {
        /** Whether the handler is to run. */
        boolean test(UserContext context, int number);
    }

    private final Recorder recorder;
    private final List<Bound> bindings;

    /** @throws IOException neither property names a file, or it cannot be opened */
    @Activate
    public Policy(@Reference Dispatcher dispatcher, @Reference SyscallTable table,
            @Reference(target = Binding.STUB_ONLY) Syscall syscalls,
            @Reference(target = "(spin.filesystem=host)") FileSystem files, BundleContext bundle) throws IOException {
        String record = bundle.getProperty(RECORD);
        String replay = bundle.getProperty(REPLAY);
        if ((record == null) == (replay == null)) {
            throw new IOException("say either " + RECORD + "=FILE or " + REPLAY + "=FILE: what is to be recorded, or"
                    + " given again");
        }
        var kinds = new Kinds(table);
        if (record != null) {
            Path path = files.getPath(record);
            recorder = new Recorder(kinds, new RecordFile.Writer(Files.newOutputStream(path)));
            bindings = record(dispatcher, recorder);
        } else {
            recorder = null;
            bindings = replay(dispatcher, new Replayer(kinds, syscalls, contents(files.getPath(replay))));
        }
    }

    /** A record that cannot be read is taken as an empty one: then the program is stopped at once, and does nothing in earnest. */
    private static RecordFile.Contents contents(Path path) {
        try (var in = Files.newInputStream(path)) {
            return RecordFile.read(in);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "{0} cannot be read: {1}: name a file that was recorded", path,
                    e.toString());
            return RecordFile.Contents.empty();
        }
    }

    private static List<Bound> record(Dispatcher dispatcher, Recorder recorder) {
        return List.of(dispatcher.bind(Binding.handler(ProgramStart.class,
                (process, path, asked) -> recorder.start(process, asked)).order(Binding.FIRST).cancel()
                .name("record.start")),
                dispatcher.bind(Binding.handler(Syscall.class, recorder::before).order(Binding.FIRST)
                        .name("record.before")),
                dispatcher.bind(Binding.handler(Syscall.class, recorder::refuse).order(Binding.FIRST).cancel()
                        .guard((Check) recorder::refuses).name("record.refuse")),
                dispatcher.bind(Binding.handler(Syscall.class, recorder::after).order(Binding.LAST)
                        .name("record.after")));
    }

    private static List<Bound> replay(Dispatcher dispatcher, Replayer replayer) {
        return List.of(dispatcher.bind(Binding.handler(ProgramStart.class,
                (process, path, asked) -> replayer.start(process, asked)).order(Binding.FIRST).cancel()
                .name("replay.start")),
                dispatcher.bind(Binding.handler(Syscall.class, replayer::answer).order(Binding.FIRST).cancel()
                        .guard((Check) replayer::answers).name("replay.answer")),
                dispatcher.bind(Binding.handler(Syscall.class, replayer::before).order(Binding.AFTER + "replay.answer")
                        .name("replay.before")),
                dispatcher.bind(Binding.handler(Syscall.class, replayer::after).order(Binding.LAST)
                        .name("replay.after")));
    }

    /** Ends the record, or the replay: programs that are there meet the world as it is. */
    @Deactivate
    void stop() throws IOException {
        bindings.forEach(Bound::close);
        if (recorder != null) {
            recorder.close();
        }
    }
}
