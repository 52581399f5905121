package run.measure;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * What Linux knows of how a thread was scheduled, for who looks often: the file stays open, and looking makes no garbage, because what is
 * measured would be stopped to collect it. For one thread.
 */
final class HostThread implements Closeable {

    private final RandomAccessFile file;
    private final byte[] text = new byte[128];
    private long waited;

    /** @throws IOException it has ended */
    HostThread(Path task) throws IOException {
        file = new RandomAccessFile(task.resolve("schedstat").toFile(), "r");
        again();
    }

    /**
     * Looks again.
     *
     * @return nanoseconds that it could run and waited for a processor since the last look
     * @throws IOException it has ended
     */
    long again() throws IOException {
        file.seek(0);
        int length = file.read(text);
        int at = 0;
        while (at < length && text[at] != ' ') {
            at++;
        }
        long now = 0;
        for (at++; at < length && text[at] != ' '; at++) {
            now = 10 * now + text[at] - '0';
        }
        long since = now - waited;
        waited = now;
        return since;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
