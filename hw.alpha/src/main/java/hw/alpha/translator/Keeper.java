package hw.alpha.translator;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Makes the regions that an earlier machine had, as a file tells of them, in a thread of its own that gives way to whoever asks the
 * translator for one; and writes the file anew at the end. Where there is no such file the translator rehearses ({@link Rehearsal}).
 */
final class Keeper implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    /** Milliseconds between two looks at whether others wait. */
    private static final long PAUSE = 5;

    private final Translator translator;
    private final Path file;
    /** What is still to be made. The thread's, and {@link #close}'s when that has ended. */
    private final Deque<Archive.Entry> rest = new ArrayDeque<>();
    private final Thread thread = new Thread(this::restore, "alpha-archive");

    Keeper(Translator translator, Path file) {
        this.translator = translator;
        this.file = file;
        thread.setDaemon(true);
        thread.start();
    }

    private void restore() {
        try {
            rest.addAll(Archive.read(file).entries());
            while (!rest.isEmpty()) {
                do {
                    Thread.sleep(translator.isAskedFor() ? PAUSE : 0);
                } while (translator.isAskedFor());
                translator.restore(rest.getFirst());
                rest.removeFirst();
            }
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "no translations are kept yet in {0}", file);
            translator.rehearse();
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING,
                    "translations that were kept in {0} cannot be used, and are made anew as programs run: {1}", file,
                    e);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed before all that was kept was made again");
        }
    }

    /** Writes the file. To be called when the translator makes nothing any more. */
    @Override
    public void close() {
        try {
            thread.interrupt();
            thread.join(TimeUnit.SECONDS.toMillis(5));
            if (thread.isAlive()) {
                return;
            }
            Archive archive = Archive.of(translator.all());
            // For what there was no time, there may be the next time.
            rest.forEach(entry -> archive.add(translator.follow(entry), entry.work(), entry.thorough()));
            archive.write(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "translations cannot be kept in " + file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
