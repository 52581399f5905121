package bundles.unix.provider.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.provider.call.Call.Support;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallTableTest {

    private static final Path README = Path.of("README.md");

    @Test
    void namesAndKindsAreTold() {
        var names = new CallNames();
        assertEquals("write", names.name(4));
        assertEquals("fbd", names.arguments(4));
        assertEquals("openat", names.name(450));
        assertEquals("syscall_9999", names.name(9999));
        assertEquals("syscall_-1", names.name(-1));
        assertEquals("", names.arguments(9999));
        assertEquals("ENOENT", names.errorName(2));
        assertEquals("ENOSYS", names.errorName(78));
        assertEquals("4000", names.errorName(4000));
    }

    @Test
    void everyCallIsWellFormed() {
        for (Call call : CallTable.TABLE.all()) {
            assertTrue(call.arguments().matches("[dxsfbo]{0,6}"), call.name());
            assertEquals(call.support() == Support.NOT, call.body() == null, call.name());
            assertEquals(call.support() != Support.SUPPORTED, !call.missing().isEmpty(), call.name());
            if (call.arguments().contains("b")) {
                assertTrue(call.arguments().contains("bd"), call.name());
            }
        }
        assertNotNull(CallTable.TABLE.find(405));
    }

    /** On failure the text to put there is printed; with the system property spin.write it is put there. */
    @Test
    void theReadmeListsWhatTheTableSays() throws IOException {
        String readme = Files.readString(README);
        if (System.getProperty("spin.write") != null) {
            readme = readme.substring(0, readme.indexOf("## Supported\n")) + "## Supported\n\n"
                    + names(Support.SUPPORTED) + "\n## Partly supported\n\n" + partly() + "\n## Not supported\n\n"
                    + not();
            Files.writeString(README, readme);
        }
        for (String list : List.of("## Supported\n\n" + names(Support.SUPPORTED), "## Partly supported\n\n" + partly(),
                "## Not supported\n\n" + not())) {
            assertTrue(readme.contains(list), "README.md must have:\n" + list);
        }
    }

    private static String names(Support support) {
        return names(CallTable.TABLE.all().stream().filter(call -> call.support() == support));
    }

    /** By reasons. */
    private static String not() {
        var calls = CallTable.TABLE.all().stream().filter(call -> call.support() == Support.NOT)
                .collect(Collectors.groupingBy(Call::missing, TreeMap::new, Collectors.toList()));
        return calls.entrySet().stream().map(group -> group.getKey() + ":\n\n" + names(group.getValue().stream()))
                .collect(Collectors.joining("\n"));
    }

    private static String names(Stream<Call> calls) {
        var text = new StringBuilder();
        int column = 0;
        for (String name : calls.map(Call::name).sorted().toList()) {
            if (column + name.length() > 116) {
                text.append('\n');
                column = 0;
            } else if (column > 0) {
                text.append(' ');
                column++;
            }
            text.append(name);
            column += name.length();
        }
        return text.append('\n').toString();
    }

    private static String partly() {
        return CallTable.TABLE.all().stream().filter(call -> call.support() == Support.PARTLY)
                .map(call -> "- " + call.name() + ": " + call.missing() + "\n").sorted().collect(Collectors.joining());
    }
}
