package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.Count;
import kernel.core.dispatch.Dispatcher.EventState;
import org.junit.jupiter.api.Test;

class EventCommandsTest {

    private final List<EventState> states = List.of(
            new EventState("kernel.core.machine.Syscall.syscall",
                    List.of(new BindingState("Server", "intrinsic", "", "", "", "unix", 13, 0, "",
                            new Count(500, 2_000_000, 1_500_000, 1_000_000_000)),
                            new BindingState("tracer", "handler", "last", "own", "cancel", "policy", 20, 7,
                                    "quarantined since noon", null)),
                    List.of("number"), List.of("x wants order \"after:nobody\""),
                    new Count(500, 3_000_000, 2_000_000, 1_000_000_000)),
            new EventState("kernel.core.memory.BadAddress.badAddress", List.of(), List.of(), List.of(), null));
    private final FakeSession session = new FakeSession();
    private final List<String> asked = new ArrayList<>();
    private final EventCommands commands = new EventCommands(dispatcher());

    private Dispatcher dispatcher() {
        return (Dispatcher) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Dispatcher.class},
                (proxy, method, arguments) -> {
                    asked.add(method.getName() + (arguments == null ? "" : List.of(arguments)));
                    return method.getName().equals("rearm") ? arguments[0].equals("Syscall") ? 2 : 0 : states;
                });
    }

    @Test
    void allEventsAreListedWithWhatIsBound() throws Exception {
        commands.events(session.session(), 0);
        assertEquals("""
                EVENT                  BOUND
                Syscall.syscall        Server, (tracer)
                BadAddress.badAddress  nothing
                Syscall.syscall: x wants order "after:nobody"
                Syscall.syscall: tracer: quarantined since noon
                """, session.printed());
        assertEquals(List.of("events"), asked);
    }

    @Test
    void ratesAreMeasured() throws Exception {
        commands.events(session.session(), 50);
        assertTrue(session.printed().startsWith("""
                EVENT                  RAISES/S     MEAN  LONGEST  BOUND
                Syscall.syscall             500  6000 ns  2000 us  Server, (tracer)
                BadAddress.badAddress                              nothing
                """), session.printed());
        assertEquals(List.of("measure[PT0.05S]"), asked);
        assertThrows(Failure.class, () -> commands.events(session.session(), 60_001));
    }

    @Test
    void oneEventIsShownInDetail() throws Exception {
        commands.events(session.session(), 0, "syscall");
        assertEquals("""
                kernel.core.machine.Syscall.syscall  keys: number  500 raises/s, mean 6000 ns
                  NAME      ROLE       ORDER  GUARD  MODE    CALLS/S     MEAN  LONGEST  FAILED  BUNDLE
                  Server    intrinsic                            500  4000 ns  1500 us       0      13  unix
                  (tracer)  handler    last   own    cancel                                  7      20  policy
                  tracer: quarantined since noon
                  fault: x wants order "after:nobody"
                """, session.printed());
        assertTrue(assertThrows(Failure.class, () -> commands.events(session.session(), 0, "Sys")).getMessage()
                .contains("no event \"Sys\""));
    }

    @Test
    void quarantinedHandlersAreRearmed() throws Exception {
        commands.rearm(session.session(), "Syscall");
        assertEquals("2 handlers run again\n", session.printed());
        assertEquals(List.of("rearm[Syscall, ]"), asked);
        assertThrows(Failure.class, () -> commands.rearm(session.session(), "Nothing", "x"));
    }
}
