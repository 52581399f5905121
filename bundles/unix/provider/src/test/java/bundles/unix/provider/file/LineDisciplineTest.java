package bundles.unix.provider.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code run/programs/conform/ttys.c} does not reach: letters of several bytes, tabs, limits. */
class LineDisciplineTest {

    private static final int IUTF8 = 0x4000, XTABS = 0xC00;

    private final LineDiscipline line = new LineDiscipline();
    private final List<Integer> signals = new ArrayList<>();

    private void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        line.receive(bytes, 0, bytes.length, signals::add);
    }

    private String echo() {
        return new String(line.echo(), StandardCharsets.UTF_8);
    }

    private String take() {
        byte[] to = new byte[10_000];
        return new String(to, 0, line.take(to, 0, to.length), StandardCharsets.UTF_8);
    }

    private void set(int place, int bits) {
        byte[] termios = line.termios();
        ByteBuffer buffer = ByteBuffer.wrap(termios).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(place, buffer.getInt(place) | bits);
        line.setTermios(termios);
    }

    @Test
    void letters() {
        set(0, IUTF8);
        type("né\u007f\u007fo\n");
        assertEquals("o\n", take());
        assertEquals("né\b \b\b \bo\r\n", echo());
    }

    @Test
    void tabs() {
        set(4, XTABS);
        byte[] out = line.send("ab\tc\n\td".getBytes(StandardCharsets.US_ASCII), 0, 7);
        assertEquals("ab      c\r\n        d", new String(out, StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsNotReadCanBeTypedAgain() {
        type("one\ntw\004\004three\nfo");
        assertEquals("one\n", take());
        assertEquals("tw\004\004three\nfo", new String(line.drain(), StandardCharsets.UTF_8));
        assertFalse(line.readable());
        assertEquals(0, line.held());
        type("tw\004\004three\nfo");
        assertEquals("tw", take());
        assertEquals("", take());
        assertEquals("three\n", take());
    }

    @Test
    void theShellTakesALineAndNoEndOfFile() {
        var console = new ConsoleLine();
        byte[] typed = "\004echo\004 a\rcat\nb\n\004".getBytes(StandardCharsets.US_ASCII);
        console.input(typed, typed.length);
        assertEquals("echo a\r", new String(console.takeLine(), StandardCharsets.US_ASCII));
        assertEquals("cat\n", new String(console.takeLine(), StandardCharsets.US_ASCII));
        byte[] rest = new byte[10];
        assertEquals(3, console.take(rest, 0, rest.length));
        assertEquals(4, rest[2]);
        assertEquals(0, console.takeLine().length);
    }

    @Test
    void aLineHasAnEndHoweverLong() {
        type("x".repeat(6000) + "\n");
        assertEquals(4096, take().length());
        assertFalse(line.readable());
    }

    @Test
    void signalsForgetWhatWasTyped() {
        type("rm -r\u0003ok\u001c\u001a\n");
        assertEquals(List.of(2, 3, 18), signals);
        assertEquals("\n", take());
        assertTrue(echo().startsWith("rm -r^C"));
    }
}
