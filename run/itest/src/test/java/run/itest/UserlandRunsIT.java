package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/**
 * The runs of {@code run/programs/unix/runs.txt}: output and status are those under {@code qemu-alpha}. Here one shell of busybox's
 * makes all of them, there each is a process of qemu-alpha. Runs of programs that {@code run/userland} has not built here are
 * left out, but not so many that fewer than {@value #LEAST} are left.
 */
@Timeout(600)
class UserlandRunsIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));
    private static final int LEAST = 60;

    /** A line of the table. */
    private record Run(String name, String input, String command) {

        String program() {
            return command.split(" ")[0];
        }
    }

    private static String spin;
    private static Path tools;

    @TempDir
    static Path folder;

    @BeforeAll
    static void build() throws Exception {
        spin = Programs.spin();
        tools = Userland.build();
    }

    private static List<Run> runs() throws IOException {
        List<Run> runs = new ArrayList<>();
        for (String line : Files.readAllLines(HOME.resolve("run/programs/unix/runs.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split(" \\| ", 3);
                assertEquals(3, parts.length, line);
                Run run = new Run(parts[0], parts[1].equals("-") ? "/dev/null" : parts[1], parts[2]);
                if (Files.isExecutable(tools.resolve(run.program()))) {
                    runs.add(run);
                }
            }
        }
        return runs;
    }

    private static void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private static void makeInputs() throws Exception {
        var random = new Random(1996);
        String[] words = "the quick brown fox jumps over a lazy dog and then what".split(" ");
        var text = new StringBuilder();
        var numbers = new StringBuilder();
        var table = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            for (int j = random.nextInt(9); j >= 0; j--) {
                text.append(words[random.nextInt(words.length)]).append(j == 0 ? "\n" : " ");
            }
            numbers.append(random.nextInt(200)).append('\n');
            table.append("name").append(random.nextInt(20)).append(',').append(random.nextInt(1000)).append(',')
                    .append(words[random.nextInt(words.length)]).append('\n');
        }
        write("text", text.toString());
        write("text2", text.toString().replace("fox", "cat"));
        write("numbers", numbers.toString());
        write("table", table.toString());
        write("sorted", text.toString().lines().sorted().limit(30).reduce("", (a, b) -> a + b + "\n"));
        write("sorted2", text.toString().lines().sorted().skip(10).reduce("", (a, b) -> a + b + "\n"));
        write("code.lua", "local p = {} for i = 2, 200 do local ok = true for _, q in ipairs(p) do if i % q == 0 then"
                + " ok = false break end end if ok then p[#p + 1] = i end end print(#p, table.concat(p, ' '))\n"
                + "print(string.format('%.14g %5.2f', 2 ^ 53, 1 / 3), 7 // 2, -7 % 3, 'a' .. 1 .. 'b')\nos.exit(5)\n");
        write("code.sql", "create table t(a integer primary key, b text);\nwith recursive n(x) as (select 1 union all"
                + " select x + 1 from n where x < 500) insert into t select x, 'row ' || (x * 7 % 13) from n;\n"
                + "select b, count(*), sum(a) from t group by b order by 2 desc, 1;\nselect avg(a), max(length(b)) from"
                + " t where b like '%1%';\nbegin; delete from t where a > 10; rollback; select count(*) from t;\n");
        write("code.bc", "scale=30\n4*a(1)\ne(1)\n2^200\ndefine f(n) { if (n<2) return 1; return n*f(n-1); }\nf(30)\n");
        write("code.scm",
                "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))\n(display (fib 15)) (newline)\n"
                        + "(display (reverse '(1 2 3 (4 5)))) (newline)\n(quit 7)\n");
        write("tree/a.c", "int a;\n");
        write("tree/sub/b.c", "int b;\n");
        write("tree/sub/c.h", "int c;\n");
        byte[] data = new byte[20_000];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : "spin osgi alpha ".charAt(i % 16));
        }
        Files.write(folder.resolve("data"), data);
        Outcome made = Command.run(List.of("sh", "-c", "base64 data > data64; gzip -n -c data > data.gz;"
                + " find tree | sort | tar --format=ustar --owner=0 --group=0 --mtime=@0 --no-recursion -cf tree.tar -T -;"
                + " busybox=" + tools.resolve("busybox")
                + "; find tree | sort | qemu-alpha $busybox cpio -o -H newc > tree.cpio"), environment(), new byte[0],
                folder);
        assertEquals(0, made.status(), made.error());
    }

    private static List<String> environment() {
        return List.of("PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC");
    }

    /** A script that makes all runs, and writes what each says and its status. */
    private static String script(List<Run> runs, String place, String before) {
        var script = new StringBuilder();
        for (Run run : runs) {
            String result = "../" + place + "/" + run.name();
            script.append(before).append(tools).append('/').append(run.command()).append(" < ").append(run.input())
                    .append(" > ").append(result).append(" 2> ").append(result).append(".err; echo $? > ")
                    .append(result).append(".status\n");
        }
        return script.toString();
    }

    @TestFactory
    Stream<DynamicTest> runsAreThoseUnderQemu() throws Exception {
        Path root = folder;
        folder = Files.createDirectory(root.resolve("work"));
        Files.createDirectory(root.resolve("here"));
        Files.createDirectory(root.resolve("there"));
        makeInputs();
        List<Run> runs = runs();
        assertTrue(runs.size() >= LEAST, runs.size() + " runs, fewer than " + LEAST);
        Path there = Files.writeString(root.resolve("there.sh"), script(runs, "there", "qemu-alpha "));
        Path here = Files.writeString(root.resolve("here.sh"), script(runs, "here", ""));
        Command.run(List.of("/bin/sh", there.toString()), environment(), new byte[0], folder);
        Outcome made = Command.run(
                List.of(spin, "exec", tools.resolve("busybox").toString(), "sh", here.toString()), environment(),
                new byte[0], folder);
        assertEquals("", made.output() + made.error());
        return runs.stream().map(run -> DynamicTest.dynamicTest(run.name(), () -> {
            for (String kind : List.of("", ".err", ".status")) {
                assertEquals(text(root.resolve("there/" + run.name() + kind)),
                        text(root.resolve("here/" + run.name() + kind)), run.command() + kind);
            }
        }));
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
