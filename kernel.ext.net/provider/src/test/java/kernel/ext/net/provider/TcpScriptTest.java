package kernel.ext.net.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each connection of {@code tcp.scripts}, over IPv4 and over IPv6. */
class TcpScriptTest {

    static Stream<Arguments> scripts() throws IOException {
        try (InputStream in = TcpScriptTest.class.getResourceAsStream("tcp.scripts")) {
            String[] parts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^== ");
            return Arrays.stream(parts).skip(1).flatMap(part -> {
                String name = part.substring(0, part.indexOf('\n'));
                String script = part.substring(part.indexOf('\n'));
                return Stream.of(Arguments.of(name + ", IPv4", false, script),
                        Arguments.of(name + ", IPv6", true, script));
            }).toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void theConnectionGoesAsTheScriptSays(String name, boolean six, String script) {
        new TcpScript(six).run(script);
    }
}
