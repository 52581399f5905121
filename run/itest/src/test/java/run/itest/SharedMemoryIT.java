package run.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Alpha programs in kernels of their own, with memory in common over the wire between them. */
@Timeout(400)
class SharedMemoryIT {

    private static final Path JAR = Path.of(System.getProperty("spin.home"),
            "run/launcher/target/spin/policies/bundles.pagers.shared.jar");

    @TempDir
    Path folder;

    private final String name = "/spin" + ProcessHandle.current().pid() + "@10.9.0.1";

    @AfterEach
    void unlink() throws IOException {
        Files.deleteIfExists(Path.of("/dev/shm" + name));
    }

    private Machine machine(int number) throws Exception {
        Machine machine = new Machine(List.of(Programs.spin(), "--net",
                "wire:unix:" + folder.resolve("wire") + ",address=10.9.0." + number + "/24"));
        machine.run("start " + JAR.toUri() + "; echo ready", "ready\n");
        return machine;
    }

    private String program(String words) throws Exception {
        return Programs.path("shared") + " " + name + " " + words;
    }

    /** Runs a program to its end. */
    private void exec(Machine machine, String words, String until) throws Exception {
        machine.run("exec " + program(words), until);
    }

    private void start(Machine machine, String words) throws Exception {
        machine.run("exec -b " + program(words), "[");
    }

    /** The newest of the numbers that a pattern's group has found in what was said. */
    private static int last(Machine machine, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(machine.said());
        int number = -1;
        while (matcher.find()) {
            number = Integer.parseInt(matcher.group(1));
        }
        return number;
    }

    private static int free(Machine machine) throws Exception {
        machine.run("vm", " free;");
        return last(machine, "(\\d+) free;");
    }

    @Test
    void programsOfTwoKernelsCountAndCompute() throws Exception {
        try (Machine one = machine(1); Machine two = machine(2)) {
            start(one, "count 0 200");
            exec(two, "count 1 200", "1: 400\n");
            one.await("0: 400\n");

            // The memory is there as long as somebody has it: who counted may not have ended yet.
            exec(two, "put 3 0; echo none", "none\n");
            start(one, "wait 3 3000");
            start(one, "add 1500");
            exec(two, "add 1500", "added 1500\n");
            one.await("3 is 3000\n");

            String[] words = {"grid", "0", "1", "200", "30"};
            List<String> alone = new ArrayList<>(
                    List.of(Programs.spin(), "exec", "--new", Programs.path("shared"), name));
            alone.addAll(List.of(words));
            String result = Command.run(alone, List.of("PATH=" + System.getenv("PATH"), "TERM=dumb"), new byte[0],
                    folder).output();
            assertTrue(result.matches("[0-9.]+\n"), result);
            start(one, "grid 0 2 200 30");
            exec(two, "grid 1 2 200 30; echo relaxed", "relaxed\n");
            one.await(result);
        }
    }

    @Test
    void nothingHangsAndNothingStays() throws Exception {
        try (Machine one = machine(1); Machine two = machine(2)) {
            exec(one, "put 20 1; echo warm", "warm\n");
            int free = free(one);

            // A program that waits is killed, and takes nothing away.
            start(one, "wait 20 5");
            start(two, "wait 21 1");
            int waiting = last(two, "\\[(\\d+)\\]");
            exec(two, "put 22 2; echo put", "put\n");
            two.run("kill -9 " + waiting + "; sleep 1; ps; echo killed", "killed\n");
            exec(one, "get 22", "2\n");

            // The bundle is taken away from below a program, and comes back.
            start(two, "wait 21 1");
            exec(two, "put 23 3; echo put again", "put again\n");
            two.run("stop bundles.pagers.shared", "SIGBUS\n");
            exec(one, "get 23", "3\n");
            two.run("start " + JAR.toUri() + "; echo started", "started\n");
            exec(two, "get 23", "3\n");
            exec(two, "put 20 5; echo done", "done\n");
            one.await("20 is 5\n");

            // All have let go of it: it is gone, with its frames.
            start(one, "wait 700 6");
            exec(one, "touch 600 seed; echo touched", "touched\n");
            exec(two, "touch 600", "right");
            exec(two, "put 700 6; echo done", "done\n");
            one.await("700 is 6\n");
            for (int i = 0; i < 100 && free(one) < free - 50; i++) {
                Thread.sleep(100);
            }
            assertTrue(free(one) >= free - 50, one::said);
            one.run("echo these; shared; echo nobody", "these\nnobody\n");

            // A kernel that fails takes with it what its programs wrote, and nothing else.
            start(one, "wait 20 7");
            start(two, "wait 21 1");
            exec(one, "put 24 4; echo put", "put\n");
            exec(two, "put 25 5; echo put", "put\n");
            two.kill();
            exec(one, "get 25", "SIGBUS\n");
            exec(one, "get 24", "4\n");
            exec(one, "put 20 7; echo done", "done\n");
            one.await("20 is 7\n");
        }
    }
}
