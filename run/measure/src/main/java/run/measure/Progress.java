package run.measure;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Tells on the error stream what is being done: on a terminal by one line that renews itself and counts the seconds,
 * elsewhere by a line now and then. Thread-safe.
 */
public final class Progress implements AutoCloseable {

    private static final long REPAINT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SPARSE = TimeUnit.SECONDS.toNanos(10);
    private static final int WIDTH = 79;

    private final PrintStream out;
    private final boolean terminal;
    private final Thread painter;
    private String text = "";
    private long since;
    private long printed;
    private boolean painted;
    private boolean closed;

    /**
     * @param out where to
     * @param terminal whether a person looks at it while it is written
     */
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.printed = System.nanoTime() - SPARSE;
        painter = Thread.ofPlatform().name("progress").daemon().unstarted(this::repaint);
        if (terminal) {
            painter.start();
        }
    }

    /** What is being done from now on. */
    public synchronized void show(String what) {
        long now = System.nanoTime();
        text = what;
        since = now;
        if (terminal) {
            paint();
        } else if (now - printed >= SPARSE) {
            printed = now;
            out.println(what);
        }
    }

    /** A line that stays, printed above the line of progress. */
    public synchronized void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** Takes the line away, so that something else can be printed. */
    public synchronized void clear() {
        text = "";
        if (painted) {
            out.print("\r\033[K");
            out.flush();
            painted = false;
        }
    }

    private void repaint() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(REPAINT);
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    if (!text.isEmpty()) {
                        paint();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void paint() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
        String line = seconds < 2 ? text : text + " (" + seconds + " s)";
        out.print("\r\033[K" + (line.length() > WIDTH ? line.substring(0, WIDTH) : line));
        out.flush();
        painted = true;
    }

    @Override
    public synchronized void close() {
        clear();
        closed = true;
        painter.interrupt();
    }
}
