package bundles.shell;

import java.io.IOException;
import java.io.OutputStream;
import kernel.core.machine.Console;

/** A channel of the machine's console as a stream. Thread-safe; closing it does nothing, the console stays. */
final class ConsoleStream extends OutputStream {

    private final Console console;
    private final int channel;

    ConsoleStream(Console console, int channel) {
        this.console = console;
        this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        console.send(channel, bytes, offset, length);
    }
}
