package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.EventState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import run.itest.exam.PaxExam;

/** Bundles that bind to another's event: who may, under what conditions, and how they leave. */
@ExtendWith(PaxExam.class)
@Timeout(60)
class GuestsIT {

    /** What bnd writes for a component with {@code @Handler(order = "last", limit = 10_000, name = "looper")}. */
    private static final String LOOPER = """
            <?xml version="1.0" encoding="UTF-8"?>
            <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="looper">
              <property name="kernel.event.role" type="String" value="handler"/>
              <property name="kernel.event.order" type="String" value="last"/>
              <property name="kernel.event.name" type="String" value="looper"/>
              <property name="kernel.event.limit" type="Long" value="10000"/>
              <service><provide interface="run.itest.door.Door"/></service>
              <implementation class="run.itest.guest.Looper"/>
            </scr:component>
            """;

    @Inject
    private BundleContext context;
    @Inject
    private Dispatcher dispatcher;

    private final List<Bundle> installed = new ArrayList<>();

    private Bundle install(String name, String... headers) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        for (int i = 0; i < headers.length; i += 2) {
            manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/looper.xml"));
            jar.write(LOOPER.getBytes(StandardCharsets.UTF_8));
            for (String file : name.equals("owner")
                    ? List.of("door/Door", "door/Owner", "door/Owner$Positive")
                    : List.of("guest/Guest", "guest/Looper")) {
                String entry = "run/itest/" + file + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = GuestsIT.class.getClassLoader().getResourceAsStream(entry)) {
                    in.transferTo(jar);
                }
            }
        }
        Bundle bundle = context.installBundle(name, new ByteArrayInputStream(bytes.toByteArray()));
        installed.add(bundle);
        bundle.start();
        return bundle;
    }

    private void owner() throws Exception {
        install("owner", "Bundle-Activator", "run.itest.door.Owner", "Export-Package", "run.itest.door",
                "Import-Package", "org.osgi.framework,kernel.core.dispatch");
    }

    private Bundle guest(String by, String does, String... more) throws Exception {
        List<String> headers = new ArrayList<>(List.of("Bundle-Activator", "run.itest.guest.Guest", "Guest-Does", does,
                "Guest-Binds-By", by, "Import-Package", "org.osgi.framework,kernel.core.dispatch,run.itest.door"));
        headers.addAll(List.of(more));
        return install("guest", headers.toArray(String[]::new));
    }

    @AfterEach
    void uninstall() throws BundleException {
        for (Bundle bundle : installed.reversed()) {
            bundle.uninstall();
        }
    }

    @SuppressWarnings("unchecked")
    private <T> T service(Class<? super T> type, String which) throws Exception {
        ServiceReference<?> reference = context.getServiceReferences(type, "(guest=" + which + ")").iterator().next();
        return (T) context.getService(reference);
    }

    private int open(int key) throws Exception {
        return this.<IntUnaryOperator>service(IntUnaryOperator.class, "raise").applyAsInt(key);
    }

    private void rule(String what, long limit) throws Exception {
        this.<BiFunction<String, Long, Object>>service(BiFunction.class, "rule").apply(what, limit);
    }

    private int inside() throws Exception {
        return this.<IntSupplier>service(IntSupplier.class, "inside").getAsInt();
    }

    private List<EventState> door(List<EventState> all) {
        return all.stream().filter(event -> event.name().contains("Door")).toList();
    }

    @Test
    void nobodyMayBindToOthersEventsUnlessTheirOwnerAllowsIt() throws Exception {
        owner();
        guest("registry", "answers");
        assertEquals(7, open(7));
        String faults = door(dispatcher.events()).stream().flatMap(event -> event.faults().stream()).toList()
                .toString();
        assertTrue(faults.contains("guest may not bind guest to run.itest.door.Door: the event belongs to owner,")
                && faults.contains("Authorizer"), faults);

        rule("allow", 0);
        assertEquals(700, open(7));
        assertEquals(8, open(8));
        rule("positive", 0);
        assertEquals(700, open(7));
        assertEquals(-7, open(-7));
        rule("none", 0); // what was allowed stays while the owner has none
        assertEquals(700, open(7));
        rule("deny", 0);
        assertEquals(7, open(7));
        faults = door(dispatcher.events()).stream().flatMap(event -> event.faults().stream()).toList().toString();
        assertTrue(faults.contains("not guest with a ticket"), faults);
    }

    @Test
    void theDispatchersInterfaceAsksAsWell() throws Exception {
        owner();
        BundleException refused = assertThrows(BundleException.class, () -> guest("dispatcher", "answers"));
        assertTrue(refused.getCause().getMessage().contains("may not bind"), refused.getCause()::getMessage);
        rule("allow", 0);
        installed.getLast().start();
        assertEquals(700, open(7));
        rule("deny", 0);
        assertEquals(7, open(7));
        rule("allow", 0);
        assertEquals(700, open(7));
        installed.getLast().stop();
        assertEquals(7, open(7));
    }

    @Test
    void whenStopReturnsNobodyIsInside() throws Exception {
        owner();
        rule("allow", 0);
        for (String by : List.of("registry", "dispatcher")) {
            Bundle guest = guest(by, "sleeps");
            IntSupplier inside = service(IntSupplier.class, "inside");
            CompletableFuture<Integer> raise = CompletableFuture.supplyAsync(() -> {
                try {
                    return open(7);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (inside() == 0) {
                Thread.onSpinWait();
            }
            guest.stop();
            assertEquals(0, inside.getAsInt(), by);
            assertEquals(700, raise.get(30, TimeUnit.SECONDS));
            assertEquals(7, open(7));
            guest.uninstall();
            installed.remove(guest);
        }
    }

    @Test
    void aHandlerMayStopItsOwnBundle() throws Exception {
        owner();
        rule("allow", 0);
        Bundle guest = guest("registry", "stops itself");
        long began = System.nanoTime();
        assertEquals(700, open(7));
        assertEquals(Bundle.RESOLVED, guest.getState());
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(4));
        assertEquals(7, open(7));
    }

    @Test
    void aHandlerThatLoopsIsStoppedAtTheLimitThatTheOwnerSets() throws Exception {
        owner();
        rule("limit", 10_000);
        guest("registry", "loops", "Kernel-Ephemeral", "true");
        assertEquals(7, open(7));
        BindingState guest = door(dispatcher.events()).getFirst().bindings().getLast();
        assertEquals("guest", guest.name());
        assertEquals(1, guest.failures());
        assertTrue(guest.trouble().contains("time limit of 10000 us"), guest::trouble);
        assertFalse(Thread.interrupted());
        for (int i = 0; i < 4; i++) {
            assertEquals(7, open(7));
        }
        assertTrue(door(dispatcher.events()).getFirst().bindings().getLast().trouble().startsWith("quarantined"));
        assertEquals(1, dispatcher.rearm("Door", "guest"));
    }

    @Test
    void aComponentThatDeclaresALimitIsPreparedByItself() throws Exception {
        owner();
        rule("allow", 0);
        install("component", "Service-Component", "OSGI-INF/looper.xml", "Import-Package", "run.itest.door",
                "Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.component)\"");
        assertEquals(-1, open(-3));
        assertEquals(3, open(3));
        assertEquals(1, door(dispatcher.events()).getFirst().bindings().getLast().failures());
    }

    @Test
    void aLimitForCodeThatCannotBeStoppedIsRefused() throws Exception {
        owner();
        rule("limit", 10_000);
        guest("registry", "loops");
        assertEquals(7, open(7));
        assertTrue(door(dispatcher.events()).toString().contains("Kernel-Ephemeral: true"),
                () -> door(dispatcher.events()).toString());
    }

    @Test
    void countingTellsRatesAndTimes() throws Exception {
        owner();
        rule("allow", 0);
        guest("registry", "answers");
        CompletableFuture<List<EventState>> measured = CompletableFuture.supplyAsync(() -> {
            try {
                return dispatcher.measure(Duration.ofMillis(300));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!measured.isDone()) {
            open(7);
            open(8);
        }
        EventState door = door(measured.get()).getFirst();
        BindingState guest = door.bindings().getLast();
        assertTrue(door.count().calls() > 1 && door.count().nanos() > 0, door::toString);
        assertTrue(guest.count().calls() > 0 && guest.count().calls() <= door.count().calls() / 2 + 1, door::toString);
        assertEquals(null, door(dispatcher.events()).getFirst().count());
        assertEquals(List.of("key"), door.keys());
    }
}
