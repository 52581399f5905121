package bundles.unix.provider;

import bundles.unix.api.Process;
import bundles.unix.provider.process.UnixProcess;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * Which process has the console: of those that are on it, and have not ended, the one started last; of those with a terminal of
 * their own the one that was put in front. A service that only this bundle sees. The monitor guards it; terminals are put in front and back
 * with it held.
 */
@Component(service = Foreground.class)
public final class Foreground {

    private final ArrayDeque<UnixProcess> processes = new ArrayDeque<>();
    private final Map<Process, ConsoleTerminal> terminals = new HashMap<>();
    private Process front;

    /** A process starts on the console. */
    synchronized void enter(UnixProcess process) {
        processes.push(process);
    }

    /** The process in the foreground of those on the console itself, or null. */
    synchronized UnixProcess process() {
        processes.removeIf(UnixProcess::ended);
        return processes.peek();
    }

    /** A process has a terminal that the console can be put before. */
    synchronized void add(UnixProcess process, ConsoleTerminal terminal) {
        terminals.keySet().removeIf(one -> one.ended() && one != front);
        terminals.put(process, terminal);
    }

    /**
     * Puts the console before a process's terminal.
     *
     * @return {@code false}: it has none, or somebody else's is in front
     */
    synchronized boolean toFront(Process process) throws IOException {
        ConsoleTerminal terminal = terminals.get(process);
        if (terminal == null || front != null && front != process) {
            return false;
        }
        terminal.toFront();
        front = process;
        return true;
    }

    /** Takes the console away from it, if it has it, once all is shown that it has written. */
    synchronized void toBack(Process process) throws IOException {
        ConsoleTerminal terminal = terminals.get(process);
        if (terminal != null) {
            front = front == process ? null : front;
            terminal.toBack();
        }
    }

    /** Takes the console away from who has it. */
    synchronized void nobody() throws IOException {
        if (front != null) {
            toBack(front);
        }
    }

    /** The console's window has changed. @return whether that was somebody's who has the console for himself */
    synchronized boolean resized() {
        if (front == null) {
            return false;
        }
        terminals.get(front).resize();
        return true;
    }
}
