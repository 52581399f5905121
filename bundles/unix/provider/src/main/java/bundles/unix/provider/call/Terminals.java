package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.Terminal;
import bundles.unix.provider.process.ControllingTerminal;
import bundles.unix.provider.process.Family;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.PseudoTerminal;
import bundles.unix.provider.process.PseudoTerminals;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Terminals: ioctl_tty(2), and what programs in the background may not do (POSIX: general terminal interface). */
final class Terminals {

    /** Numbers of ioctl(2): asm/ioctls.h, with sizes and directions as asm/ioctl.h packs them. */
    private static final int TCGETS = 0x402c7413, TCSETS = 0x802c7414, TCSETSW = 0x802c7415, TCSETSF = 0x802c7416,
            TCSBRK = 0x2000741d, TCXONC = 0x2000741e, TCFLSH = 0x2000741f, TCSBRKP = 0x5425, TIOCOUTQ = 0x40047473,
            TIOCGWINSZ = 0x40087468, TIOCSWINSZ = 0x80087467, TIOCGPGRP = 0x40047477, TIOCSPGRP = 0x80047476,
            TIOCSCTTY = 0x540E, TIOCGSID = 0x5429, TIOCNOTTY = 0x5422, TIOCGPTN = 0x40045430, TIOCSPTLCK = 0x80045431,
            TIOCGPTLCK = 0x40045439, TIOCGPTPEER = 0x20005441;
    /** Place of c_lflag in a termios, and of TOSTOP in it (asm/termbits.h). */
    private static final int LOCAL = 12, TOSTOP = 0x400000;

    private Terminals() {}

    static long ioctl(UnixThread thread, Terminal terminal, int request, long address)
            throws ErrnoException, IOException {
        UserMemory memory = thread.memory();
        Family family = thread.process().family();
        switch (request) {
            case TCGETS -> memory.write(address, terminal.termios(), 0, Terminal.TERMIOS);
            case TCSETS, TCSETSW, TCSETSF -> {
                ByteBuffer settings = memory.read(address, Terminal.TERMIOS);
                fromForeground(thread, terminal, Signal.SIGTTOU);
                terminal.setTermios(settings.array(), request - TCSETS);
            }
            case TIOCGWINSZ -> memory.write(address, UserMemory.struct(8).putShort((short) terminal.rows())
                    .putShort((short) terminal.columns()));
            // That of who started the session keeps the size of the window outside.
            case TIOCSWINSZ -> {
                ByteBuffer size = memory.read(address, 8);
                terminal.resize(size.getShort() & 0xFFFF, size.getShort() & 0xFFFF);
            }
            case TCSBRK, TCSBRKP -> fromForeground(thread, terminal, Signal.SIGTTOU);
            case TCFLSH -> flush(thread, terminal, address);
            case TCXONC -> {
                fromForeground(thread, terminal, Signal.SIGTTOU);
                if (address < 0 || address > 3) {
                    throw Errno.EINVAL.exception();
                }
                if (address < 2) {
                    terminal.stopOutput(address == 0);
                }
            }
            case TIOCOUTQ -> memory.writeInt(address, 0);
            case TIOCGPGRP -> memory.writeInt(address, controlling(family, terminal).foreground());
            case TIOCSPGRP -> {
                int group = memory.readInt(address);
                controlling(family, terminal);
                fromForeground(thread, terminal, Signal.SIGTTOU);
                family.setForeground(group);
            }
            case TIOCGSID -> memory.writeInt(address, controlling(family, terminal).session());
            case TIOCSCTTY -> {
                if (terminal.control() instanceof ControllingTerminal own) {
                    family.take(own);
                } else {
                    controlling(family, terminal);
                }
            }
            case TIOCNOTTY -> {
                controlling(family, terminal);
                family.giveUpTerminal();
            }
            default -> {
                return pseudo(thread, terminal, request, address);
            }
        }
        return 0;
    }

    private static void flush(UnixThread thread, Terminal terminal, long which) throws ErrnoException {
        fromForeground(thread, terminal, Signal.SIGTTOU);
        if (which < 0 || which > 2) {
            throw Errno.EINVAL.exception();
        }
        terminal.flush(which != 1, which != 0);
    }

    /** Of who sits before a pseudo-terminal (ioctl_tty(2)). */
    private static long pseudo(UnixThread thread, Terminal terminal, int request, long address)
            throws ErrnoException, IOException {
        PseudoTerminal pair = terminal.pseudo();
        if (pair == null || !terminal.isMaster()) {
            throw Errno.ENOTTY.exception();
        }
        switch (request) {
            case TIOCGPTN -> thread.memory().writeInt(address, pair.number());
            case TIOCSPTLCK -> pair.setLocked(thread.memory().readInt(address) != 0);
            case TIOCGPTLCK -> thread.memory().writeInt(address, pair.locked() ? 1 : 0);
            case TIOCGPTPEER -> {
                int flags = (int) address;
                OpenFile slave = pair.slave(PseudoTerminals.path(thread, pair),
                        flags & (OpenFlags.O_ACCMODE | OpenFlags.O_NONBLOCK));
                try {
                    return thread.files().add(slave, (flags & OpenFlags.O_CLOEXEC) != 0);
                } catch (ErrnoException e) {
                    slave.release();
                    throw e;
                }
            }
            default -> throw Errno.ENOTTY.exception();
        }
        return 0;
    }

    /** The session's terminal, if it is this one; of who sits before a pseudo-terminal that one, whosever it is. */
    private static ControllingTerminal controlling(Family family, Terminal of) throws ErrnoException {
        if (of.isMaster()) {
            return (ControllingTerminal) of.control();
        }
        ControllingTerminal terminal = family.terminal();
        if (terminal == null || !same(terminal, of)) {
            throw Errno.ENOTTY.exception();
        }
        return terminal;
    }

    private static boolean same(ControllingTerminal terminal, Terminal of) {
        return of.control() == null ? terminal.device() == null : of.control() == terminal;
    }

    /** Whether output from the background stops who writes it (TOSTOP). */
    static boolean stopsOutput(Terminal terminal) throws IOException {
        return (UserMemory.struct(Terminal.TERMIOS).put(terminal.termios()).getInt(LOCAL) & TOSTOP) != 0;
    }

    /**
     * Lets through who is in the foreground of its terminal, or has none. Others get a signal, which stops them unless they
     * care for it themselves; the call is made again afterwards.
     *
     * @param terminal which; another than the session's lets everybody through
     * @param signal SIGTTIN or SIGTTOU
     * @throws ErrnoException EIO: nobody could continue who is stopped now, or SIGTTIN is ignored
     */
    static void fromForeground(UnixThread thread, Terminal terminal, int signal) throws ErrnoException {
        Family family = thread.process().family();
        if (!family.inBackground() || terminal.isMaster() || !same(family.terminal(), terminal)) {
            return;
        }
        boolean ignored = (thread.signals().blocked() & Signal.bit(signal)) != 0
                || thread.signals().action(signal).handler() == Signal.SIG_IGN;
        if (ignored && signal == Signal.SIGTTOU) {
            return;
        }
        if (ignored || family.orphaned()) {
            throw Errno.EIO.exception();
        }
        thread.kernel().table().group(family.group()).forEach(one -> one.send(SignalInfo.kernel(signal)));
        throw InterruptedCall.exception();
    }
}
