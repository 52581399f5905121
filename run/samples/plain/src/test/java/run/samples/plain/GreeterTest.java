package run.samples.plain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample in two processes, as its description says. */
@Timeout(120)
class GreeterTest {

    @TempDir
    Path folder;

    private Process start(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("wire:unix:" + folder.resolve("wire")));
        all.addAll(List.of(words));
        return start(List.of(), all);
    }

    private static Process start(List<String> before, List<String> words) throws IOException {
        List<String> all = new ArrayList<>(before);
        all.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Greeter.class.getName()));
        all.addAll(words);
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    private static String run(String command) throws Exception {
        Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), command + ": " + said);
        return said;
    }

    /** The other side is Linux's own stack, in a network namespace. */
    @Test
    void linuxIsGreetedByATapDevice() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")) && Files.isWritable(Path.of("/run")),
                "a TAP device in a network namespace needs root");
        for (String program : List.of("ip", "nc")) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(":"))
                            .anyMatch(one -> Files.isExecutable(Path.of(one, program))),
                    program + " is not installed");
        }
        String space = "greet" + ThreadLocalRandom.current().nextInt(1 << 20);
        run("ip netns add " + space);
        Process greeter = null;
        try {
            greeter = start(List.of("ip", "netns", "exec", space), List.of("tap:greet", "10.66.0.2/24"));
            assertEquals("at port 7000", greeter.inputReader().readLine());
            run("ip -n " + space + " addr add 10.66.0.1/24 dev greet");
            run("ip -n " + space + " link set greet up");
            assertEquals("Hello, 10.66.0.1\n", run("ip netns exec " + space + " nc -d -w 60 10.66.0.2 7000"));
        } finally {
            if (greeter != null) {
                greeter.destroyForcibly().waitFor();
            }
            run("ip netns del " + space);
        }
    }

    @Test
    void oneGreetsTheOther() throws Exception {
        Process greeter = start("10.9.0.1/24");
        try {
            assertEquals("at port 7000", greeter.inputReader().readLine());
            Process asker = start("10.9.0.2/24", "10.9.0.1");
            assertEquals("Hello, 10.9.0.2", new String(asker.getInputStream().readAllBytes()).strip());
            assertEquals(0, asker.waitFor());
        } finally {
            greeter.destroyForcibly().waitFor();
        }
    }
}
