package bundles.unix.provider.file;

import bundles.unix.provider.abi.UserMemory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/**
 * What a terminal's line does with characters (POSIX, General Terminal Interface; termios(3)): editing of lines, echo, characters that
 * send signals or stop output, and what becomes of newlines. Settings are Linux/Alpha's {@code struct termios}. Not thread-safe: who
 * has it guards it.
 */
final class LineDiscipline {

    // asm/termbits.h of alpha
    private static final int ISTRIP = 0x20, INLCR = 0x40, IGNCR = 0x80, ICRNL = 0x100, IXON = 0x200, IXANY = 0x800,
            IUCLC = 0x1000, IUTF8 = 0x4000;
    private static final int OPOST = 1, ONLCR = 2, OLCUC = 4, OCRNL = 8, ONOCR = 0x10, ONLRET = 0x20, XTABS = 0xC00;
    private static final int ECHOKE = 1, ECHOE = 2, ECHOK = 4, ECHO = 8, ECHONL = 0x10, ECHOCTL = 0x40, ISIG = 0x80,
            ICANON = 0x100, IEXTEN = 0x400, NOFLSH = 0x80000000;
    private static final int VEOF = 0, VEOL = 1, VEOL2 = 2, VERASE = 3, VWERASE = 4, VKILL = 5, VREPRINT = 6, VINTR = 8,
            VQUIT = 9, VSUSP = 10, VSTART = 12, VSTOP = 13, VLNEXT = 14, VMIN = 16, VTIME = 17;
    private static final int KEYS = 16, SPEED_38400 = 15;
    private static final int SIGINT = 2, SIGQUIT = 3, SIGTSTP = 18;
    /** Bytes of a line that is being typed, beyond which characters are lost (MAX_CANON). */
    private static final int MOST = 4095;
    /** Ctrl-D, which is VEOF in a terminal that nobody has changed. */
    private static final int INITIAL_EOF = 4;

    private byte[] termios = initial();
    private int input;
    private int output;
    private int local;

    /** Lines that are complete, with their end; an empty one is an end of file. In the other mode pieces of input. */
    private final Deque<byte[]> lines = new ArrayDeque<>();
    /** How much of the first is taken already. */
    private int taken;
    private int waiting;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream echoed = new ByteArrayOutputStream();
    private boolean literal;
    private boolean stopped;
    private int column;

    LineDiscipline() {
        setTermios(termios);
    }

    /** As a terminal is before anybody has changed it (tty_std_termios). */
    private static byte[] initial() {
        ByteBuffer to = UserMemory.struct(Terminal.TERMIOS).putInt(ICRNL | IXON).putInt(OPOST | ONLCR)
                .putInt(SPEED_38400 | 0x300 | 0x800)
                .putInt(ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN);
        int[] keys = {INITIAL_EOF, 0, 0, 0x7F, 0x17, 0x15, 0x12, 0, 3, 0x1C, 0x1A, 0, 0x11, 0x13, 0x16, 0x0F, 1, 0, 0};
        for (int key : keys) {
            to.put((byte) key);
        }
        return to.put((byte) 0).putInt(SPEED_38400).putInt(SPEED_38400).array();
    }

    /** The settings; a copy. */
    byte[] termios() {
        return termios.clone();
    }

    /** Changes the settings; what was typed so far stays, in pieces as the new mode has them. */
    void setTermios(byte[] settings) {
        boolean before = canonical();
        termios = settings.clone();
        ByteBuffer from = ByteBuffer.wrap(termios).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        input = from.getInt(0);
        output = from.getInt(4);
        local = from.getInt(12);
        if (before && !canonical() && line.size() > 0) {
            complete(line.toByteArray());
            line.reset();
        }
        if (!canonical()) {
            lines.removeIf(piece -> piece.length == 0);
        }
        if ((input & IXON) == 0) {
            stopped = false;
        }
    }

    private boolean canonical() {
        return (local & ICANON) != 0;
    }

    private boolean has(int flag) {
        return (local & flag) != 0;
    }

    private int key(int which) {
        return termios[KEYS + which] & 0xFF;
    }

    /** Bytes that a read wants before it returns; 0: it does not wait (VMIN). One, a whole line, if lines are edited. */
    int wanted() {
        return canonical() ? 1 : key(VMIN);
    }

    /** Nanoseconds between bytes that a read waits for, or for the first if {@link #wanted} is 0; 0: for ever. */
    long patience() {
        return canonical() ? 0 : key(VTIME) * 100_000_000L;
    }

    /** Whether lines are edited: a read gets one at most. */
    boolean edits() {
        return canonical();
    }

