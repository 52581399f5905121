package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import java.nio.file.StandardCopyOption;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import kernel.core.machine.Console;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import run.itest.exam.Kernel;
import run.itest.exam.PaxExam;

/** The README's tour: a tracer comes, is updated and goes while a program runs, and the program does not notice. */
@ExtendWith(PaxExam.class)
@Timeout(120)
class TracerIT {

    private static final Path LOAD = Kernel.ASSEMBLY.resolveSibling("load");
    private static final Path JAR = LOAD.resolve("bundles.policies.tracer.jar");

    @Inject
    private BundleContext context;

    @Inject
    private Processes processes;

    private final Recorder console = new Recorder();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @AfterEach
    void takeAway() throws Exception {
        Files.deleteIfExists(JAR);
        await("the tracer is gone", () -> tracer() == null);
    }

    private Bundle tracer() {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals("bundles.policies.tracer")) {
                return bundle;
            }
        }
        return null;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain until " + what);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    void theTracerComesIsUpdatedAndGoesWhileAProgramRuns() throws Exception {
        // the tracer prints on the console with the highest ranking, which is ours here
        context.registerService(Console.class, console, new Hashtable<>(Map.of(Constants.SERVICE_RANKING, 100)));
        Files.createDirectories(LOAD);
        Process process = processes.start(new Launch(Programs.path("spin"), List.of("spin", "100000"), List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), output, output)));
        await("the program writes", () -> output.size() > 0);
        assertEquals(0, console.lines());

        drop();
        await("the trace starts", () -> console.lines() > 3);
        assertNotNull(tracer());
        assertTrue(console.text().contains("[" + process.id() + "] write(1, \""), console::text);

        Bundle first = tracer();
        long before = first.getLastModified();
        first.update(); // as `update` in the shell: reads the jar again
        assertTrue(first.getLastModified() >= before);
        int traced = console.lines();
        await("the updated tracer goes on", () -> console.lines() > traced + 3);

        first.uninstall();
        int last = console.lines();
        int written = output.size();
        await("the program goes on without it", () -> output.size() > written || process.ended());
        assertTrue(console.lines() <= last + 1, "the trace goes on after uninstall returned");

        assertFalse(process.ended(), "the program was too short for this test");
        process.signal(9);
        assertTrue(process.join(TimeUnit.SECONDS.toNanos(30)));
        assertEquals(137, process.status());
        process.reap();
        assertExpected(output.toString(StandardCharsets.ISO_8859_1));
    }

    /** Every line that the program has written is there, in order, to the byte. */
    private static void assertExpected(String got) {
        StringBuilder expected = new StringBuilder();
        for (int i = 1; expected.length() < got.length(); i++) {
            expected.append("progress ").append(i).append('\n');
        }
        assertEquals(expected.toString(), got);
    }

    private void drop() throws Exception {
        Path half = Files.createTempFile("tracer", ".jar");
        Files.copy(Kernel.ASSEMBLY.resolve("policies/bundles.policies.tracer.jar"), half,
                StandardCopyOption.REPLACE_EXISTING);
        Files.move(half, JAR, StandardCopyOption.REPLACE_EXISTING);
    }
}
