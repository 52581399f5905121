package bundles.unix.provider;

import bundles.unix.provider.process.UnixProcess;
import java.util.ArrayDeque;
import org.osgi.service.component.annotations.Component;

/**
 * Which process has the console: of those on it that have not ended, the one started last. A service that only this bundle
 * sees. The monitor guards it.
 */
@Component(service = Foreground.class)
public final class Foreground {

    private final ArrayDeque<UnixProcess> processes = new ArrayDeque<>();

    /** A process starts on the console. */
    synchronized void enter(UnixProcess process) {
        processes.push(process);
    }

    /** The process in the foreground, or null. */
    synchronized UnixProcess process() {
        processes.removeIf(UnixProcess::ended);
        return processes.peek();
    }
}
