package bundles.pagers.shared;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell's {@code shared}. Thread-safe. */
@Component(service = Commands.class, property = {"osgi.command.scope=spin", "osgi.command.function=shared"})
public final class Commands {

    private final Segments segments;

    /** Made by Declarative Services. */
    @Activate
    public Commands(@Reference Segments segments) {
        this.segments = segments;
    }

    /** Lists the segments of this kernel. */
    public String shared() {
        return String.join("\n", segments.list());
    }
}
