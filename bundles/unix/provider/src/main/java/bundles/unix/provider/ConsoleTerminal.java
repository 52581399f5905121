package bundles.unix.provider;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.ConsoleLine;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.PseudoTerminal;
import bundles.unix.provider.file.Terminal;
import bundles.unix.provider.process.ControllingTerminal;
import bundles.unix.provider.process.PseudoTerminals;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Console;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;

/**
 * A terminal for a program that is started on the console together with others: a pseudo-terminal, before which the console sits.
 * What is written to it is shown at once, in the writer's strand; what is typed goes to it while it is in front. What was typed and read by
 * nobody when it goes to the back is in the {@link ConsoleLine} again, for whoever reads the console next.
 *
 * <p>Concurrency: the monitor guards who reads the console for it; {@link #screen} keeps pieces of output in order, and is held
 * while the console takes them. A strand of its own reads the console while the terminal is in front; it holds {@link #keys} while it moves
 * what came in from the console to the terminal, so that nothing is between the two when it is fetched back. Order: keys, then the monitor or
 * the screen, then the pseudo-terminal's lock.
 */
final class ConsoleTerminal {

    private static final int PIECE = 4096;
    /** Bytes that the terminal takes at once, or none of them. */
    private static final int TYPED = 1024;
    /** Milliseconds after which it is tried again to type into a terminal that is full. */
    private static final int AGAIN = 10;
    /** Characters may have several bytes (asm/termbits.h); place of c_iflag. */
    private static final int IUTF8 = 0x4000, INPUT = 0;

    /** The kernel's strands wait here, not a program: nobody's signals end the wait. */
    private static final Waiter KERNEL = new Waiter() {
        @Override
        public <T> T await(Wait<T> wait) throws IOException, ErrnoException {
            try {
                return wait.run();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted while waiting for a terminal");
            }
        }
    };

    private final Console console;
    private final ConsoleLine line;
    private final Strands strands;
    private final OpenFile master;
    private final PseudoTerminal pair;
    private final AtomicBoolean hungUp = new AtomicBoolean();
    private final Object screen = new Object();
    private boolean showing;
    private final Object keys = new Object();
    private Strand reader;
    /** How often somebody else was told to read the console. */
    private int turn;

    /**
     * @param console before it
     * @param line keeps what came in on the console
     * @param strands read the console
     * @param terminals makes it
     * @throws ErrnoException there are too many terminals
     */
    ConsoleTerminal(Console console, ConsoleLine line, Strands strands, PseudoTerminals terminals)
            throws ErrnoException, IOException {
        this.console = console;
        this.line = line;
        this.strands = strands;
        this.master = terminals.create(OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        Terminal side = master.terminal();
        this.pair = side.pseudo();
        pair.setLocked(false);
        byte[] settings = side.termios();
        settings[INPUT + 1] |= IUTF8 >> 8;
        side.setTermios(settings, 0);
        resize();
        master.watch(this::changed);
    }

    /** The terminal as a program's three standard streams. */
    List<OpenFile> streams(Path folder) throws ErrnoException {
        OpenFile slave = pair.slave(folder.resolve(Integer.toString(pair.number())), OpenFlags.O_RDWR);
        slave.retain();
        slave.retain();
        return new ArrayList<>(Collections.nCopies(3, slave));
    }

    /** What job control knows of it. */
    ControllingTerminal control() throws ErrnoException {
        return (ControllingTerminal) master.terminal().control();
    }

    /** The window has another size now, perhaps. */
    void resize() {
        try {
            master.terminal().resize(console.rows(), console.columns());
        } catch (ErrnoException e) {
            throw new IllegalStateException("a terminal that is none", e);
        }
    }

    /** What is typed is for it from now on. */
    synchronized void toFront() throws IOException {
        if (reader == null) {
            console.setRaw(true);
            resize();
            int mine = ++turn;
            reader = strands.fork("console input", () -> read(mine));
        }
    }

    /** What is typed is no longer for it, and what it has shown is to be seen. */
    void toBack() throws IOException {
        show();
        synchronized (this) {
            if (reader == null) {
                return;
            }
            turn++;
            reader.interrupt();
            reader = null;
            console.setRaw(false);
        }
        synchronized (keys) {
            line.putBack(pair.drain());
        }
    }

    private synchronized boolean reads(int mine) {
        return turn == mine;
    }

    private void read(int mine) {
        try {
            while (reads(mine)) {
                if (line.available() == 0 && console.receive(PIECE) == 0) {
                    hangUp(); // nobody sits before the console any more
                    return;
                }
                if (!type(mine)) {
                    Thread.sleep(AGAIN);
                }
            }
        } catch (IOException | ErrnoException e) {
            // The console was taken back, or the program has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves what came in to the terminal. @return {@code false}: it is full */
    private boolean type(int mine) throws IOException, ErrnoException {
        synchronized (keys) {
            byte[] bytes = new byte[TYPED];
            int count = reads(mine) ? line.take(bytes, 0, bytes.length) : 0;
            if (count == 0) {
                return true;
            }
            boolean taken = false;
            try {
                master.write(KERNEL, bytes, 0, count);
                taken = true;
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
            } finally {
                if (!taken) {
                    line.putBack(Arrays.copyOf(bytes, count));
                }
            }
            return taken;
        }
    }

    private void changed() {
        try {
            show();
            if ((master.events() & Events.HANG_UP) != 0) {
                hangUp();
            }
        } catch (IOException e) {
            // The console is gone; the program will see that nobody sits before it.
            hangUp();
        }
    }

    private void hangUp() {
        if (!hungUp.getAndSet(true)) {
            try {
                master.release();
            } catch (IOException e) {
                throw new IllegalStateException("a terminal cannot be closed", e);
            }
        }
    }

    /** Shows what was written to the terminal so far. */
    private void show() throws IOException {
        synchronized (screen) {
            if (showing) {
                return; // taking output tells the watchers, of which this is one
            }
            showing = true;
            try {
                byte[] bytes = new byte[PIECE];
                while (!hungUp.get() && (master.events() & Events.IN) != 0) {
                    console.send(Console.OUTPUT, bytes, 0, master.read(KERNEL, bytes, 0, bytes.length));
                }
            } catch (ErrnoException e) {
                // Somebody has stopped output, or all have closed it.
            } finally {
                showing = false;
            }
        }
    }
}
