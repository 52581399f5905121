package bundles.policies.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.Process;
import bundles.unix.api.SyscallTable;
import bundles.unix.api.UserThread;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules mean; that programs are refused calls is PoliciesIT's. */
class CallFilterTest {

    private static final int WRITE = 4, UNLINK = 10, OPEN = 45;

    private final List<Object> done = new ArrayList<>();

    private final SyscallTable table = fake(SyscallTable.class, (_, method, given) -> switch (method.getName()) {
        case "numbers" -> List.of(WRITE, UNLINK, OPEN);
        case "name" -> (int) given[0] == WRITE ? "write" : (int) given[0] == UNLINK ? "unlink" : "open";
        default -> (int) given[0] == 13 ? "EACCES" : String.valueOf(given[0]);
    });

    private final Process process = fake(Process.class, (_, method, given) -> switch (method.getName()) {
        case "id" -> 12;
        case "user" -> 1000;
        case "command" -> "/usr/bin/cat x";
        default -> done.add("signal " + given[0]);
    });

    private final UserThread thread = fake(UserThread.class, (_, _, _) -> process);

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler);
    }

    private UserContext context(long... arguments) {
        return fake(UserContext.class, (_, method, given) -> switch (method.getName()) {
            case "argument" -> arguments[(int) given[0]];
            case "owner" -> thread;
            default -> {
                done.add(given[0]);
                yield null;
            }
        });
    }

    /** What becomes of a call: an error number, what else is done to it, or nothing. */
    private String verdict(String rules, int number, long... arguments) throws IOException {
        CallFilter filter = new CallFilter(table, List.of(rules.split(";")));
        done.clear();
        if (!filter.refused(context(arguments), number)) {
            return "allowed";
        }
        filter.syscall(context(arguments), number);
        return done.toString();
    }

    @Test
    void theFirstRuleThatMeetsTheCallDecides() throws IOException {
        assertEquals("[1]", verdict("deny unlink,open", UNLINK));
        assertEquals("allowed", verdict("deny unlink,open", WRITE));
        assertEquals("[13]", verdict("allow write; errno EACCES *", OPEN));
        assertEquals("allowed", verdict("allow write; errno EACCES *", WRITE));
        assertEquals("[13]", verdict("errno EACCES *; allow write # too late", WRITE));
        assertEquals("[signal 9, 1]", verdict("kill write", WRITE));
    }

    @Test
    void rulesAreOfSomeProcesses() throws IOException {
        assertEquals("[1]", verdict("deny program=cat *", WRITE));
        assertEquals("allowed", verdict("deny program=ca *", WRITE));
        assertEquals("[1]", verdict("deny pid=12 user=1000 *", WRITE));
        assertEquals("allowed", verdict("deny pid=12 user=1001 *", WRITE));
    }

    @Test
    void rulesAreOfSomeArguments() throws IOException {
        String rule = "deny open if a1 & 3 != 0";
        assertEquals("allowed", verdict(rule, OPEN, 0, 0x200));
        assertEquals("[1]", verdict(rule, OPEN, 0, 0x201));
        String range = "deny write if a0 > 1 and a0 < 0x10";
        assertEquals("allowed", verdict(range, WRITE, 1));
        assertEquals("[1]", verdict(range, WRITE, 15));
        assertEquals("allowed", verdict(range, WRITE, -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"refuse write | allow, deny", "deny | system calls",
            "deny wriet | no system call is called wriet", "errno EWHAT * | no error is called EWHAT",
            "deny pid=x * | pid=N", "deny write if a7 == 1 | a0 to a5", "deny write if a1 = 1 | compare by",
            "deny write if a1 == one | numbers are", "deny write a1 == 1 | if"})
    void mistakesAreTold(String rule, String expected) {
        String message = assertThrows(IOException.class, () -> new CallFilter(table, List.of("", rule))).getMessage();
        assertTrue(message.startsWith("rule 2") && message.contains(expected), message);
        assertFalse(message.contains("null"));
    }
}
