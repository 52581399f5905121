package bundles.shell;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;

/** A Gogo session that keeps what is printed on its console and variables, and has nothing else. */
final class FakeSession {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Map<Object, Object> variables = new HashMap<>();
    private final PrintStream console = new PrintStream(printed, true);

    CommandSession session() {
        return (CommandSession) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{CommandSession.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "getConsole" -> console;
                    case "get" -> variables.get(arguments[0]);
                    case "put" -> variables.put(arguments[0], arguments[1]);
                    case "currentDir" -> null;
                    case "getKeyboard" -> java.io.InputStream.nullInputStream();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    String printed() {
        return printed.toString().replace(System.lineSeparator(), "\n");
    }
}
