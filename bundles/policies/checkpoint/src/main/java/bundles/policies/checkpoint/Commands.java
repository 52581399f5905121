package bundles.policies.checkpoint;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's {@code checkpoint PID FILE}. Thread-safe. */
@Component(service = Commands.class, property = {"osgi.command.scope=spin", "osgi.command.function=checkpoint"})
public final class Commands {

    private final Service service;

    /** Made by Declarative Services. */
    @Activate
    public Commands(@Reference Service service) {
        this.service = service;
    }

    /** Writes a process to a file; it goes on. */
    public String checkpoint(int process, String file) throws IOException, InterruptedException {
        return "%d pages are in %s".formatted(service.checkpoint(process, file), file);
    }
}
