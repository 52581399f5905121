package bundles.policies.tracer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import bundles.unix.api.SyscallTable;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kernel.core.machine.Console;
import kernel.core.machine.UserContext;
import org.junit.jupiter.api.Test;

class TracerTest {

    private static final long TEXT = 0x120000000L;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final SyscallTable table = new SyscallTable() {
        @Override
        public List<Integer> numbers() {
            return List.of();
        }

        @Override
        public String support(int number) {
            return "supported";
        }

        @Override
        public String name(int number) {
            return number == 4 ? "write" : number == 45 ? "open" : "syscall_" + number;
        }

        @Override
        public String arguments(int number) {
            return number == 4 ? "fbd" : number == 45 ? "sxo" : "";
        }

        @Override
        public String errorName(int error) {
            return error == 2 ? "ENOENT" : Integer.toString(error);
        }
    };

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, java.lang.reflect.InvocationHandler handler) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler);
    }

    private final Console console = fake(Console.class, (_, method, arguments) -> {
        assertEquals("send", method.getName());
        assertEquals(Console.ERROR, arguments[0]);
        printed.write((byte[]) arguments[1], (int) arguments[2], (int) arguments[3]);
        return null;
    });

    /** A context whose memory holds {@code text} at {@link #TEXT} and nothing after it. */
    private static UserContext context(String text, boolean failed, long result, long... arguments) {
        byte[] memory = text.getBytes(StandardCharsets.ISO_8859_1);
        return fake(UserContext.class, (_, method, given) -> switch (method.getName()) {
            case "argument" -> (int) given[0] < arguments.length ? arguments[(int) given[0]] : 0L;
            case "failed" -> failed;
            case "result" -> result;
            case "owner" -> null;
            case "copyIn" -> {
                long at = (long) given[0] - TEXT;
                int length = at < 0 ? 0 : (int) Math.min((int) given[3], Math.max(0, memory.length - at));
                if (length > 0) {
                    System.arraycopy(memory, (int) at, (byte[]) given[1], (int) given[2], length);
                }
                yield length;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private String trace(UserContext context, int number) {
        printed.reset();
        new Tracer(table, console).syscall(context, number);
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void argumentsAndResultsReadAsInStrace() {
        assertEquals("[0] write(1, \"a\\nb\\\"\\377\", 5) = 5\n",
                trace(context("a\nb\"\377and more", false, 5, 1, TEXT, 5), 4));
        assertEquals("[0] open(\"/etc/x\", 0x201, 0644) = -1 ENOENT\n",
                trace(context("/etc/x\0", true, 2, TEXT, 0x201, 0644), 45));
        assertEquals("[0] syscall_99() = 0x20000000000\n", trace(context("", false, 1L << 41), 99));
    }

    @Test
    void longStringsAreCut() {
        assertEquals("[0] write(2, \"" + "x".repeat(32) + "\"..., 100) = 100\n",
                trace(context("x".repeat(100), false, 100, 2, TEXT, 100), 4));
    }

    @Test
    void addressesThatCannotBeReadAreShownAsAddresses() {
        assertEquals("[0] write(1, 0x10, 4) = -1 14\n", trace(context("", true, 14, 1, 16, 4), 4));
        assertEquals("[0] open(0, 0, 00) = -1 14\n", trace(context("", true, 14, 0, 0, 0), 45));
        assertEquals("[0] write(1, \"\", 0) = 0\n", trace(context("", false, 0, 1, 0, 0), 4));
    }
}
