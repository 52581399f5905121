package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import run.itest.exam.Kernel;

/** What bundles that nobody trusts can do in a plain Felix with the dispatcher and the linker, and what not. */
@Timeout(120)
class SandboxIT {

    private static final String STRANGER = "run/itest/stranger/Stranger.class";
    private static final String[] BINDS = {"Bundle-Activator", "run.itest.stranger.Stranger", "Import-Package",
            "org.osgi.framework,kernel.core.dispatch,run.itest.door"};
    /** So the interface of the door may be reached, whose bundle is trusted. */
    private static final String POLICY = """
            trust /trusted/*
            limit 50000
            allow run.itest.door.*
            """;

    @TempDir
    private Path folder;
    private Felix framework;
    private BundleContext context;

    private Bundle linker(Object policy) throws Exception {
        Map<String, Object> properties = new HashMap<>();
        properties.put("org.osgi.framework.storage", folder.resolve("storage").toString());
        properties.put("felix.log.level", "1");
        properties.put("spin.policy", policy.toString());
        properties.put("spin.trusted", Kernel.ASSEMBLY.resolve("bundles/*/*.jar").toString());
        properties.put("spin.event.drain", "200");
        properties.put("spin.domain.start", "300");
        framework = new Felix(properties);
        framework.init();
        framework.start();
        context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        List<Path> jars = new ArrayList<>(Kernel.bundles("1"));
        jars.add(Kernel.ASSEMBLY.resolve("bundles/4/kernel.core.linker.jar"));
        for (Path jar : jars) {
            bundles.add(context.installBundle(jar.toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        return bundles.getLast();
    }

    private void kernel() throws Exception {
        linker(Files.writeString(folder.resolve("policy"), POLICY));
        install("/trusted/owner", List.of("run/itest/door/Door.class", "run/itest/door/Owner.class",
                "run/itest/door/Owner$Positive.class"), "Bundle-Activator", "run.itest.door.Owner", "Export-Package",
                "run.itest.door", "Import-Package", "org.osgi.framework,kernel.core.dispatch").start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
    }

    private static byte[] jar(String name, List<String> entries, String... headers) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name.substring(name.lastIndexOf('/') + 1));
        for (int i = 0; i < headers.length; i += 2) {
            manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (String entry : entries) {
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = SandboxIT.class.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(jar);
                }
            }
        }
        return bytes.toByteArray();
    }

    private Bundle install(String path, List<String> entries, String... headers) throws Exception {
        return context.installBundle("file:" + path, new ByteArrayInputStream(jar(path, entries, headers)));
    }

