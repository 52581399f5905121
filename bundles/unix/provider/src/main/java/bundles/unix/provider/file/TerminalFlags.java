package bundles.unix.provider.file;

import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import kernel.core.machine.TerminalSettings;

/**
 * Linux/Alpha's {@code struct termios} (asm/termbits.h of alpha, whose numbers are OSF/1's) and the one of most machines
 * (asm-generic/termbits.h), one from the other. Flags that one of them does not have get lost. Stateless.
 */
final class TerminalFlags {

    /** Flags by pairs: Alpha's number, the generic one. */
    private static final int[] INPUT = {0x200, 0x400, 0x400, 0x1000, 0x800, 0x800, 0x1000, 0x200}; // IXON IXOFF IXANY IUCLC
    private static final int INPUT_SAME = 0x1FF | 0x6000;
    /** ONLCR OLCUC NL1 CR1 CR2 TAB1 TAB2 FF1 BS1 VT1; the rest is the same. */
    private static final int[] OUTPUT = {2, 4, 4, 2, 0x100, 0x100, 0x1000, 0x200, 0x2000, 0x400, 0x400, 0x800, 0x800,
            0x1000, 0x4000, 0x8000, 0x8000, 0x2000, 0x10000, 0x4000};
    private static final int OUTPUT_SAME = 0xF9;
    /** CS6 CS7 CSTOPB CREAD PARENB PARODD HUPCL CLOCAL; the speed is apart. */
    private static final int[] CONTROL = {0x100, 0x10, 0x200, 0x20, 0x400, 0x40, 0x800, 0x80, 0x1000, 0x100, 0x2000,
            0x200, 0x4000, 0x400, 0x8000, 0x800};
    private static final int ALPHA_SPEED = 0x1F, SPEED = 0x100F, EXTENDED = 0x1000, FIRST_EXTENDED = 0x10;
    /** CRTSCTS and CMSPAR. */
    private static final int CONTROL_SAME = 0xC0000000;
    /** ISIG ICANON XCASE ECHOE ECHOK ECHONL NOFLSH TOSTOP ECHOCTL ECHOPRT ECHOKE FLUSHO PENDIN IEXTEN EXTPROC. */
    private static final int[] LOCAL = {0x80, 1, 0x100, 2, 0x4000, 4, 2, 0x10, 4, 0x20, 0x10, 0x40, 0x80000000, 0x80,
            0x400000, 0x100, 0x40, 0x200, 0x20, 0x400, 1, 0x800, 0x800000, 0x1000, 0x20000000, 0x4000, 0x400, 0x8000,
            0x10000000, 0x10000};
    /** ECHO. */
    private static final int LOCAL_SAME = 8;
    /** For each of Alpha's control characters, VEOF to VTIME, its generic place; -1: it has none. */
    private static final int[] CHARACTERS = {4, 11, 16, 2, 14, 3, 12, 7, 0, 1, 10, -1, 8, 9, 15, 13, 6, 5, -1};

    private TerminalFlags() {}

    /** Alpha's structure with what the host has. */
    static byte[] toAlpha(TerminalSettings from) {
        ByteBuffer to = UserMemory.struct(Terminal.TERMIOS);
        to.putInt(alpha(from.input(), INPUT, INPUT_SAME)).putInt(alpha(from.output(), OUTPUT, OUTPUT_SAME));
        int speed = from.control() & SPEED;
        int mine = (speed & EXTENDED) == 0 ? speed : FIRST_EXTENDED + (speed & 0xF) - 1;
        to.putInt(alpha(from.control(), CONTROL, CONTROL_SAME) | mine & ALPHA_SPEED);
        to.putInt(alpha(from.local(), LOCAL, LOCAL_SAME));
        byte[] keys = from.characters();
        for (int place : CHARACTERS) {
            to.put(place < 0 ? 0 : keys[place]);
        }
        return to.put(from.discipline()).putInt(mine & ALPHA_SPEED).putInt(mine & ALPHA_SPEED).array();
    }

    /** The host's settings from Alpha's structure. */
    static TerminalSettings toHost(byte[] termios) {
        ByteBuffer from = UserMemory.struct(Terminal.TERMIOS).put(termios, 0, Terminal.TERMIOS).flip();
        int input = generic(from.getInt(), INPUT, INPUT_SAME);
        int output = generic(from.getInt(), OUTPUT, OUTPUT_SAME);
        int control = from.getInt();
        int local = generic(from.getInt(), LOCAL, LOCAL_SAME);
        byte[] keys = new byte[TerminalSettings.CHARACTERS];
        for (int place : CHARACTERS) {
            byte key = from.get();
            if (place >= 0) {
                keys[place] = key;
            }
        }
        int speed = control & ALPHA_SPEED;
        return new TerminalSettings(input, output, generic(control, CONTROL, CONTROL_SAME)
                | (speed < FIRST_EXTENDED ? speed : EXTENDED | speed - FIRST_EXTENDED + 1), local, from.get(), keys);
    }

    private static int alpha(int flags, int[] pairs, int same) {
        int result = flags & same;
        for (int i = 0; i < pairs.length; i += 2) {
            result |= (flags & pairs[i + 1]) != 0 ? pairs[i] : 0;
        }
        return result;
    }

    private static int generic(int flags, int[] pairs, int same) {
        int result = flags & same;
        for (int i = 0; i < pairs.length; i += 2) {
            result |= (flags & pairs[i]) != 0 ? pairs[i + 1] : 0;
        }
        return result;
    }
}
