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
import java.io.IOException;
import java.nio.ByteBuffer;

/** Terminals: ioctl_tty(2), and what programs in the background may not do (POSIX: general terminal interface). */
final class Terminals {

    /** Numbers of ioctl(2): asm/ioctls.h, with sizes and directions as asm/ioctl.h packs them. */
    private static final int TCGETS = 0x402c7413, TCSETS = 0x802c7414, TCSETSW = 0x802c7415, TCSETSF = 0x802c7416,
            TIOCGWINSZ = 0x40087468, TIOCSWINSZ = 0x80087467, TIOCGPGRP = 0x40047477, TIOCSPGRP = 0x80047476,
            TIOCSCTTY = 0x540E, TIOCGSID = 0x5429, TIOCNOTTY = 0x5422;
    /** Place of c_lflag in a termios, and of TOSTOP in it (asm/termbits.h). */
    private static final int LOCAL = 12, TOSTOP = 0x400000;

    private Terminals() {}

    static void ioctl(UnixThread thread, Terminal terminal, int request, long address)
            throws ErrnoException, IOException {
        UserMemory memory = thread.memory();
        Family family = thread.process().family();
        switch (request) {
            case TCGETS -> memory.write(address, terminal.termios(), 0, Terminal.TERMIOS);
            case TCSETS, TCSETSW, TCSETSF -> {
                ByteBuffer settings = memory.read(address, Terminal.TERMIOS);
                fromForeground(thread, Signal.SIGTTOU);
                terminal.setTermios(settings.array(), request - TCSETS);
            }
            case TIOCGWINSZ -> memory.write(address, UserMemory.struct(8).putShort((short) terminal.rows())
                    .putShort((short) terminal.columns()));
            // The size is that of the window outside.
            case TIOCSWINSZ -> memory.read(address, 8);
            case TIOCGPGRP -> memory.writeInt(address, controlling(family).foreground());
            case TIOCSPGRP -> {
                int group = memory.readInt(address);
                controlling(family);
                fromForeground(thread, Signal.SIGTTOU);
                family.setForeground(group);
            }
            case TIOCGSID -> memory.writeInt(address, controlling(family).session());
            case TIOCSCTTY -> controlling(family);
            case TIOCNOTTY -> controlling(family);
            default -> throw Errno.ENOTTY.exception();
        }
    }

    private static ControllingTerminal controlling(Family family) throws ErrnoException {
        ControllingTerminal terminal = family.terminal();
        if (terminal == null) {
            throw Errno.ENOTTY.exception();
        }
        return terminal;
    }

    /** Whether output from the background stops who writes it (TOSTOP). */
    static boolean stopsOutput(Terminal terminal) throws IOException {
        return (UserMemory.struct(Terminal.TERMIOS).put(terminal.termios()).getInt(LOCAL) & TOSTOP) != 0;
    }

    /**
     * Lets through who is in the foreground of its terminal, or has none. Others get a signal, which stops them unless they
     * care for it themselves; the call is made again afterwards.
     *
     * @param signal SIGTTIN or SIGTTOU
     * @throws ErrnoException EIO: nobody could continue who is stopped now, or SIGTTIN is ignored
     */
    static void fromForeground(UnixThread thread, int signal) throws ErrnoException {
        Family family = thread.process().family();
        if (!family.inBackground()) {
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
