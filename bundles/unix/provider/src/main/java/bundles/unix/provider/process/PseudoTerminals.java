package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.PseudoTerminal;
import bundles.unix.provider.signal.SignalInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import kernel.core.machine.Clock;

/** The pseudo-terminals: {@code /dev/ptmx} and {@code /dev/pts} (pts(4)). Thread-safe: the monitor guards who gets which number. */
public final class PseudoTerminals {

    /** Where programs find them. */
    public static final String MASTER = "/dev/ptmx", FOLDER = "/dev/pts/";

    private static final int MOST = 1024;

    private final Clock clock;
    private final ProcessTable table;
    private final int user;
    private final int group;
    private final ConcurrentSkipListMap<Integer, PseudoTerminal> byNumber = new ConcurrentSkipListMap<>();

    PseudoTerminals(Clock clock, ProcessTable table, int user, int group) {
        this.clock = clock;
        this.table = table;
        this.user = user;
        this.group = group;
    }

    /**
     * Makes one.
     *
     * @param flags of open(2)
     * @return the side of who sits before it
     * @throws ErrnoException ENOSPC: there are too many
     */
    public synchronized OpenFile create(int flags) throws ErrnoException {
        int number = 0;
        while (byNumber.containsKey(number)) {
            number++;
        }
        if (number >= MOST) {
            throw Errno.ENOSPC.exception();
        }
        int mine = number;
        var control = new ControllingTerminal(table);
        var owner = new PseudoTerminal.Owner() {
            @Override
            public void signal(int signal) {
                control.send(SignalInfo.kernel(signal));
            }

            @Override
            public void hangUp() {
                control.hangUp();
            }

            @Override
            public void closed() {
                byNumber.remove(mine);
            }
        };
        var terminal = new PseudoTerminal(number, clock, control, owner, user, group);
        control.setDevice(terminal);
        byNumber.put(number, terminal);
        return terminal.master(flags);
    }

    /** The one with a path name, or null. */
    public PseudoTerminal find(String name) {
        if (!name.startsWith(FOLDER)) {
            return null;
        }
        try {
            return byNumber.get(Integer.parseInt(name.substring(FOLDER.length())));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The path of one. */
    public static Path path(UnixThread thread, PseudoTerminal terminal) {
        return thread.kernel().files().getPath(FOLDER + terminal.number());
    }

    /** Those that there are. */
    public List<PseudoTerminal> all() {
        return List.copyOf(byNumber.values());
    }
}
