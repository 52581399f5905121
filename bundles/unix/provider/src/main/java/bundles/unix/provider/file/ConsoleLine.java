package bundles.unix.provider.file;

import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.osgi.service.component.annotations.Component;

/**
 * What UNIX keeps of the console line: bytes that came in and were not read yet, and the terminal's settings. The monitor
 * guards both. A service of its own, which only this bundle sees, so that the handler of console input depends on nothing that
 * depends on the dispatcher.
 */
@Component(service = ConsoleLine.class)
public final class ConsoleLine {

    /** Ctrl-D. */
    private static final byte END_OF_FILE = 4;

    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private byte[] termios = initialSettings();

    /** Bytes came in. */
    public synchronized void input(byte[] bytes, int length) {
        if (length > 0) {
            queue.add(Arrays.copyOf(bytes, length));
        }
    }

    /**
     * Takes bytes that came in.
     *
     * @return how many, 0 if there are none
     */
    public synchronized int take(byte[] to, int offset, int length) {
        int taken = 0;
        while (taken < length && !queue.isEmpty()) {
            byte[] head = queue.poll();
            int part = Math.min(head.length, length - taken);
            System.arraycopy(head, 0, to, offset + taken, part);
            taken += part;
            if (part < head.length) {
                queue.addFirst(Arrays.copyOfRange(head, part, head.length));
            }
        }
        return taken;
    }

    /** Gives bytes back that were taken and read by nobody; they come before those that are there. */
    public synchronized void putBack(byte[] bytes) {
        if (bytes.length > 0) {
            queue.addFirst(bytes.clone());
        }
    }

    /**
     * Takes what came in up to the first end of a line, that included, or all if there is none; empty if there is nothing. Ends of files are
     * left out: they were meant for a program.
     */
    public synchronized byte[] takeLine() {
        byte[] all = new byte[available()];
        take(all, 0, all.length);
        int end = 0;
        while (end < all.length && all[end] != '\n' && all[end] != '\r') {
            end++;
        }
        end = Math.min(end + 1, all.length);
        putBack(Arrays.copyOfRange(all, end, all.length));
        byte[] taken = new byte[end];
        int count = 0;
        for (int i = 0; i < end; i++) {
            if (all[i] != END_OF_FILE) {
                taken[count++] = all[i];
            }
        }
        return Arrays.copyOf(taken, count);
    }

    /** Bytes that came in and were not taken. */
    public synchronized int available() {
        return queue.stream().mapToInt(bytes -> bytes.length).sum();
    }

    /** The terminal's settings, a {@code struct termios}. */
    public synchronized byte[] termios() {
        return termios.clone();
    }

    /** Remembers settings of the terminal; the line itself stays as the host has it. */
    public synchronized void setTermios(byte[] settings) {
        termios = settings.clone();
    }

    /** A terminal as one finds it after login: ICRNL IXON, OPOST ONLCR, B38400 CS8 CREAD, ISIG ICANON ECHO... IEXTEN. */
    private static byte[] initialSettings() {
        ByteBuffer settings = UserMemory.struct(Terminal.TERMIOS);
        settings.putInt(0x100 | 0x200).putInt(1 | 2).putInt(0xF | 0x300 | 0x800);
        settings.putInt(0x80 | 0x100 | 8 | 2 | 4 | 0x40 | 1 | 0x400);
        // VEOF, VEOL, VEOL2, VERASE, VWERASE, VKILL, VREPRINT, VSWTC, VINTR, VQUIT, VSUSP, -, VSTART ...
        settings.put(new byte[]{4, 0, 0, 0x7F, 0x17, 0x15, 0x12, 0, 3, 0x1C, 0x1A, 0, 0x11, 0x13, 0x16, 0x0F, 1, 0, 0});
        settings.put((byte) 0).putInt(0xF).putInt(0xF);
        return settings.array();
    }
}
