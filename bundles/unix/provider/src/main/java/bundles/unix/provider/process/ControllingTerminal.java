package bundles.unix.provider.process;

import bundles.unix.provider.file.PseudoTerminal;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.util.HashSet;
import java.util.Set;

/**
 * What job control knows of a terminal (credentials(7), tty_ioctl(4)): whose it is, and which process group is in the
 * foreground. The lock of the {@link ProcessTable} guards it.
 */
public final class ControllingTerminal {

    private final ProcessTable table;
    private PseudoTerminal device;
    private int session;
    private int foreground;

    /** @param table the processes */
    public ControllingTerminal(ProcessTable table) {
        this.table = table;
    }

    /** The pseudo-terminal that this is, or null. */
    public PseudoTerminal device() {
        return device;
    }

    void setDevice(PseudoTerminal newDevice) {
        device = newDevice;
    }

    /** The session that has it, or 0. */
    public int session() {
        return session;
    }

    /** The process group in the foreground, or 0. */
    public int foreground() {
        return foreground;
    }

    void setSession(int newSession) {
        session = newSession;
    }

    /** Puts a process group in the foreground. */
    public void setForeground(int group) {
        foreground = group;
    }

    /** Sends a signal to the processes in the foreground: somebody typed its character, or the line has changed. */
    public void send(SignalInfo info) {
        table.group(foreground).forEach(process -> process.send(info));
    }

    /** Sends a signal to the processes in the foreground of a process's terminal, or to itself if nobody is. */
    static void interrupt(UnixProcess process, SignalInfo info) {
        Set<UnixProcess> front = foreground(process);
        (front.isEmpty() ? Set.of(process) : front).forEach(one -> one.send(info));
    }

    /** Has a process go on, and those in the foreground of its terminal; each is told once, as a handler may count. */
    static void goOn(UnixProcess process) {
        Set<UnixProcess> all = foreground(process);
        all.add(process);
        all.forEach(one -> one.send(SignalInfo.kernel(Signal.SIGCONT)));
    }

    private static Set<UnixProcess> foreground(UnixProcess process) {
        ControllingTerminal terminal = process.family().terminal();
        return terminal == null ? new HashSet<>() : new HashSet<>(terminal.table.group(terminal.foreground));
    }

    /** Nobody sits before it any more: its session is told, and has no terminal from now on (tty_vhangup). */
    void hangUp() {
        table.lock.lock();
        try {
            if (session == 0) {
                return;
            }
            UnixProcess leader = table.find(session);
            if (leader != null && leader.family().terminal() == this) {
                leader.send(SignalInfo.kernel(Signal.SIGHUP));
                leader.send(SignalInfo.kernel(Signal.SIGCONT));
            }
            send(SignalInfo.kernel(Signal.SIGHUP));
            send(SignalInfo.kernel(Signal.SIGCONT));
            table.all().forEach(process -> process.family().lose(this));
            session = 0;
            foreground = 0;
        } finally {
            table.lock.unlock();
        }
    }
}
