package run.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
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
        assertEquals(new Options("shell", List.of(), Map.of()), parse());
        assertEquals(new Options("commands", List.of("lb; ps"), Map.of("memory", "64")),
                parse("--mem", "64", "-c", "lb; ps"));
        assertEquals(new Options("exec", List.of("prog", "--mem", "-c"), Map.of()),
                parse("exec", "prog", "--mem", "-c"));
        assertEquals(new Options("exec", List.of("--odd"), Map.of("memory", "32")),
                parse("exec", "--mem", "32", "--", "--odd"));
        assertEquals(new Options("exec", List.of("prog", "--new"), Map.of("memory", "32")),
                parse("--new", "exec", "--mem", "32", "--new", "prog", "--new"));
        assertEquals(new Options("serve", List.of("/run/socket", "/run/log"), Map.of("memory", "64")),
                parse("--mem", "64", "serve", "/run/socket", "/run/log"));
    }

    @Test
    void theNetwork() throws Exception {
        assertEquals(Map.of("net", "gateway", "forward", "0:80", "web", "0"), parse("--web").machine());
        assertEquals(Map.of("net", "tap:t0:10.1.0.2/24", "forward", "8022:22,8080:80", "web", "8080"),
                parse("--net", "tap:t0:10.1.0.2/24", "--forward", "8022:22", "--web=8080", "-c", "lb").machine());
        refused("tap:NAME", "--net", "wifi");
        String six = "wire:unix:/w,address=10.9.0.1/24+fd00::1/64,gateway=10.9.0.2+fd00::2";
        assertEquals(Map.of("net", six), parse("--net", six).machine());
        assertEquals(Map.of("net", "wire:unix:/w,address=10.9.0.1/24,loss=1%;gateway"), parse("--net",
                "wire:unix:/w,address=10.9.0.1/24,loss=1%", "--net", "gateway", "--net", "gateway").machine());
        refused("such as loss=1%", "--net", "wire:[::1]:4000,loss=1");
        refused("no option \"colour=red\"", "--net", "gateway,colour=red");
        refused("HOSTPORT:PORT", "--forward", "80");
        refused("0 to 65535", "--web=70000");
    }

    @Test
    void whatTheMachineIs() throws Exception {
        assertEquals(new Options("exec", List.of("prog"), Map.of("cpu", "ev4", "unaligned", "fatal", "memory", "64")),
                parse("--cpu", "EV4", "exec", "--unaligned", "fatal", "--mem", "64", "prog"));
        assertEquals(new Options("shell", List.of(), Map.of("cpu", "ev56")), parse("--cpu", "ev56"));
        assertEquals(Map.of("memory", "64", "swap", "0"),
                parse("--swap", "0", "exec", "--mem", "64", "prog").machine());
        assertEquals(new Options("exec", List.of("prog", "--stats"), Map.of("policies", "tracer\nstats", "cpus", "4")),
                parse("exec", "--trace", "--stats", "--cpus", "4", "prog", "--stats"));
        assertEquals(Map.of("root", "/", "gdb", "0"), parse("exec", "--root", "/", "--gdb", "0", "prog").machine());
        refused("--cpus wants the number of processors, 1 to 256, not \"257\"", "--cpus", "257");
        refused("--root wants a folder", "exec", "--root", "/no/such/folder", "prog");
        assertEquals(Map.of("record", "/tmp/r", "policies", "record"),
                parse("exec", "--record", "/tmp/r", "prog").machine());
        refused("--replay wants a file, which --record has written", "exec", "--replay", "/no/such/file", "prog");
        refused("not both at once", "exec", "--record", "/tmp/r", "--replay", "/dev/null", "prog");
        refused("--gdb wants a port", "exec", "--gdb", "prog");
        refused("--swap wants the swap disk's size in MB, 0 to 1048576, not \"-1\"", "--swap", "-1");
        refused("--cpu wants ev4, ev56 or ev67, not \"ev5\"", "--cpu", "ev5");
        refused("--unaligned wants fix or fatal, not \"\"", "exec", "--unaligned");
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
