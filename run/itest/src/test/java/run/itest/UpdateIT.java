package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import run.itest.exam.PaxExam;

/** Every provider can be updated in a running kernel, and programs run afterwards as before. */
@ExtendWith(PaxExam.class)
@Timeout(120)
class UpdateIT {

    @Inject
    private BundleContext context;

    private Bundle bundle(String name) {
        return Stream.of(context.getBundles()).filter(b -> b.getSymbolicName().equals(name)).findFirst().orElseThrow();
    }

    private Processes processes() throws InterruptedException {
        ServiceTracker<Processes, Processes> tracker = new ServiceTracker<>(context, Processes.class, null);
        tracker.open();
        Processes found = tracker.waitForService(TimeUnit.SECONDS.toMillis(20));
        tracker.close();
        assertNotNull(found, "there is no service Processes");
        return context.getService(context.getServiceReference(Processes.class));
    }

    private void helloRuns(String after) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Process hello = processes().start(new Launch(Programs.path("hello"), List.of("hello", "5"), List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), output, new ByteArrayOutputStream())));
        assertTrue(hello.join(TimeUnit.SECONDS.toNanos(30)), after);
        assertEquals(5, hello.status(), after);
        assertTrue(output.toString().startsWith("Hello from Alpha\n"), after);
        hello.reap();
    }

    @Test
    void eachProviderIsUpdatedAndProgramsRunAfterwards() throws Exception {
        helloRuns("the start");
        for (String provider : List.of("kernel.ext.sched.provider", "kernel.ext.vm.provider", "bundles.unix.provider",
                "hw.alpha", "kernel.core.dispatcher", "bundles.shell", "kernel.ext.net.tcp", "kernel.ext.net.provider",
                "bundles.web")) {
            bundle(provider).update();
            helloRuns("the update of " + provider);
        }
    }

    @Test
    void programsThatRunDuringAnUpdateOfUnixAreKilledAndNothingElseIs() throws Exception {
        Process running = processes().start(new Launch(Programs.path("spin"), List.of("spin", "100000"), List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), new ByteArrayOutputStream(),
                        new ByteArrayOutputStream())));
        bundle("bundles.unix.provider").update();
        assertTrue(running.join(TimeUnit.SECONDS.toNanos(30)));
        assertEquals(137, running.status());
        helloRuns("the update");
        Stream.of(context.getBundles()).forEach(
                b -> assertTrue(b.getState() == Bundle.ACTIVE || b.getState() == Bundle.RESOLVED, b::toString));
    }
}
