package run.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words and the environment that this process was given, as the kernel's HostText has them: bytes that are no UTF-8, which the virtual
 * machine would put question marks for, are halves of surrogate pairs. Stateless.
 */
final class Given {

    private static final char ESCAPE = 0xDC00;

    private Given() {}

    /** The last words of the command line. @param known what the virtual machine made of them, and the answer where the host does not tell */
    static List<String> words(List<String> known) {
        try {
            List<String> all = strings(Path.of("/proc/self/cmdline"));
            return all == null || all.size() < known.size()
                    ? known
                    : all.subList(all.size() - known.size(), all.size());
        } catch (IOException e) {
            return known;
        }
    }

    /** The environment in the order in which it was given. */
    static List<String> environment() throws IOException {
        List<String> all = strings(Path.of("/proc/self/environ"));
        return all == null
                ? System.getenv().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()
                : all;
    }

    /** Strings that each end with a zero byte, or null if there is no such file. */
    private static List<String> strings(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            return null;
        }
        List<String> strings = new ArrayList<>();
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        for (byte b : Files.readAllBytes(file)) {
            if (b == 0) {
                strings.add(text(one.toByteArray()));
                one.reset();
            } else {
                one.write(b);
            }
        }
        return strings;
    }

    /** Text of bytes. */
    static String text(byte[] bytes) {
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
}
