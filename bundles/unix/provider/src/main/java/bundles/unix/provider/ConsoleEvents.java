package bundles.unix.provider;

import bundles.unix.provider.file.ConsoleLine;
import bundles.unix.provider.signal.Signal;
import kernel.core.dispatch.Intrinsic;
import kernel.core.machine.ConsoleInput;
import kernel.core.machine.ConsoleSignal;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Intrinsic handler of the console's events: input goes to whoever reads the line, signals to the foreground process. Needs
 * neither the console nor the processor, which need its stubs. Thread-safe: holds nothing that changes.
 */
@Component
@Intrinsic
public final class ConsoleEvents implements ConsoleInput, ConsoleSignal {

    private final ConsoleLine line;
    private final Foreground foreground;

    /**
     * @param line keeps input until it is read
     * @param foreground knows the foreground process
     */
    @Activate
    public ConsoleEvents(@Reference ConsoleLine line, @Reference Foreground foreground) {
        this.line = line;
        this.foreground = foreground;
    }

    @Override
    public void input(byte[] bytes, int length) {
        line.input(bytes, length);
    }

    @Override
    public void signal(String name) {
        if (name.equals("WINCH") && foreground.resized()) {
            return;
        }
        int number = Signal.number(name);
        var process = foreground.process();
        if (number != 0 && process != null) {
            process.interrupt(number);
        }
    }
}
