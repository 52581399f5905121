package hw.alpha.translator;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Makes the regions that an earlier machine had, as a file tells of them, in a thread of its own that gives way to whoever asks the
 * translator for one; and writes the file anew at the end. Where there is no such file the translator rehearses ({@link Rehearsal}).
 * While programs run only what is theirs is made, as far as can be seen from what they ask for: the rest would delay them.
 */
final class Keeper implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    /** Milliseconds between two looks at whether others wait. */
    private static final long PAUSE = 5;
    /** Requests of programs of which one has all that is left looked through. A power of two. */
    private static final int SOME = 32;

    private final Translator translator;
    private final Path file;
    /** What is still to be made, those that have executed most first. */
    private final Queue<Archive.Entry> rest = new ConcurrentLinkedQueue<>();
    /** What of it belongs to programs that run. */
    private final Queue<Archive.Entry> wanted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
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
            while (!rest.isEmpty() || !wanted.isEmpty()) {
                Thread.sleep(mayMake() ? 0 : PAUSE);
                Archive.Entry next = mayMake() ? next() : null;
                if (next != null) {
                    translator.restore(next);
                }
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

    private boolean mayMake() {
        return !translator.isAskedFor() && (!wanted.isEmpty() || !translator.isRunning());
    }

    private Archive.Entry next() {
        Archive.Entry first = wanted.poll();
        return first == null ? rest.poll() : first;
    }

    /** Told by whoever asks for a region: what was kept of its program comes first, as far as the space has it yet. */
    void asked(CodeSpace space) {
        if (rest.isEmpty() || (requests.getAndIncrement() & SOME - 1) != 0) {
            return;
        }
        for (Iterator<Archive.Entry> all = rest.iterator(); all.hasNext();) {
            Archive.Entry entry = all.next();
            if (entry.image().isOf(space, entry.pc())) {
                wanted.add(entry);
                all.remove();
            }
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
            Stream.concat(wanted.stream(), rest.stream())
                    .forEach(entry -> archive.add(translator.follow(entry), entry.work(), entry.registers()));
            archive.write(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "translations cannot be kept in " + file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
