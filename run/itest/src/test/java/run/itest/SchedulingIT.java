package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import kernel.core.strand.Schedulers;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.util.tracker.ServiceTracker;
import run.itest.exam.Kernel;
import run.itest.exam.PaxExam;

/** Schedulers and thread packages that come as bundles, and do what they like, while programs run. */
@ExtendWith(PaxExam.class)
@Timeout(120)
class SchedulingIT {

    private static final long LONG = TimeUnit.SECONDS.toNanos(60);

    @Inject
    private BundleContext context;
    @Inject
    private Processes processes;
    @Inject
    private Strands strands;
    @Inject
    private Schedulers schedulers;

    private final List<Bundle> installed = new ArrayList<>();
    private ServiceTracker<Executor, Executor> executors;

    @BeforeEach
    void open() throws Exception {
        executors = new ServiceTracker<>(context, context.createFilter("(kernel.threads=forkjoin)"), null);
        executors.open();
    }

    @AfterEach
    void uninstall() throws BundleException {
        executors.close();
        for (Bundle bundle : installed.reversed()) {
            bundle.uninstall();
        }
        schedulers.choose(Schedulers.DEFAULT);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain until " + what);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private Bundle policy(String name) throws BundleException {
        Bundle bundle = context.installBundle(
                Kernel.ASSEMBLY.resolve("policies/bundles.policies." + name + ".jar").toUri().toString());
        installed.add(bundle);
        bundle.start();
        return bundle;
    }

