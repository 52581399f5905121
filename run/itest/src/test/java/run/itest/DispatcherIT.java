package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.EventState;
import kernel.core.dispatch.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import run.itest.exam.PaxExam;

/** The service registry as the binding table of events. */
@ExtendWith(PaxExam.class)
@Timeout(60)
class DispatcherIT {

    @Inject
    private BundleContext context;

    @Inject
    private Dispatcher dispatcher;

    private final List<String> ran = new ArrayList<>();
    private final List<ServiceRegistration<Ping>> bound = new CopyOnWriteArrayList<>();

    /** An event of the test's own. */
    @Event
    public interface Ping {
        int ping(int value);
    }

    private ServiceRegistration<Ping> bind(Ping ping, Object... properties) {
        Hashtable<String, Object> table = new Hashtable<>();
        for (int i = 0; i < properties.length; i += 2) {
            table.put((String) properties[i], properties[i + 1]);
        }
        ServiceRegistration<Ping> registration = context.registerService(Ping.class, ping, table);
        bound.add(registration);
        return registration;
    }

    @AfterEach
    void unbindAll() {
        for (ServiceRegistration<Ping> registration : bound) {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                // the test has done it
            }
        }
    }

    private Ping noting(String name) {
        return value -> {
            ran.add(name);
            return value + 1;
        };
    }

    @Test
    void usersSeeOneStubAndNoBinding() throws Exception {
        bind(noting("i"), Binding.ROLE, Binding.INTRINSIC);
        ServiceRegistration<Ping> handler = bind(noting("h"), Binding.ROLE, Binding.HANDLER, Binding.ORDER, "first");
        Collection<ServiceReference<Ping>> seen = context.getServiceReferences(Ping.class, null);
        assertEquals(1, seen.size());
        assertEquals(Binding.STUB, seen.iterator().next().getProperty(Binding.ROLE));
        Ping stub = context.getService(seen.iterator().next());
        assertEquals(6, stub.ping(5));
        assertEquals(List.of("h", "i"), ran);

        handler.unregister();
        stub.ping(5);
        assertEquals(List.of("h", "i", "i"), ran);
        assertSame(stub, context.getService(context.getServiceReference(Ping.class)));
    }

    @Test
    void propertiesThatChangeRelinkAtOnce() {
        bind(noting("i"), Binding.ROLE, Binding.INTRINSIC);
        ServiceRegistration<Ping> handler = bind(noting("h"), Binding.ROLE, Binding.HANDLER, Binding.ORDER, "first");
        Ping stub = context.getService(context.getServiceReference(Ping.class));
        stub.ping(1);
        handler.setProperties(new Hashtable<>(Map.of(Binding.ROLE, Binding.HANDLER, Binding.ORDER, Binding.LAST)));
        stub.ping(1);
        assertEquals(List.of("h", "i", "i", "h"), ran);
    }

    @Test
    void aProviderThatIsReplacedLosesNoRaiseAndRewiresNobody() throws Exception {
        ServiceRegistration<Ping> first = bind(noting("1"), Binding.ROLE, Binding.INTRINSIC);
        ServiceReference<Ping> reference = context.getServiceReference(Ping.class);
        Ping stub = context.getService(reference);
        first.unregister();
        Thread later = Thread.ofPlatform().start(() -> bind(noting("2"), Binding.ROLE, Binding.INTRINSIC));
        assertEquals(8, stub.ping(7));
        later.join();
        assertEquals(List.of("2"), ran);
        assertEquals(reference, context.getServiceReference(Ping.class));
    }

    /** Bundles that come and go must not take the stub of an event whose provider is just being updated. */
    @Test
    void anUnrelatedBundleThatIsUninstalledLeavesTheStub() throws Exception {
        bind(noting("i"), Binding.ROLE, Binding.INTRINSIC).unregister();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "unrelated");
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        context.installBundle("unrelated", new ByteArrayInputStream(jar.toByteArray())).uninstall();
        assertNotNull(context.getServiceReference(Ping.class));
    }

    @Test
    void aBindingThatDoesNotFitIsReportedAndChangesNothing() {
        bind(noting("i"), Binding.ROLE, Binding.INTRINSIC);
        bind(noting("bad"), Binding.ROLE, Binding.HANDLER, Binding.GUARD, "missing");
        Ping stub = context.getService(context.getServiceReference(Ping.class));
        assertNotNull(stub);
        assertEquals(2, stub.ping(1));
        assertEquals(List.of("i"), ran);
        assertTrue(dispatcher.events().stream().flatMap(event -> event.faults().stream())
                .anyMatch(fault -> fault.contains("missing")), () -> dispatcher.events().toString());
    }

    @Test
    void theKernelsEventsHaveTheirIntrinsicHandlers() {
        List<String> wanted = List.of("Syscall.syscall", "PageNotPresent.pageNotPresent", "ConsoleInput.input",
                "ProcessorTrap.trap", "AsyncTrap.deliver", "BadAddress.badAddress");
        List<EventState> events = dispatcher.events();
        for (String name : wanted) {
            EventState event = events.stream().filter(e -> e.name().endsWith("." + name)).findFirst()
                    .orElseThrow(() -> new AssertionError(name + " is not among " + events));
            assertEquals(1, event.bindings().stream().filter(b -> b.role().equals(Binding.INTRINSIC)).count(),
                    event::toString);
        }
        assertNull(context.getServiceReference("kernel.core.machine.NoSuchEvent"));
    }
}
