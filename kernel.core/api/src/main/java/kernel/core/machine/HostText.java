package kernel.core.machine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * What a host has as bytes and takes for text: words of a command, environments. It is UTF-8 as a rule, but nobody sees to that, and a program
 * must get the bytes that were meant for it. So a byte b that is no part of UTF-8 is the char 0xDC00 + b here, half a surrogate pair, which no
 * UTF-8 contains: {@code bytes(text(b))} is b for all b. Stateless.
 */
public final class HostText {

    private static final char ESCAPE = 0xDC00, FIRST = 0xDC80, LAST = 0xDCFF;

    private HostText() {}

    /** Text of bytes. */
    public static String text(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isMalformed()) {
                return out.flip().toString(); // there is a char or less for each byte
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE | in.get() & 0xFF));
            }
        }
    }

    /** The bytes of a text. Half a surrogate pair that {@link #text} does not make is a question mark. */
    public static byte[] bytes(String text) {
        if (text.chars().noneMatch(HostText::escaped)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        var bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> {
            if (escaped(point)) {
                bytes.write(point);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    private static boolean escaped(int point) {
        return point >= FIRST && point <= LAST;
    }
}
