package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import run.itest.exam.Kernel;
import run.itest.exam.PaxExam;

/** Policies about system calls and files that come, are updated and go while a program runs, which notices what it is to notice. */
@ExtendWith(PaxExam.class)
@Timeout(120)
class PoliciesIT {

    private static final String USUAL = "keep: done, make: done, remove: done, a kept";

    @Inject
    private BundleContext context;
    @Inject
    private Processes processes;

    private Path folder;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private Process process;

    @BeforeEach
    void start() throws Exception {
        folder = Files.createTempDirectory("policies");
        Files.createDirectory(folder.resolve("upper"));
        Files.writeString(Files.createDirectory(folder.resolve("lower")).resolve("a"), "a");
        process = processes.start(new Launch(Programs.path("visits"), List.of("visits", lower().toString()), List.of(),
                "/", new Streams.Attached(InputStream.nullInputStream(), output, output)));
        says(USUAL);
    }

    @AfterEach
    void end() throws Exception {
        System.clearProperty("spin.filter.rules");
        System.clearProperty("spin.union");
        System.clearProperty("spin.record");
        System.clearProperty("spin.replay");
        process.signal(9);
        process.join(TimeUnit.SECONDS.toNanos(30));
        process.reap();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path lower() {
        return folder.resolve("lower");
    }

    private Bundle drop(String name) throws Exception {
        Bundle bundle = context.installBundle(Kernel.ASSEMBLY.resolve("policies/" + name + ".jar").toUri().toString());
        bundle.start();
        return bundle;
    }

    /** Waits for a whole line that was begun from now on. */
    private void says(String expected) throws Exception {
        says(expected::equals, expected);
    }

    private void says(Predicate<String> expected, String what) throws Exception {
        int from = output.size();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            String text = output.toString(StandardCharsets.UTF_8).substring(from);
            String[] lines = text.split("\n", -1);
            for (int i = 1; i < lines.length - 1; i++) {
                if (expected.test(lines[i])) {
                    return;
                }
            }
            assertTrue(System.nanoTime() < deadline && !process.ended(),
                    "waited for " + what + ", got " + text.substring(0, Math.min(300, text.length())));
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void aFilterRefusesCalls() throws Exception {
        System.setProperty("spin.filter.rules", "errno EACCES program=visits unlink; deny program=other *");
        Bundle filter = drop("bundles.policies.filter");
        says("keep: done, make: done, remove: Permission denied, a kept made");
        System.setProperty("spin.filter.rules", "deny openat if a2 & 0x200 != 0 and a2 < 0x1000");
        filter.update();
        says(line -> line.startsWith("keep: Operation not permitted, make: Operation not permitted, remove: "),
                "nothing is made");
        filter.uninstall();
        says(USUAL);
        System.setProperty("spin.filter.rules", "kill pid=" + process.id() + " unlink");
        filter = drop("bundles.policies.filter");
        assertTrue(process.join(TimeUnit.SECONDS.toNanos(60)));
        assertEquals(137, process.status());
        filter.uninstall();
    }

    /** Runs a program to its end. @return what it wrote, and its status */
    private String run(String name, String... arguments) throws Exception {
        var words = new java.util.ArrayList<>(List.of(name));
        words.addAll(List.of(arguments));
        var written = new ByteArrayOutputStream();
        Process other = processes.start(new Launch(Programs.path(name), words, List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), written, written)));
        assertTrue(other.join(TimeUnit.SECONDS.toNanos(60)));
        other.reap();
        return written.toString(StandardCharsets.UTF_8) + other.status();
    }

    /** Waits until a program has written more than it has now. @return whether it still runs */
    private static boolean awaitMore(ByteArrayOutputStream written, Process by) throws Exception {
        int now = written.size();
        while (written.size() <= now + 100 && !by.ended()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return !by.ended();
    }

    @Test
    void aRecorderComesIsUpdatedAndGoesWhileProgramsRun() throws Exception {
        Path file = folder.resolve("record");
        System.setProperty("spin.record", file.toString());
        Bundle recorder = drop("bundles.policies.record");
        says(USUAL);
        String once = run("hello", "5", "recorded");
        recorder.update();
        says(USUAL);
        // the next program is recorded now, and is in the middle of it when the recorder goes
        var written = new ByteArrayOutputStream();
        Process half = processes.start(new Launch(Programs.path("visits"),
                List.of("visits", Files.createDirectory(folder.resolve("other")).toString()), List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), written, written)));
        assertTrue(awaitMore(written, half));
        recorder.uninstall();
        says(USUAL);
        assertTrue(awaitMore(written, half));
        half.signal(9);
        assertTrue(half.join(TimeUnit.SECONDS.toNanos(30)));
        half.reap();
        recorder = drop("bundles.policies.record");
        assertEquals(once, run("hello", "5", "recorded"));
        recorder.uninstall();
        says(USUAL);
        System.clearProperty("spin.record");
        System.setProperty("spin.replay", file.toString());
        Bundle replayer = drop("bundles.policies.record");
        // arguments are the record's, whatever is asked for
        assertEquals(once, run("hello", "1", "asked"));
        says(USUAL);
        replayer.update();
        assertEquals(once, run("hello"));
        replayer.uninstall();
        assertFalse(once.equals(run("hello", "1", "asked")));
        says(USUAL);
        assertFalse(process.ended());
    }

    @Test
    void aUnionIsWrittenToElsewhere() throws Exception {
        System.setProperty("spin.union", lower() + ":" + folder.resolve("upper"));
        Bundle union = drop("bundles.policies.union");
        says(USUAL);
        String kept = Files.readString(lower().resolve("kept"));
        Files.writeString(folder.resolve("upper/more"), "");
        Files.writeString(folder.resolve("upper/.wh.a"), "");
        says("keep: done, make: done, remove: done, kept more");
        union.update();
        says("keep: done, make: done, remove: done, kept more");
        // between the old one and the new the program has met the lower part alone
        kept = Files.readString(lower().resolve("kept"));
        says("keep: done, make: done, remove: done, kept more");
        assertEquals(kept, Files.readString(lower().resolve("kept")));
        assertTrue(Integer.parseInt(Files.readString(folder.resolve("upper/kept")).strip()) > Integer
                .parseInt(kept.strip()));
        union.uninstall();
        says(USUAL);
        assertFalse(kept.equals(Files.readString(lower().resolve("kept"))));
        assertFalse(process.ended());
    }
}
