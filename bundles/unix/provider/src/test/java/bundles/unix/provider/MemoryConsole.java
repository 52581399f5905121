package bundles.unix.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import kernel.core.machine.Console;
import kernel.core.machine.ConsoleInput;

/** A console whose input is given and whose output is kept. */
final class MemoryConsole implements Console {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Kind kind;
    private byte[] input;
    private boolean open;
    private ConsoleInput event;

    /** Input that ends. */
    MemoryConsole(Kind kind, byte[] input) {
        this.kind = kind;
        this.input = input;
    }

    void connect(ConsoleInput handler) {
        event = handler;
    }

    /** Input no longer ends: reading waits for more. */
    synchronized void keepOpen() {
        open = true;
    }

    synchronized void type(byte[] more) {
        byte[] all = Arrays.copyOf(input, input.length + more.length);
        System.arraycopy(more, 0, all, input.length, more.length);
        input = all;
        notifyAll();
    }

    synchronized byte[] output(int channel) {
        return (channel == ERROR ? err : out).toByteArray();
    }

    @Override
    public Kind kind(int channel) {
        return kind;
    }

    @Override
    public int receive(int limit) throws IOException {
        byte[] got;
        synchronized (this) {
            try {
                while (open && input.length == 0) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            got = Arrays.copyOf(input, Math.min(limit, input.length));
            input = Arrays.copyOfRange(input, got.length, input.length);
        }
        if (got.length > 0) {
            event.input(got, got.length);
        }
        return got.length;
    }

    @Override
    public synchronized void send(int channel, byte[] bytes, int offset, int length) throws IOException {
        (channel == ERROR ? err : out).write(bytes, offset, length);
    }

    @Override
    public long position(int channel) throws IOException {
        throw new IOException("Illegal seek");
    }

    @Override
    public void setPosition(int channel, long position) throws IOException {
        throw new IOException("Illegal seek");
    }

    @Override
    public long size(int channel) throws IOException {
        throw new IOException("Illegal seek");
    }

    @Override
    public int columns() {
        return 80;
    }

    @Override
    public int rows() {
        return 24;
    }
}