    private static String[] and(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private Bundle stranger(String does) throws Exception {
        return install("/tmp/stranger", List.of(STRANGER), and(BINDS, "Stranger-Does", does));
    }

    @SuppressWarnings("unchecked")
    private <T> T service(Class<? super T> type, String filter) throws Exception {
        ServiceReference<?> reference = context.getServiceReferences(type, filter).iterator().next();
        return (T) context.getService(reference);
    }

    private int open(int key) throws Exception {
        return this.<IntUnaryOperator>service(IntUnaryOperator.class, "(guest=raise)").applyAsInt(key);
    }

    /** The linker's classes are not the test's. */
    private String domain(Bundle bundle) throws Exception {
        Object domains = context.getService(context.getAllServiceReferences("kernel.core.domain.Domains", null)[0]);
        return domains.getClass().getClassLoader().loadClass("kernel.core.domain.Domains")
                .getMethod("of", long.class).invoke(domains, bundle.getBundleId()).toString();
    }

    private void allow() throws Exception {
        this.<java.util.function.BiFunction<String, Long, Object>>service(java.util.function.BiFunction.class,
                "(guest=rule)").apply("allow", 0L);
    }

    @Test
    void aBundleThatReachesNothingForbiddenIsLinked() throws Exception {
        kernel();
        allow();
        Bundle stranger = stranger("answers");
        stranger.start();
        assertEquals(700, open(7));
        assertTrue(domain(stranger).contains("trusted=false"), domain(stranger));
        assertTrue(domain(stranger).contains("violations=[]"), domain(stranger));
        stranger.uninstall();
        assertEquals(7, open(7));
    }

    /** The guest of another test stops bundles by itself. */
    @Test
    void oneThatReachesMoreIsNot() throws Exception {
        kernel();
        List<String> classes = List.of("run/itest/guest/Guest.class");
        String[] headers = {"Bundle-Activator", "run.itest.guest.Guest", "Import-Package",
                "org.osgi.framework,kernel.core.dispatch,run.itest.door", "Guest-Does", "answers", "Guest-Binds-By",
                "registry"};
        Bundle guest = install("/tmp/guest", classes, headers);
        assertThrows(BundleException.class, guest::start);
        assertEquals(Bundle.INSTALLED, guest.getState());
        assertTrue(domain(guest).contains("run.itest.guest.Guest.open: org.osgi.framework.Bundle.stop"), domain(guest));
        guest.uninstall();
        Bundle trusted = install("/trusted/guest", classes, headers);
        trusted.start();
        assertEquals(Bundle.ACTIVE, trusted.getState());
    }

    /** Those who come after one that is not linked are, whatever they need of those who came before. */
    @Test
    void oneThatIsNotLinkedIsInNobodysWay() throws Exception {
        kernel();
        allow();
        Bundle bad = install("/tmp/bad", List.of("run/itest/guest/Guest.class"), "Bundle-Activator",
                "run.itest.guest.Guest", "Export-Package", "run.itest", "Bundle-SymbolicName",
                "stranger;singleton:=true", "Bundle-Version", "2");
        assertThrows(BundleException.class, bad::start);
        Bundle first = install("/trusted/user", List.of(), "Import-Package", "run.itest.door,kernel.core.dispatch");
        first.start();
        Bundle second = stranger("answers");
        second.start();
        assertEquals(700, open(7));
        assertThrows(BundleException.class, install("/tmp/needy", List.of(), "Import-Package", "run.itest")::start);
        var wiring = context.getBundle(0).adapt(org.osgi.framework.wiring.FrameworkWiring.class);
        wiring.resolveBundles(null);
        assertEquals(Bundle.INSTALLED, bad.getState());
        wiring.resolveBundles(List.of(bad));
        assertEquals(Bundle.INSTALLED, bad.getState());
    }

    /** It sets no limit itself, and tries not to be stopped. */
    @ParameterizedTest
    @ValueSource(strings = {"loops", "catches", "locks"})
    void aHandlerThatDoesNotReturnIsStopped(String how) throws Exception {
        kernel();
        allow();
        stranger(how).start();
        assertEquals(7, open(7), "the answer of the owner");
        assertEquals(7, open(7));
        int caught = this.<IntSupplier>service(IntSupplier.class, "(stranger=caught)").getAsInt();
        assertEquals(how.equals("loops") ? 0 : 2, caught);
    }

    @Test
    void anActivatorThatDoesNotReturnIsStopped() throws Exception {
        kernel();
        Bundle stranger = stranger("starts");
        BundleException e = assertThrows(BundleException.class, stranger::start);
        assertTrue(causes(e).contains("the activator of stranger took longer than 300 ms"), causes(e));
        assertEquals(Bundle.RESOLVED, stranger.getState());
        assertFalse(Thread.interrupted());
    }

    /** Guards have no limit; the raise goes on when the bundle is gone. */
    @Test
    void whatIsStoppedRunsNoMore() throws Exception {
        kernel();
        allow();
        Bundle stranger = stranger("guards");
        stranger.start();
        IntSupplier inside = service(IntSupplier.class, "(stranger=caught)");
        Object[] end = {null};
        Thread raiser = Thread.ofPlatform().start(() -> {
            try {
                end[0] = open(7);
            } catch (Throwable e) {
                end[0] = e;
            }
        });
        while (inside.getAsInt() != 7) {
            Thread.sleep(1);
        }
        stranger.stop();
        raiser.join(TimeUnit.SECONDS.toMillis(20));
        assertTrue(String.valueOf(end[0]).contains("stranger [8] was stopped"), String.valueOf(end[0]));
        assertEquals(7, open(7));
        assertEquals("kernel.core.dispatch.DomainStopped",
                assertThrows(Error.class, inside::getAsInt).getClass().getName());
        stranger.start();
        assertEquals(0, this.<IntSupplier>service(IntSupplier.class, "(stranger=caught)").getAsInt());
    }

    @Test
    void itSeesTheServicesThatItMayReach() throws Exception {
        kernel();
        allow();
        stranger("answers").start();
        Predicate<String> sees = service(Predicate.class, "(stranger=sees)");
        assertTrue(sees.test("(objectClass=kernel.core.dispatch.Dispatcher)"));
        assertTrue(sees.test("(stranger=caught)"), "its own");
        assertTrue(sees.test("(objectClass=run.itest.door.Door)"));
        try (var executor = java.util.concurrent.Executors.newScheduledThreadPool(1)) {
            var registration = context.registerService(java.util.concurrent.ScheduledExecutorService.class, executor,
                    null);
            assertFalse(sees.test("(objectClass=java.util.concurrent.ScheduledExecutorService)"));
            registration.unregister();
        }
        assertFalse(sees.test("(objectClass=org.osgi.framework.hooks.weaving.WeavingHook)"));
    }

    @Test
    void anUpdateIsLookedAtAnew() throws Exception {
        kernel();
        allow();
        Bundle bundle = stranger("answers");
        bundle.start();
        assertEquals(700, open(7));
        byte[] bad = jar("stranger", List.of(STRANGER, "run/itest/guest/Guest.class"),
                and(BINDS, "Stranger-Does", "answers"));
        assertThrows(BundleException.class, () -> bundle.update(new ByteArrayInputStream(bad)));
        assertEquals(7, open(7));
        bundle.update(new ByteArrayInputStream(
                jar("stranger", List.of(STRANGER), and(BINDS, "Stranger-Does", "answers"))));
        bundle.start();
        assertEquals(700, open(7));
    }

    @Test
    void packagesOfTrustedBundlesAreReachedIfThePolicySaysSo() throws Exception {
        kernel();
        List<String> nothing = List.of();
        install("/trusted/secrets", nothing, "Export-Package", "run.itest").start();
        Bundle curious = install("/tmp/curious", nothing, "Import-Package", "run.itest");
        assertThrows(BundleException.class, curious::start);
        assertTrue(domain(curious).contains("Import-Package: run.itest: it is a trusted bundle's"), domain(curious));
        assertThrows(BundleException.class,
                install("/tmp/dynamic", List.of(STRANGER), and(BINDS, "DynamicImport-Package", "*", "Stranger-Does",
                        "answers", "Bundle-NativeCode", "x.so"))::start);
    }

    /** Nobody who is trusted runs code of somebody who is not. */
    @Test
    void packagesOfStrangersAreForStrangers() throws Exception {
        kernel();
        List<String> nothing = List.of(); // a package may be empty
        Bundle provider = install("/tmp/provider", nothing, "Export-Package", "run.itest");
        provider.start();
        assertThrows(BundleException.class, install("/trusted/user", nothing, "Import-Package", "run.itest")::start);
        Bundle user = install("/tmp/other", nothing, "Import-Package", "run.itest");
        user.start();
        assertEquals(Bundle.ACTIVE, user.getState());
        Bundle poser = install("/tmp/poser", nothing, "Import-Package", "kernel.core.dispatch;version=\"[9,10)\"");
        install("/tmp/posing", nothing, "Export-Package",
                "kernel.core.dispatch;version=9.1,run.itest").start();
        assertThrows(BundleException.class, poser::start);
    }

    @Test
    void aFragmentDoesNotGetIntoItsHost() throws Exception {
        kernel();
        Bundle fragment = install("/tmp/fragment", List.of("run/itest/guest/Guest.class"), "Fragment-Host", "host");
        Bundle host = install("/trusted/host", List.of());
        host.start();
        assertEquals(Bundle.INSTALLED, fragment.getState());
        assertThrows(ClassNotFoundException.class, () -> host.loadClass("run.itest.guest.Guest"));
    }

    /** What comes with the kernel needs no trust, if it needs no files: each is built anew, so that it is nobody's. */
    @Test
    void mostPoliciesAreLinkedAsStrangers() throws Exception {
        linker(Path.of(System.getProperty("spin.home"), "run/policy"));
        List<String> refused = new ArrayList<>();
        List<Path> jars;
        try (Stream<Path> files = Files.list(Kernel.ASSEMBLY.resolve("policies"))) {
            jars = files.sorted().toList();
        }
        for (Path jar : jars) {
            ByteArrayOutputStream other = new ByteArrayOutputStream();
            try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
                    ZipOutputStream out = new ZipOutputStream(other)) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    in.transferTo(out);
                }
                out.putNextEntry(new ZipEntry("another"));
            }
            Bundle bundle = context.installBundle("file:/tmp/" + jar.getFileName(),
                    new ByteArrayInputStream(other.toByteArray()));
            assertTrue(domain(bundle).contains("trusted=false"), domain(bundle));
            if (!domain(bundle).contains("violations=[]")) {
                refused.add(bundle.getSymbolicName().replaceAll(".*\\.", ""));
            }
        }
        assertEquals(List.of("shared", "unzip", "checkpoint", "filter", "record", "union"), refused);
        assertEquals(22, jars.size());
    }

    @Test
    void aPolicyThatCannotBeUsedStopsTheLinker() throws Exception {
        BundleException missing = assertThrows(BundleException.class, () -> linker(folder.resolve("none")));
        assertTrue(causes(missing).contains("there is no such file"), causes(missing));
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
        BundleException wrong = assertThrows(BundleException.class,
                () -> linker(Files.writeString(folder.resolve("policy"), "# mine\nallows x.*\n")));
        assertTrue(causes(wrong).contains("policy cannot be used: line 2: \"allows\""), causes(wrong));
        assertNull(context.getAllServiceReferences("kernel.core.domain.Domains", null));
    }

    private static String causes(Throwable e) {
        return Stream.iterate(e, one -> one != null, Throwable::getCause).map(String::valueOf).toList().toString();
    }
}
