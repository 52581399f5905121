package bundles.unix.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;
import org.junit.jupiter.api.Test;

class ProcessesTest {

    private static UserContext owned(Object owner) {
        return (UserContext) Proxy.newProxyInstance(UserContext.class.getClassLoader(),
                new Class<?>[]{UserContext.class},
                (_, _, _) -> owner);
    }

    @Test
    void aContextLeadsToItsProcessOrToNone() {
        Process process = (Process) Proxy.newProxyInstance(Process.class.getClassLoader(),
                new Class<?>[]{Process.class},
                (_, _, _) -> null);
        UserThread thread = new UserThread() {
            @Override
            public int id() {
                return 1;
            }

            @Override
            public Process process() {
                return process;
            }
        };
        assertSame(process, Process.of(owned(thread)));
        assertNull(Process.of(owned("somebody else's")));
        assertNull(Process.of(owned(null)));
    }

    @Test
    void aLaunchDoesNotChange() {
        List<String> words = new ArrayList<>(List.of("prog"));
        Launch launch = new Launch("prog", words, words, "/", new Streams.OnConsole());
        words.clear();
        assertEquals(List.of("prog"), launch.arguments());
        assertEquals(List.of("prog"), launch.environment());
    }

    @Test
    void anExecExceptionCarriesTheShellsStatus() {
        assertEquals(127, new ExecException("prog: no such file", 127).status());
    }
}
