package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.itest.Command.Outcome;

/** What is no program, wrong use, signals and closed streams: a clear message or the right status, and never a trace. */
@Timeout(300)
class BadInputIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));
    private static final String SPIN = HOME.resolve("run/spin").toString();
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at |Exception|java\\.");
    /** Where a header has: entry, table of program headers, their number; and where the first program header begins. */
    private static final int TYPE = 16, MACHINE = 18, ENTRY = 24, TABLE = 32, COUNT = 56, FIRST = 64;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws Exception {
        Programs.spin();
    }

    private Outcome run(String... words) throws Exception {
        return Command.run(List.of(words), List.of("PATH=" + System.getenv("PATH"), "HOME=" + folder, "SPIN_QUIET=1"),
                new byte[0], folder);
    }

    private Outcome shell(String script) throws Exception {
        return run("bash", "-c", script.replace("@SPIN", SPIN));
    }

    private void refused(String[] words, int status, String... said) throws Exception {
        Outcome outcome = run(words);
        assertEquals(status, outcome.status(), outcome.error());
        assertEquals("", outcome.output());
        for (String part : said) {
            assertTrue(outcome.error().contains(part), () -> part + " in: " + outcome.error());
        }
        assertFalse(TRACE.matcher(outcome.error()).find(), outcome.error());
    }

    private DynamicTest refuses(String name, int status, String said) {
        return DynamicTest.dynamicTest(name, () -> refused(new String[]{SPIN, "exec", "./" + name}, status, "./" + name,
                said));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** A program that would end with status 0: two segments, an instruction each that matters little. */
    private static ByteBuffer program() {
        ByteBuffer file = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[]{0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 2).putShort((short) 0x9026).putInt(1).putLong(0x1_2000_00B0L).putLong(64).putLong(0);
        file.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 2);
        file.position(FIRST);
        file.putInt(1).putInt(5).putLong(0).putLong(0x1_2000_0000L).putLong(0x1_2000_0000L).putLong(200).putLong(200)
                .putLong(0x10000);
        file.putInt(1).putInt(6).putLong(0).putLong(0x1_2010_0000L).putLong(0x1_2010_0000L).putLong(0).putLong(8192)
                .putLong(0x10000);
        // exit_group(0)
        file.putInt(0x201f0195).putInt(0x221f0000).putInt(0x83);
        return file;
    }

    private DynamicTest damaged(String name, String said, Consumer<ByteBuffer> damage) throws IOException {
        ByteBuffer file = program();
        damage.accept(file);
        write(name, file.array());
        return refuses(name, 126, said);
    }

    private DynamicTest truncated(int size, String said) throws IOException {
        write("truncated" + size, Arrays.copyOf(program().array(), size));
        return refuses("truncated" + size, 126, said);
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoProgram() throws Exception {
        Files.createDirectory(folder.resolve("directory"));
        write("empty", new byte[0]);
        write("text", "hello\n".getBytes());
        write("script", "#!/bin/sh\necho hello\n".getBytes());
        Files.setPosixFilePermissions(write("forbidden", program().array()),
                PosixFilePermissions.fromString("rw-------"));
        write("sparse", "sparse".getBytes());
        try (var file = new RandomAccessFile(folder.resolve("sparse").toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        return Stream.of(refuses("missing", 127, "no such file"),
                refuses("empty/missing", 127, "what should be a folder"),
                refuses("directory", 126, "not a regular file"), refuses("forbidden", 126, "permission denied"),
                refuses("empty", 126, "not a program"), refuses("text", 126, "not a program"),
                refuses("script", 126, "e_machine is"), refuses("sparse", 126, "not a program"));
    }

    @TestFactory
    Stream<DynamicTest> programsForOthers() throws Exception {
        return Stream.of(damaged("x86", "e_machine is 0x3e", file -> file.putShort(MACHINE, (short) 0x3E)),
                damaged("bits32", "EI_CLASS is 1", file -> file.put(4, (byte) 1)),
                damaged("big-endian", "EI_DATA is 2", file -> file.put(5, (byte) 2)),
                damaged("interpreter", "e_entry is", file -> file.putInt(FIRST, 3)),
                damaged("relocatable", "e_type is 1", file -> file.putShort(TYPE, (short) 1)));
    }

    @TestFactory
    Stream<DynamicTest> damagedPrograms() throws Exception {
        return Stream.of(truncated(3, "not a program"), truncated(40, "truncated"), truncated(64, "truncated"),
                truncated(150, "truncated"), truncated(190, "truncated"),
                damaged("overlap", "overlap", file -> file.putLong(FIRST + 56 + 16, 0x1_2000_0000L)),
                damaged("beyond", "p_vaddr 0x3fffffe0000", file -> file.putLong(FIRST + 56 + 16, 0x3FF_FFFE_0000L)
                        .putLong(FIRST + 56 + 40, 1 << 20)),
                damaged("negative", "p_vaddr", file -> file.putLong(FIRST + 56 + 16, -0x10000)),
                damaged("absurd", "p_memsz 0x7fffffffffffffff",
                        file -> file.putLong(FIRST + 56 + 40, Long.MAX_VALUE)),
                damaged("terabytes", "p_memsz 0x50000000000", file -> file.putLong(FIRST + 56 + 40, 5L << 40)),
                damaged("larger", "smaller than p_filesz", file -> file.putLong(FIRST + 40, 100)),
                damaged("file-size", "p_filesz", file -> file.putLong(FIRST + 32, 1L << 50)),
                damaged("entry", "e_entry is 0x10", file -> file.putLong(ENTRY, 0x10)),
                damaged("entry-odd", "e_entry", file -> file.putLong(ENTRY, 0x1_2000_00B2L)),
                damaged("no-headers", "e_phnum is 0", file -> file.putShort(COUNT, (short) 0)),
                damaged("headers-away", "e_phoff", file -> file.putLong(TABLE, Long.MAX_VALUE)));
    }

    @Test
    void aMemorySizeOfTerabytesIsOnlyAddresses() throws Exception {
        ByteBuffer file = program();
        file.putLong(FIRST + 56 + 40, 1L << 40);
        write("large", file.array());
        refused(new String[]{SPIN, "exec", "./large"}, 0);
    }

    @ParameterizedTest
    @CsvSource({"--bogus, --bogus", "bogus, bogus", "exec, wants a program", "exec --bogus x, --bogus",
            "--mem x exec x, --mem", "--mem 3 exec x, --mem", "--mem -1 exec x, --mem",
            "--mem 99999999999999999999 exec x, --mem", "exec --mem, --mem", "-c, -c"})
    void wrongUse(String words, String said) throws Exception {
        refused((SPIN + " " + words).split(" "), 2, said, "--help");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "INT, 130", "KILL, 137"})
    void signalsEndAProgramThatWaits(String signal, int status) throws Exception {
        // reads a pipe that nobody writes to more; says first that it runs. With job control, for without it bash makes
        // what it starts in the background ignore SIGINT.
        Outcome outcome = shell("set -m; mkfifo wait out; exec 9<>wait; @SPIN exec %s - < wait > out & exec 8<out; "
                .formatted(Programs.path("cat")) + "echo x >&9; read line <&8; kill -%s $!; wait $!".formatted(signal));
        assertEquals(status, outcome.status(), outcome.error());
        assertFalse(TRACE.matcher(outcome.error()).find(), outcome.error());
    }

    /** What a script does under qemu-alpha and here. */
    private void same(String script) throws Exception {
        Files.createDirectories(folder);
        Outcome expected = shell(script.replace("@EXEC", "qemu-alpha"));
        Outcome got = shell(script.replace("@EXEC", "@SPIN exec"));
        assertEquals(expected.output(), got.output());
        assertEquals(expected.error(), got.error());
        assertEquals(expected.status(), got.status());
    }

    @Test
    void aReaderThatGoesAwayEndsAProgram() throws Exception {
        same("@EXEC %s 100 | head -1; echo ${PIPESTATUS[*]}".formatted(Programs.path("spin")));
    }

    @Test
    void theUmaskIsTheUsers() throws Exception {
        same("umask 002; @EXEC %s".formatted(Programs.path("mask")));
        same("umask 022; @EXEC %s".formatted(Programs.path("mask")));
    }

    @Test
    void inputAndOutputMayBeClosed() throws Exception {
        String cat = Programs.path("cat");
        same("@EXEC %s <&-; echo $?".formatted(cat));
        same("echo text | @EXEC %s >&-; echo $?".formatted(cat));
        same("echo text | @EXEC %s 2>&-; echo $?".formatted(cat));
        same("@EXEC %s >/dev/full </etc/passwd; echo $?".formatted(cat));
    }

    @Test
    void whatAProgramDoesNotReadIsLeftForTheNext() throws Exception {
        same("seq 1 20000 > numbers; (@EXEC %s; cat) < numbers | tail -3 ".formatted(Programs.path("hello")));
        same("seq 1 20000 > numbers; (@EXEC %s; echo; cat) < numbers | cksum".formatted(Programs.path("cat")));
        same("seq 1 20000 > numbers; (@EXEC %s; cat) < numbers > all; tail -1 all; wc -c < all"
                .formatted(Programs.path("upper")));
    }
}
