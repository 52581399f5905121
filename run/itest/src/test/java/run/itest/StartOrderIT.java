package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;
import run.itest.exam.Kernel;

/** No bundle depends on the order in which bundles start. */
class StartOrderIT {

    /** Services that stand on everything else: when they are there, all components are satisfied. */
    private static final List<String> SUMMITS = List.of("bundles.unix.api.Processes", "bundles.shell.ExecMode",
            "bundles.shell.CommandMode", "bundles.shell.MachineCommands", "bundles.shell.EventCommands",
            "bundles.shell.NetworkCommands", "bundles.shell.GraphCommands", "bundles.web.WebServer");

    @RepeatedTest(10)
    @Timeout(60)
    void everyBundleResolvesAndStartsInAnyOrder(RepetitionInfo repetition) throws Exception {
        List<Path> jars = new ArrayList<>(Kernel.bundles("1", "2", "3", "4"));
        Collections.shuffle(jars, new Random(repetition.getCurrentRepetition()));
        ExamSystem system = PaxExamRuntime.createServerSystem(Kernel.with(jars));
        TestContainer container = PaxExamRuntime.createContainer(system);
        container.start();
        try {
            BundleContext context = ((NativeTestContainer) container).getSystemBundle().getBundleContext();
            for (Bundle bundle : context.getBundles()) {
                boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
                assertEquals(fragment ? Bundle.RESOLVED : Bundle.ACTIVE, bundle.getState(),
                        () -> bundle + " of " + jars);
            }
            // as run/spin does once all are started
            context.registerService(Condition.class, Condition.INSTANCE,
                    new Hashtable<>(Map.of(Condition.CONDITION_ID, "spin.booted")));
            for (String summit : SUMMITS) {
                ServiceTracker<Object, Object> tracker = new ServiceTracker<>(context, summit, null);
                tracker.open(true); // all: the class path of the tests has those interfaces too
                assertNotNull(tracker.waitForService(TimeUnit.SECONDS.toMillis(10)), () -> summit + " of " + jars);
                tracker.close();
            }
        } finally {
            container.stop();
            system.clear();
        }
    }
}