    /** Whether somebody has stopped output (VSTOP). */
    boolean stopped() {
        return stopped;
    }

    /** Stops output or lets it go on (tcflow(3)). */
    void setStopped(boolean stop) {
        stopped = stop;
    }

    /** Bytes that can be read. */
    int available() {
        return waiting;
    }

    /** Whether a read would get something, even if that is the end of file. */
    boolean readable() {
        return !lines.isEmpty();
    }

    /** Bytes of input that are kept, complete or not. */
    int held() {
        return waiting + line.size();
    }

    /** Takes input: of one line, or of all that came. @return bytes; 0: an end of file, or nothing */
    int take(byte[] to, int offset, int length) {
        int total = 0;
        while (!lines.isEmpty() && total < length) {
            byte[] first = lines.peek();
            int part = Math.min(first.length - taken, length - total);
            System.arraycopy(first, taken, to, offset + total, part);
            total += part;
            taken += part;
            waiting -= part;
            if (taken == first.length) {
                lines.remove();
                taken = 0;
                if (canonical()) {
                    break;
                }
            }
        }
        return total;
    }

    /** Takes all input, a line that is being typed included, in characters that are that input when they are typed again. */
    byte[] drain() {
        var all = new ByteArrayOutputStream();
        int skip = taken;
        for (byte[] piece : lines) {
            all.write(piece, skip, piece.length - skip);
            skip = 0;
            int last = piece.length == 0 ? 0 : piece[piece.length - 1] & 0xFF;
            if (canonical() && last != '\n' && (last == 0 || last != key(VEOL) && last != key(VEOL2))) {
                all.write(INITIAL_EOF); // what ended this piece
            }
        }
        all.writeBytes(line.toByteArray());
        flush();
        return all.toByteArray();
    }

    /** Forgets input. */
    void flush() {
        lines.clear();
        line.reset();
        taken = 0;
        waiting = 0;
        literal = false;
    }

    private void complete(byte[] piece) {
        lines.add(piece);
        waiting += piece.length;
    }

    /** What is to be shown of what came in; empties it. */
    byte[] echo() {
        byte[] bytes = echoed.toByteArray();
        echoed.reset();
        return bytes;
    }

    /**
     * Bytes come in.
     *
     * @param signal gets the signals of characters that send one
     */
    void receive(byte[] from, int offset, int length, IntConsumer signal) {
        ByteArrayOutputStream raw = canonical() ? null : new ByteArrayOutputStream();
        for (int i = offset; i < offset + length; i++) {
            receive(from[i] & 0xFF, raw, signal);
        }
        if (raw != null && raw.size() > 0) {
            complete(raw.toByteArray());
        }
    }

    private void receive(int typed, ByteArrayOutputStream raw, IntConsumer signal) {
        int c = (input & ISTRIP) != 0 ? typed & 0x7F : typed;
        if ((input & IUCLC) != 0 && has(IEXTEN)) {
            c = Character.toLowerCase(c);
        }
        if (literal) {
            literal = false;
            add(c, raw);
            return;
        }
        if (control(c, raw, signal)) {
            return;
        }
        if (c == '\r') {
            if ((input & IGNCR) != 0) {
                return;
            }
            c = (input & ICRNL) != 0 ? '\n' : c;
        } else if (c == '\n' && (input & INLCR) != 0) {
            c = '\r';
        }
        if (raw != null || !edit(c)) {
            add(c, raw);
        }
    }

    /** Characters that do something in both modes. */
    private boolean control(int c, ByteArrayOutputStream raw, IntConsumer signal) {
        if ((input & IXON) != 0) {
            if (c == key(VSTART) || c == key(VSTOP)) {
                stopped = c == key(VSTOP) && (c != key(VSTART) || !stopped);
                return true;
            }
            if (stopped && (input & IXANY) != 0) {
                stopped = false;
            }
        }
        if (!has(ISIG) || c == 0) {
            return false;
        }
        int number = c == key(VINTR) ? SIGINT : c == key(VQUIT) ? SIGQUIT : c == key(VSUSP) ? SIGTSTP : 0;
        if (number == 0) {
            return false;
        }
        if (!has(NOFLSH)) {
            flush();
            if (raw != null) {
                raw.reset();
            }
        }
        stopped = false;
        if (has(ECHO)) {
            show(c);
        }
        signal.accept(number);
        return true;
    }

    private void add(int c, ByteArrayOutputStream raw) {
        if (raw != null) {
            raw.write(c);
        } else if (line.size() < MOST) {
            line.write(c);
        } else {
            return;
        }
        if (has(ECHO)) {
            show(c);
        }
    }

