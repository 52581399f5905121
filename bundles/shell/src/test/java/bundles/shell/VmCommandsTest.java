package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.Processes;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.EventState;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryStatistics;
import org.junit.jupiter.api.Test;

class VmCommandsTest {

    private static final EventState REPLACEMENT = new EventState("kernel.core.memory.PageReplacement.choose",
            List.of(binding("broken", "handler", "cancel", "quarantined"), binding("watcher", "handler", "", ""),
                    binding("fifo", "handler", "cancel", ""), binding("second chance", "intrinsic", "", "")),
            List.of(), List.of(), null);

    private final FakeSession session = new FakeSession();
    private final AddressSpace space = fake(AddressSpace.class, Map.of("name", "prog", "resident", 3, "shared", 1,
            "swapped", 2, "faults", 9L, "regions",
            List.of(new AddressSpace.Region(8192, 24576, 3, "[heap]", false, false))));
    private final MemoryStatistics did = new MemoryStatistics(10, 4, 3, 2, 1, 0, 0, 5, 6, 7, 0, 9, 8, 1,
            List.of(new MemoryStatistics.Store("disk", 256, 64, 6, 2, 0, "")));
    private final VmCommands commands = new VmCommands(
            fake(PhysAddr.class, Map.of("total", 1024, "free", 100, "pageSize", 8192, "low", 4, "high", 8, "reclaimed",
                    new PhysAddr.Reclaimed(2, 11, 1, 0, 0, 1_500_000))),
            fake(AddressSpaces.class, Map.of("spaces", List.of(space), "statistics", did)),
            fake(Processes.class, Map.of("processes", List.of())),
            fake(Dispatcher.class, Map.of("events", List.of(REPLACEMENT))));

    private static BindingState binding(String name, String role, String modes, String trouble) {
        return new BindingState(name, role, "", "", modes, "b", 1, 0, trouble, null);
    }

    /** Answers what is given for a method's name, else null. */
    private static <T> T fake(Class<T> type, Map<String, ?> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (_, method, _) -> answers.get(method.getName())));
    }

    @Test
    void memoryIsAccountedFor() {
        commands.vm(session.session());
        assertEquals(
                """
                        frames       1024 of 8 KB, 100 free; replacement begins below 4 and ends at 8
                        replacement  fifo: 11 frames taken in 2 rounds, 1 refused, 0 offered, 0 bad choices; longest round 1.5 ms
                        faults       10 filled (4 with zeros), 3 copied, 2 loaded, 1 mapped, 0 bad, 0 without memory
                        away         6 stored, 5 dropped, 7 taken back, 0 lost
                        ahead        9 fetched ahead, 8 of them used, 1 given back unused
                        STORE  MB  USED MB  STORED  LOADED  FAILED
                        disk    2      0.5       6       2       0
                        PID  RESIDENT KB  SHARED KB  SWAPPED KB  REGIONS  FAULTS  SPACE
                          -           24          8          16        1       9  prog
                        """,
                session.printed());
    }

    @Test
    void aProcessThatIsNotThereHasNoMemory() {
        String message = assertThrows(Failure.class, () -> commands.vm(session.session(), 7)).getMessage();
        assertTrue(message.contains("no process 7"), message);
    }
}
