package run.samples.discount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.ServiceTracker;

/** The sample of {@code docs/kernel.core-in-your-application.md} in a plain Felix. */
@Timeout(120)
class SampleIT {

    private static final Path BUNDLES = Path.of(System.getProperty("sample.bundles"));
    private static final List<String> NEEDED = List.of("kernel.core.api", "kernel.core.dispatcher",
            "org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component", "org.apache.felix.scr",
            "run.samples.shop");

    @TempDir
    private Path storage;

    private Framework framework;
    private Bundle discount;

    @BeforeEach
    void start() throws BundleException {
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.resolve("felix").toString()));
        framework.start();
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        for (String name : NEEDED) {
            bundles.add(context.installBundle(BUNDLES.resolve(name + ".jar").toUri().toString()));
        }
        discount = context.installBundle(Path.of(System.getProperty("sample.discount")).toUri().toString());
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(20_000);
    }

    @SuppressWarnings("unchecked")
    private <S> S service(Class<?> type, String shop) throws Exception {
        ServiceTracker<Object, Object> tracker = new ServiceTracker<>(framework.getBundleContext(),
                framework.getBundleContext()
                        .createFilter("(&(objectClass=" + type.getName() + ")(shop=" + shop + "))"),
                null);
        tracker.open();
        Object service = tracker.waitForService(20_000);
        assertTrue(service != null, "no service " + type.getName() + " shop=" + shop);
        return (S) service;
    }

    @Test
    void pricesFollowWhatIsInstalled() throws Exception {
        BiFunction<String, Long, Long> till = service(BiFunction.class, "till");
        assertEquals(20_000, till.apply("DE", 20_000L));

        discount.start();
        IntConsumer campaign = service(IntConsumer.class, "campaign"); // its components are there
        assertEquals(18_000, till.apply("DE", 20_000L));
        assertEquals(5_000, till.apply("DE", 5_000L), "the guard refuses");
        assertEquals(20_000, till.apply("AT", 20_000L), "another key");

        campaign.accept(20);
        assertEquals(800, till.apply("FR", 1_000L));
        campaign.accept(30);
        assertEquals(700, till.apply("FR", 1_000L));

        discount.stop();
        assertEquals(20_000, till.apply("DE", 20_000L));
        assertEquals(1_000, till.apply("FR", 1_000L));

        discount.start();
        service(IntConsumer.class, "campaign");
        assertEquals(18_000, till.apply("DE", 20_000L));
    }

    @Test
    void aSwapIsNeverSeenHalf() throws Exception {
        BiFunction<String, Long, Long> till = service(BiFunction.class, "till");
        discount.start();
        IntConsumer campaign = service(IntConsumer.class, "campaign");
        campaign.accept(0);
        Set<Long> seen = new TreeSet<>();
        Thread changer = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= 50; i++) {
                campaign.accept(i);
            }
        });
        long last = 1_000;
        while (changer.isAlive()) {
            long now = till.apply("FR", 1_000L);
            assertTrue(now <= last, now + " after " + last);
            seen.add(now);
            last = now;
        }
        changer.join();
        assertEquals(500, till.apply("FR", 1_000L));
        assertTrue(seen.stream().allMatch(price -> price % 10 == 0), seen.toString());
    }

    @Test
    void nothingElseIsNeeded() throws Exception {
        Set<String> installed = Stream.of(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getBundleId() != 0).map(Bundle::getSymbolicName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> expected = new TreeSet<>(NEEDED);
        expected.add("run.samples.discount");
        assertEquals(expected, installed);
        try (Stream<Path> files = Files.list(BUNDLES)) {
            assertEquals(NEEDED.size(), files.count());
        }
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            if (bundle.getSymbolicName().startsWith("kernel.core")) {
                List<String> foreign = imports(bundle).filter(name -> !ofTheJdkOrOsgi(name)).toList();
                assertEquals(List.of(), foreign, bundle.getSymbolicName() + " imports more than the JDK and OSGi have");
            }
        }
    }

    private static Stream<String> imports(Bundle bundle) {
        List<BundleRequirement> all = bundle.adapt(BundleRevision.class)
                .getDeclaredRequirements(BundleRevision.PACKAGE_NAMESPACE);
        return all.stream().map(requirement -> requirement.getDirectives().get("filter"))
                .map(filter -> filter.replaceAll(".*osgi\\.wiring\\.package=([^)]*)\\).*", "$1"));
    }

    private static boolean ofTheJdkOrOsgi(String name) {
        return name.startsWith("org.osgi.") || name.startsWith("kernel.core.")
                || ModuleFinder.ofSystem().findAll().stream().flatMap(module -> module.descriptor().exports().stream())
                        .anyMatch(export -> !export.isQualified() && export.source().equals(name));
    }
}
