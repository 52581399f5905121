package run.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import run.launcher.Options.UsageException;

class OptionsTest {

    private static Options parse(String... words) throws UsageException {
        return Options.parse(List.of(words));
    }

    private static void refused(String expected, String... words) {
        String message = assertThrows(UsageException.class, () -> parse(words)).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void theModes() throws Exception {
        assertEquals(new Options("shell", List.of(), 0), parse());
        assertEquals(new Options("commands", List.of("lb; ps"), 64), parse("--mem", "64", "-c", "lb; ps"));
        assertEquals(new Options("exec", List.of("prog", "--mem", "-c"), 0), parse("exec", "prog", "--mem", "-c"));
        assertEquals(new Options("exec", List.of("--odd"), 32), parse("exec", "--mem", "32", "--", "--odd"));
        assertEquals(new Options("exec", List.of("prog", "--new"), 32),
                parse("--new", "exec", "--mem", "32", "--new", "prog", "--new"));
        assertEquals(new Options("serve", List.of("/run/socket", "/run/log"), 64),
                parse("--mem", "64", "serve", "/run/socket", "/run/log"));
    }

    @Test
    void mistakesAreExplained() {
        refused("\"frob\" is neither", "frob");
        refused("-c takes one argument", "-c");
        refused("-c takes one argument", "-c", "lb", "ps");
        refused("exec wants a program", "exec");
        refused("exec wants a program", "exec", "--");
        refused("exec has no option --fast", "exec", "--fast", "prog");
        refused("not \"much\"", "--mem", "much");
        refused("not \"15\"", "--mem", "15");
        refused("not \"\"", "--mem");
        refused("not \"9999999999\"", "exec", "--mem", "9999999999", "prog");
    }
}
