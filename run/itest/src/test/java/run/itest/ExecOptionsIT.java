package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/** Options of {@code run/spin exec} about the machine that a program gets, and what is told of it. */
@Timeout(240)
class ExecOptionsIT {

    private static Path programs;
    private static String spin;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws Exception {
        spin = Programs.spin();
        programs = Programs.folder();
    }

    private Outcome exec(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(spin, "exec"));
        command.addAll(List.of(words));
        return Command.run(command, List.of("PATH=" + System.getenv("PATH"), "HOME=" + folder,
                "XDG_RUNTIME_DIR=" + folder, "SPIN_QUIET=1"), new byte[0], folder);
    }

    @Test
    void callsAreTracedAndCounted() throws Exception {
        Outcome got = exec("--trace", "--stats", "--cpus", "3", programs.resolve("hello").toString(), "4");
        assertEquals(4, got.status());
        assertTrue(got.output().startsWith("Hello from Alpha\n"), got.output());
        assertTrue(got.error().contains("] write(1, \"Hello from Alpha\\n"), got.error());
        assertTrue(got.error().contains("] exit_group(4)"), got.error());
        assertTrue(got.error().matches("(?s).*\nwrite +2 +0 .*"), got.error());
        assertTrue(got.error().matches("(?s).*page faults: \\d+ zero-filled, [1-9].*"), got.error());
    }

    /** Everything that comes into the program, with another process and threads in it; then the file is gone, and time goes on. */
    @Test
    void whatAProgramWasGivenIsGivenAgain() throws Exception {
        Path data = Files.writeString(folder.resolve("data"), "in the file\n");
        String record = folder.resolve("record").toString();
        String program = programs.resolve("inputs").toString();
        Outcome first = exec("--record", record, program, data.toString());
        assertTrue(first.output().contains("in the file"), first.output() + first.error());
        assertTrue(first.output().contains("\nkilled by 1\ntotal "), first.output() + first.error());
        Files.delete(data);
        Outcome again = exec("--replay", record, program, "another argument");
        assertEquals(first.output(), again.output(), again::error);
        assertEquals(first.status(), again.status(), again::error);
        Outcome now = exec(program, data.toString());
        assertEquals(1, now.status(), "without the record there is no file");
        Outcome other = exec("--replay", record, programs.resolve("hello").toString());
        assertEquals(137, other.status(), "another program is stopped where it goes another way");
        assertTrue(other.error().contains("another way than when it was recorded"), other.error());
    }

    @Test
    void aFolderIsTheRoot() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectory(root.resolve("bin"));
        Files.createDirectory(root.resolve("etc"));
        Files.copy(programs.resolve("cat"), root.resolve("bin/cat"));
        Files.createSymbolicLink(root.resolve("bin/link"), Path.of("/bin/cat"));
        Files.writeString(root.resolve("etc/passwd"), "of the root\n");
        Outcome got = exec("--root", root.toString(), "/bin/link", "/etc/passwd", "../../etc/passwd", "/etc/hosts");
        assertEquals("of the root\nof the root\n", got.output());
        assertTrue(got.error().contains("/etc/hosts"), got.error());
        assertEquals(1, got.status());
        assertEquals(127, exec("--root", root.toString(), "/bin/none").status());
        assertEquals(2, exec("--root", root.resolve("none").toString(), "/bin/link").status());
    }
}