    private Bundle hostile(String does) throws Exception {
        Manifest manifest = new Manifest();
        String[] headers = {"Manifest-Version", "1.0", "Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "hostile",
                "Bundle-Activator", "run.itest.guest.Hostile", "Hostile-Does", does, "Import-Package",
                "org.osgi.framework,kernel.core.strand"};
        for (int i = 0; i < headers.length; i += 2) {
            manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (String name : List.of("Hostile", "Hostile$1", "Hostile$Policy")) {
                String entry = "run/itest/guest/" + name + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = SchedulingIT.class.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(jar);
                }
            }
        }
        Bundle bundle = context.installBundle("hostile " + does, new ByteArrayInputStream(bytes.toByteArray()));
        installed.add(bundle);
        bundle.start();
        return bundle;
    }

    /** A program with many system calls. */
    private Process program(ByteArrayOutputStream output) throws Exception {
        return processes.start(new Launch(Programs.path("spin"), List.of("spin", "6"), List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), output, new ByteArrayOutputStream())));
    }

    /** Whatever a scheduler does wrong is noticed and told, the default replaces it, and programs do what they do without it. */
    @Test
    void hostileSchedulersAreReplacedAndProgramsDoNotNotice() throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Process alone = program(expected);
        assertTrue(alone.join(LONG));
        alone.reap();
        for (String does : List.of("throws", "lies", "starves", "stalls", "loses")) {
            Bundle bundle = hostile(does);
            schedulers.choose("hostile");
            do {
                twoPrograms(expected.toString(), does);
            } while (schedulers.inForce().equals("hostile"));
            assertEquals(Schedulers.DEFAULT, schedulers.inForce(), does);
            assertTrue(schedulers.changes().getFirst().reason().startsWith("hostile "),
                    () -> schedulers.changes().toString());
            assertTrue(schedulers.report().contains("\"hostile\"") && schedulers.report().contains("processor 0:"),
                    schedulers.report());
            bundle.uninstall();
            installed.remove(bundle);
        }
    }

    private void twoPrograms(String expected, String does) throws Exception {
        List<ByteArrayOutputStream> outputs = List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        List<Process> both = List.of(program(outputs.get(0)), program(outputs.get(1)));
        for (int i = 0; i < 2; i++) {
            assertTrue(both.get(i).join(LONG), does);
            assertEquals(expected, outputs.get(i).toString(), does);
            both.get(i).reap();
        }
    }

    private Process start(ByteArrayOutputStream output, String program, String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(List.of(arguments));
        return processes.start(new Launch(Programs.path(program), words, List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), output, output)));
    }

    private int statusOf(String program, String... arguments) throws Exception {
        Process process = start(new ByteArrayOutputStream(), program, arguments);
        assertTrue(process.join(LONG), program);
        int status = process.status();
        process.reap();
        return status;
    }

    /** sched_setattr(2) of a program is admitted or refused by the scheduler in force. */
    @Test
    void whatProgramsReserveIsAdmittedWhileThereIsSomething() throws Exception {
        policy("edf");
        schedulers.choose("edf");
        List<Process> holders = new ArrayList<>();
        String[] mostOfOne = {"900000", "1000000"};
        int processors = schedulers.processors().size();
        for (int i = 0; i < processors; i++) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            holders.add(start(output, "reserve", mostOfOne[0], mostOfOne[1], "1000"));
            await("it has its processor", () -> output.toString().contains("admitted"));
        }
        assertEquals(1, statusOf("reserve", mostOfOne), "all processors are promised");
        assertEquals(0, statusOf("reserve", "10000", "1000000"), "a hundredth is left");
        holders.getFirst().signal(9);
        assertTrue(holders.getFirst().join(LONG));
        // its strand is a moment behind the program, as under Linux, where a task's bandwidth is returned after its parent is told
        int status = 1;
        for (long until = System.nanoTime() + LONG; status != 0 && System.nanoTime() < until;) {
            status = statusOf("reserve", mostOfOne);
        }
        assertEquals(0, status, "who has ended keeps nothing");
        for (Process holder : holders) {
            holder.signal(9);
            assertTrue(holder.join(LONG));
            holder.reap();
        }
    }

    /** The owner of a mutex with PTHREAD_PRIO_INHERIT runs before threads of middle priority while one of high priority waits. */
    @Test
    void ownersOfAMutexInheritThePriorityOfWhoWaits() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Process process = start(output, "inversion");
        assertTrue(process.join(LONG), output::toString);
        assertEquals(0, process.status(), output::toString);
        process.reap();
    }

    private void execute(Runnable task) {
        Executor now = executors.getService();
        try {
            if (now != null) {
                now.execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            // it went in this moment
        }
        task.run();
    }

    private long fib(int n) throws Exception {
        if (n < 2) {
            return n;
        }
        FutureTask<Long> left = new FutureTask<>(() -> fib(n - 1));
        execute(left);
        long right = fib(n - 2);
        return left.get() + right;
    }

    /** Trees of strands in the order of an extension, while it is updated and removed and the global scheduler changes. */
    @Test
    void aThreadPackageIsDeployedUsedUpdatedAndRemoved() throws Exception {
        policy("stride");
        policy("edf");
        AtomicLong right = new AtomicLong();
        AtomicLong wrong = new AtomicLong();
        boolean[] over = new boolean[1];
        Strand user = strands.fork("user", () -> {
            while (!over[0]) {
                try {
                    (fib(12) == 144 ? right : wrong).incrementAndGet();
                } catch (Exception e) {
                    wrong.incrementAndGet();
                }
            }
        });
        long turns = 0;
        try {
            Bundle bundle = policy("forkjoin");
            await("the package is there", () -> executors.getService() != null);
            for (int i = 0; i < 6; i++) {
                schedulers.choose(schedulers.policies().get(i % 3));
                long before = right.get();
                await("the computation goes on", () -> right.get() > before + 1);
                turns = Math.max(turns, schedulers.packages().getFirst().turns());
                if (i % 2 == 1) {
                    bundle.update();
                }
            }
            bundle.uninstall();
            installed.remove(bundle);
            assertNull(executors.getService());
            assertEquals(List.of(), schedulers.packages());
            long before = right.get();
            await("the computation goes on without the package", () -> right.get() > before + 1);
        } finally {
            over[0] = true;
        }
        assertTrue(user.join(LONG));
        assertTrue(turns > 0, "the package gave no turns");
        assertEquals(0, wrong.get());
        await("all strands of the package have ended",
                () -> strands.strands().stream().noneMatch(one -> one.name().startsWith("forkjoin")));
    }

    /** What a bundle installed goes with it, even if it does not think of that. Its strands go on. */
    @Test
    void aThreadPackageGoesWithItsBundle() throws Exception {
        Bundle bundle = hostile("package");
        await("it gives turns", () -> schedulers.packages().size() == 1
                && schedulers.packages().getFirst().turns() > 10);
        assertEquals(3, schedulers.packages().getFirst().strands());
        bundle.uninstall();
        installed.remove(bundle);
        assertEquals(List.of(), schedulers.packages());
        List<Strand> left = strands.strands().stream().filter(one -> one.name().equals("left behind")).toList();
        assertEquals(3, left.size());
        for (Strand strand : left) {
            strand.interrupt();
            assertTrue(strand.join(LONG));
        }
    }

    @Test
    void deadlocksOfAnExtensionAreReported() throws Exception {
        hostile("deadlock");
        await("the deadlock is there", () -> !strands.deadlocks().isEmpty());
        assertEquals(List.of("philosopher 1 waits for right fork, held by philosopher 2 waits for left fork, held by "
                + "philosopher 1"), strands.deadlocks());
        Strand one = strands.strands().stream().filter(s -> s.name().equals("philosopher 1")).findFirst().orElse(null);
        assertNotNull(one);
        one.interrupt();
        assertTrue(one.join(LONG));
        await("the deadlock is over", () -> strands.deadlocks().isEmpty());
    }
}
