package bundles.unix.provider.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import kernel.core.machine.TerminalSettings;
import org.junit.jupiter.api.Test;

class TerminalFlagsTest {

    /** ICRNL IXON, OPOST ONLCR, B38400 CS8 CREAD, ISIG ICANON ECHO ECHOE ECHOK ECHOCTL ECHOKE IEXTEN (asm-generic). */
    private static TerminalSettings usual() {
        byte[] keys = {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0};
        return new TerminalSettings(0x500, 5, 0xBF, 0x8A3B, (byte) 0, keys);
    }

    @Test
    void theUsualSettingsAreWhatTheConsoleBeginsWith() {
        assertArrayEquals(new ConsoleLine().termios(), TerminalFlags.toAlpha(usual()));
    }

    @Test
    void everyFlagOfAlphaGoesThereAndBack() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            ByteBuffer termios = ByteBuffer.allocate(Terminal.TERMIOS).order(ByteOrder.LITTLE_ENDIAN);
            int speed = random.nextInt(0x1F);
            // without what the other side does not have: NL2 NL3, CR3 in part
            termios.putInt(random.nextInt() & 0x7FFF).putInt(random.nextInt() & 0x1FDFF)
                    .putInt(random.nextInt() & 0xFF00 | speed).putInt(random.nextInt() & 0xB0C045FF);
            for (int key = 0; key < 18; key++) {
                termios.put((byte) (key == 11 ? 0 : random.nextInt()));
            }
            termios.put((byte) 0).put((byte) random.nextInt(16)).putInt(speed).putInt(speed);
            byte[] bytes = termios.array();
            assertArrayEquals(bytes, TerminalFlags.toAlpha(TerminalFlags.toHost(bytes)), "round " + i);
        }
    }

    @Test
    void speedsAboveTheOldOnesHaveOtherNumbers() {
        TerminalSettings fast = new TerminalSettings(0, 0, 0x1002, 0, (byte) 0, new byte[19]); // B115200
        byte[] alpha = TerminalFlags.toAlpha(fast);
        assertEquals(0x11, ByteBuffer.wrap(alpha).order(ByteOrder.LITTLE_ENDIAN).getInt(8));
        assertEquals(0x1002, TerminalFlags.toHost(alpha).control());
    }
}
