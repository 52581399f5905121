package run.itest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import kernel.core.machine.Console;

/** A console that keeps what is sent to it and has no input. Thread-safe. */
final class Recorder implements Console {

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    synchronized String text() {
        return sent.toString(StandardCharsets.UTF_8);
    }

    int lines() {
        return (int) text().chars().filter(c -> c == '\n').count();
    }

    @Override
    public synchronized void send(int channel, byte[] bytes, int offset, int length) {
        sent.write(bytes, offset, length);
    }

    @Override
    public int receive(int limit) {
        return 0;
    }

    @Override
    public Kind kind(int channel) {
        return Kind.PIPE;
    }

    @Override
    public long position(int channel) {
        throw new UnsupportedOperationException("a pipe");
    }

    @Override
    public void setPosition(int channel, long position) {
        throw new UnsupportedOperationException("a pipe");
    }

    @Override
    public long size(int channel) {
        throw new UnsupportedOperationException("a pipe");
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