    /** Editing of lines. @return {@code false}: an ordinary character */
    private boolean edit(int c) {
        if (c == '\n' || c != 0 && (c == key(VEOL) || c == key(VEOL2) && has(IEXTEN))) {
            line.write(c);
            if (has(ECHO) || c == '\n' && has(ECHONL)) {
                show(c);
            }
            endLine();
        } else if (c == 0) {
            return false;
        } else if (c == key(VEOF)) {
            endLine();
        } else if (c == key(VERASE)) {
            erase();
        } else if (c == key(VKILL)) {
            kill(c);
        } else if (has(IEXTEN) && c == key(VWERASE)) {
            eraseWord();
        } else if (has(IEXTEN) && c == key(VLNEXT)) {
            literal = true;
            if (has(ECHO) && has(ECHOCTL)) {
                echoed.write('^');
                echoed.write('\b');
            }
        } else if (has(IEXTEN) && has(ECHO) && c == key(VREPRINT)) {
            show(c);
            put('\n');
            for (byte old : line.toByteArray()) {
                show(old & 0xFF);
            }
        } else {
            return false;
        }
        return true;
    }

    private void endLine() {
        complete(line.toByteArray());
        line.reset();
    }

    private void erase() {
        byte[] bytes = line.toByteArray();
        if (bytes.length == 0) {
            return;
        }
        int keep = bytes.length - 1;
        while ((input & IUTF8) != 0 && keep > 0 && (bytes[keep] & 0xC0) == 0x80) {
            keep--; // the rest of one character
        }
        line.reset();
        line.write(bytes, 0, keep);
        if (!has(ECHO)) {
            return;
        }
        if (!has(ECHOE)) {
            show(key(VERASE));
            return;
        }
        int c = bytes[keep] & 0xFF;
        int columns = c < 32 || c == 0x7F ? has(ECHOCTL) ? 2 : 0 : 1;
        for (int i = 0; i < columns; i++) {
            put('\b');
            put(' ');
            put('\b');
        }
    }

    private void eraseWord() {
        boolean word = false;
        while (line.size() > 0) {
            byte[] bytes = line.toByteArray();
            int last = bytes[bytes.length - 1] & 0xFF;
            boolean letter = Character.isLetterOrDigit(last) || last == '_' || last >= 0x80;
            if (word && !letter) {
                return;
            }
            word |= letter;
            erase();
        }
    }

    private void kill(int c) {
        if (has(ECHO) && has(ECHOK) && has(ECHOKE) && has(ECHOE)) {
            while (line.size() > 0) {
                erase();
            }
            return;
        }
        line.reset();
        if (has(ECHO)) {
            show(c);
            if (has(ECHOK)) {
                put('\n');
            }
        }
    }

    /** Echoes a character, a control character as ^X. */
    private void show(int c) {
        if (has(ECHOCTL) && (c < 32 && c != '\n' && c != '\t' || c == 0x7F)) {
            put('^');
            put(c ^ 0x40);
        } else {
            put(c);
        }
    }

    private void put(int c) {
        send(c, echoed);
    }

    /** Output as the line shows it. */
    byte[] send(byte[] from, int offset, int length) {
        var to = new ByteArrayOutputStream(length + 16);
        for (int i = offset; i < offset + length; i++) {
            send(from[i] & 0xFF, to);
        }
        return to.toByteArray();
    }

    private void send(int c, ByteArrayOutputStream to) {
        if ((output & OPOST) == 0) {
            to.write(c);
            return;
        }
        switch (c) {
            case '\n' -> {
                if ((output & ONLCR) != 0) {
                    to.write('\r');
                }
                column = (output & (ONLCR | ONLRET)) != 0 ? 0 : column;
                to.write('\n');
            }
            case '\r' -> {
                if ((output & ONOCR) == 0 || column != 0) {
                    to.write((output & OCRNL) != 0 ? '\n' : '\r');
                }
                column = 0;
            }
            case '\t' -> {
                int next = (column & ~7) + 8;
                if ((output & XTABS) == XTABS) {
                    to.writeBytes(" ".repeat(next - column).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                } else {
                    to.write(c);
                }
                column = next;
            }
            case '\b' -> {
                column = Math.max(0, column - 1);
                to.write(c);
            }
            default -> {
                column += c < 32 || (c & 0xC0) == 0x80 ? 0 : 1;
                to.write((output & OLCUC) != 0 ? Character.toUpperCase(c) : c);
            }
        }
    }
}
