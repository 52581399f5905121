package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.EventState;
import org.junit.jupiter.api.Test;

class EventCommandsTest {

    private final Dispatcher dispatcher = () -> List.of(
            new EventState("kernel.core.machine.Syscall.syscall",
                    List.of(new BindingState("Server", "intrinsic", "", "", "unix", 13),
                            new BindingState("tracer", "handler", "last", "own", "policy", 20)),
                    List.of("x wants order \"after:nobody\"")),
            new EventState("kernel.core.memory.BadAddress.badAddress", List.of(), List.of()));
    private final FakeSession session = new FakeSession();
    private final EventCommands commands = new EventCommands(dispatcher);

    @Test
    void allEventsAreListedWithWhatIsBound() {
        commands.events(session.session());
        assertEquals("""
                EVENT                  BOUND
                Syscall.syscall        Server, tracer
                BadAddress.badAddress  nothing: a raise waits
                Syscall.syscall: x wants order "after:nobody"
                """, session.printed());
    }

    @Test
    void oneEventIsShownInDetail() throws Exception {
        commands.events(session.session(), "syscall");
        assertEquals("""
                kernel.core.machine.Syscall.syscall
                  NAME    ROLE       ORDER  GUARD  BUNDLE
                  Server  intrinsic                    13  unix
                  tracer  handler    last   own        20  policy
                  fault: x wants order "after:nobody"
                """, session.printed());
        assertTrue(assertThrows(Failure.class, () -> commands.events(session.session(), "Sys")).getMessage()
                .contains("no event \"Sys\""));
    }
}
