package run.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a file that this process's output is appended to from growing for ever: what is longer than the limit becomes
 * {@code NAME.1}, in place of an earlier one. One thread, which owns nothing that others use.
 */
final class LogLimit {

    /** Milliseconds between two looks. */
    private static final int PERIOD = 1000;

    private final Path file;
    private final long limit;

    /**
     * @param file what output is appended to (O_APPEND), so that after a cut it goes on at the beginning
     * @param limit bytes
     */
    LogLimit(Path file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    /** Watches in the background until the process ends. */
    void start() {
        Thread.ofPlatform().daemon().name("log limit").start(() -> {
            try {
                while (true) {
                    Thread.sleep(PERIOD);
                    look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Cuts the file if it is too long. */
    void look() {
        try {
            if (Files.size(file) > limit) {
                Files.copy(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
        } catch (IOException e) {
            // the file was taken away, or its disk is full: the next look may do better
        }
    }
}
