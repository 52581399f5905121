package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.EventState;
import kernel.core.dispatch.Event;
import kernel.core.machine.Syscall;
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

    /** Another event of the test's own. */
    @Event
    public interface Pong {
        int pong(int value);
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
    void whatIsBoundWithoutTheRegistryIsTheSame() {
        Ping stub = dispatcher.stub(Ping.class);
        Bound own = dispatcher.bind(Binding.intrinsic(Ping.class, noting("i")));
        Bound last = dispatcher.bind(Binding.handler(Ping.class, noting("l")).order(Binding.LAST));
        assertSame(stub, context.getService(context.getServiceReference(Ping.class)));
        assertEquals(2, stub.ping(1));
        last.close();
        last.close();
        stub.ping(1);
        assertEquals(List.of("i", "l", "i"), ran);
        own.close();
    }

    @Test
    void aSetOfBindingsOfSeveralEventsIsSwappedOrNoneOfIt() {
        Ping ping = dispatcher.stub(Ping.class);
        Pong pong = dispatcher.stub(Pong.class);
        List<Bound> old = dispatcher.swap(List.of(), List.of(Binding.intrinsic(Ping.class, value -> 1),
                Binding.intrinsic(Pong.class, value -> 1)));
        assertEquals(2, ping.ping(0) + pong.pong(0));
        BindingException refused = assertThrows(BindingException.class,
                () -> dispatcher.swap(old, List.of(Binding.intrinsic(Ping.class, value -> 2),
                        Binding.handler(Pong.class, value -> 2).guard("missing"))));
        assertTrue(refused.getMessage().contains("missing"), refused::getMessage);
        assertEquals(2, ping.ping(0) + pong.pong(0));
        List<Bound> next = dispatcher.swap(old,
                List.of(Binding.intrinsic(Ping.class, value -> 10), Binding.intrinsic(Pong.class, value -> 20)));
        assertEquals(30, ping.ping(0) + pong.pong(0));
        assertThrows(BindingException.class, () -> dispatcher.swap(old, List.of()));
        next.forEach(Bound::close);
    }

    @Test
    void theOwnerImposesGuardsOnOthersBindingsAndTakesThemAway() {
        bind(noting("i"), Binding.ROLE, Binding.INTRINSIC);
        bind(noting("h"), Binding.ROLE, Binding.HANDLER, Binding.NAME, "h");
        Ping stub = dispatcher.stub(Ping.class);
        Bound imposed = dispatcher.impose(Ping.class, "h", (IntPredicate) value -> value > 0);
        stub.ping(1);
        stub.ping(-1);
        bind(noting("h2"), Binding.ROLE, Binding.HANDLER, Binding.NAME, "h");
        stub.ping(-1);
        imposed.close();
        stub.ping(-1);
        assertEquals(List.of("h", "i", "i", "i", "h", "h2", "i"), ran);
        assertThrows(BindingException.class, () -> dispatcher.impose(Ping.class, "h", "no guard"));
        assertThrows(BindingException.class, () -> dispatcher.impose(Syscall.class, "x", (IntPredicate) value -> true));
    }

    @Test
    void filtersAndDefaultsAreBindingsToo() throws Exception {
        bind(noting("d"), Binding.ROLE, Binding.DEFAULT);
        bind(new Doubling(), Binding.ROLE, Binding.FILTER, Binding.FILTERS, "0=twice");
        Ping stub = dispatcher.stub(Ping.class);
        assertEquals(21, stub.ping(10));
        bind(value -> value, Binding.ROLE, Binding.INTRINSIC);
        assertEquals(20, stub.ping(10));
        assertEquals(1, context.getServiceReferences(Ping.class, null).size());
    }

    /** A filter. */
    public static final class Doubling implements Ping {
        @Override
        public int ping(int value) {
            throw new AssertionError("a filter's own method is not called");
        }

        /** What it changes. */
        public int twice(int value) {
            return 2 * value;
        }
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
