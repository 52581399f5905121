package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultHandlerTest {

    private static final int PAGE = FakeMachine.PAGE;

    private final FakeMachine machine = new FakeMachine(2);
    private final VirtualMemory memory = new VirtualMemory(machine, machine);
    private final AddressSpace space = memory.create("test");
    private final List<String> raised = new ArrayList<>();
    private final AtomicBoolean kernel = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final FaultHandler handler = new FaultHandler(memory, (context, address, access, allocated) -> {
        raised.add(address + " " + access + " " + allocated);
        return true;
    });

    private UserContext context(TranslationContext translation) {
        return (UserContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{UserContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "translation" -> translation;
                    case "kernelAccess" -> kernel.get();
                    case "stop" -> {
                        stopped.set(true);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void faultsInRegionsAreResolved() {
        space.map(PAGE, PAGE, TranslationContext.READ, Pager.ZERO, "a");
        assertTrue(handler.pageNotPresent(context(space.translation()), PAGE + 5, Access.READ));
        assertEquals(TranslationContext.READ, space.translation().examine(PAGE));
        assertTrue(raised.isEmpty());
    }

    @Test
    void othersAreBadAddresses() {
        space.map(PAGE, PAGE, TranslationContext.READ, Pager.ZERO, "a");
        assertTrue(handler.protectionFault(context(space.translation()), PAGE, Access.WRITE));
        assertTrue(handler.pageNotPresent(context(space.translation()), 5 * PAGE, Access.EXECUTE));
        assertEquals(List.of(PAGE + " WRITE true", 5 * PAGE + " EXECUTE false"), raised);
    }

    @Test
    void accessesOfTheKernelRaiseNothing() {
        kernel.set(true);
        assertFalse(handler.pageNotPresent(context(space.translation()), 5 * PAGE, Access.READ));
        assertTrue(raised.isEmpty());
    }

    @Test
    void withoutBadAddressNothingIsResolved() {
        assertFalse(new FaultHandler(memory).pageNotPresent(context(space.translation()), 0, Access.READ));
        assertFalse(handler.pageNotPresent(context(machine.create()), 0, Access.READ));
        assertTrue(raised.isEmpty());
    }

    @Test
    void withoutFramesTheProgramIsStopped() {
        space.map(PAGE, 3 * PAGE, TranslationContext.READ, Pager.ZERO, "a");
        for (int page = 1; page <= 3; page++) {
            assertEquals(page < 3, handler.pageNotPresent(context(space.translation()), page * PAGE, Access.READ));
            assertEquals(page == 3, stopped.get());
        }
        assertTrue(raised.isEmpty());
    }
}
