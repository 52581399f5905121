package hw.alpha.device;

import java.io.IOException;
import java.util.function.ToIntFunction;
import kernel.core.machine.Channel;
import kernel.core.machine.Console;
import kernel.core.machine.TerminalSettings;

/**
 * The terminal that the machine was started on: its size, and its settings while somebody has it who does everything himself
 * (termios(3), cfmakeraw). The settings are under the monitor; whoever changes them holds it. On 64-bit Linux; elsewhere sizes are those that
 * were known at the start, and the settings stay.
 */
final class HostTerminal {

    /** Flags of asm-generic/termbits.h. */
    private static final int ICANON = 2, ECHO = 010, ECHONL = 0100, ISIG = 1, IEXTEN = 0100000, OPOST = 1, CSIZE = 060,
            PARENB = 0400, CS8 = 060;
    /** IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON. */
    private static final int INPUT = 01 | 02 | 010 | 040 | 0100 | 0200 | 0400 | 02000;
    private static final int VTIME = 5, VMIN = 6;
    /** tcsetattr(3): when all output was sent. */
    private static final int DRAIN = 1;

    private Channel channel;
    private TerminalSettings before;

    private synchronized Channel channel() throws IOException {
        if (channel == null) {
            channel = new HostChannel(Console.INPUT, (int) ProcessHandle.current().pid());
        }
        return channel;
    }

    /** Whether it was taken. */
    synchronized boolean raw() {
        return before != null;
    }

    /** Has it give everything as it comes. */
    synchronized void take() throws IOException {
        TerminalSettings now = channel().settings();
        byte[] keys = now.characters();
        keys[VMIN] = 1;
        keys[VTIME] = 0;
        channel().setSettings(new TerminalSettings(now.input() & ~INPUT, now.output() & ~OPOST,
                now.control() & ~(CSIZE | PARENB) | CS8, now.local() & ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN),
                now.discipline(), keys), DRAIN);
        before = now;
    }

    /** Has it as it was before. */
    synchronized void giveBack() throws IOException {
        TerminalSettings old = before;
        before = null;
        channel().setSettings(old, DRAIN);
    }

    /** Width now. @param otherwise if it is unknown */
    int columns(int otherwise) {
        return size(Channel::columns, otherwise);
    }

    /** Height now. @param otherwise if it is unknown */
    int rows(int otherwise) {
        return size(Channel::rows, otherwise);
    }

    private int size(ToIntFunction<Channel> which, int otherwise) {
        try {
            Channel now = channel();
            int size = now.kind() == Console.Kind.TERMINAL ? which.applyAsInt(now) : 0;
            return size > 0 ? size : otherwise;
        } catch (IOException | LinkageError e) {
            return otherwise; // another host than Linux
        }
    }
}
