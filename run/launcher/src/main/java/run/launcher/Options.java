package run.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The command line of {@code run/spin}.
 *
 * @param mode {@code shell}, {@code commands}, {@code exec}, {@code simulate}, {@code serve} or {@code idle}
 * @param arguments the commands, or the program and its arguments, or the socket and the log
 * @param machine what the machine is to be, where the default is not wanted: {@code memory} and {@code swap} in MB, {@code cpu},
 *            {@code unaligned}, {@code net}, {@code atm}, {@code forward}, {@code web}
 */
record Options(String mode, List<String> arguments, Map<String, String> machine) {

    private static final Set<String> PROCESSORS = Set.of("ev4", "ev56", "ev67");
    /** What starts an extension with the machine. */
    private static final Map<String, String> POLICIES = Map.of("--trace", "tracer", "--stats", "stats");
    private static final int MOST_PROCESSORS = 256;
    private static final Set<String> RULES = Set.of("fix", "fatal");

    /** The command line cannot be understood; the message is for the user. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(List<String> words) throws UsageException {
        Map<String, String> machine = new TreeMap<>();
        int i = options(words, machine);
        if (i == words.size()) {
            return new Options("shell", List.of(), machine);
        }
        List<String> rest = words.subList(i + 1, words.size());
        switch (words.get(i)) {
            case "-c" -> {
                if (rest.size() != 1) {
                    throw new UsageException("-c takes one argument, the commands: run/spin -c 'lb; ps'");
                }
                return new Options("commands", rest, machine);
            }
            case "serve" -> { // said by the script, for "start"
                return new Options("serve", rest, machine);
            }
            case "exec" -> {
                return exec(rest, machine);
            }
            case "simulate" -> {
                return SimulateOptions.parse(rest, machine);
            }
            default -> throw new UsageException(
                    "\"" + words.get(i) + "\" is neither an option nor a command of run/spin");
        }
    }

    private static Options exec(List<String> words, Map<String, String> machine) throws UsageException {
        int i = options(words, machine);
        while (i < words.size() && POLICIES.containsKey(words.get(i))) {
            machine.merge("policies", POLICIES.get(words.get(i)), (a, b) -> a + "\n" + b);
            i += 1 + options(words.subList(i + 1, words.size()), machine);
        }
        if (i < words.size() && words.get(i).equals("--")) {
            i++;
        } else if (i < words.size() && words.get(i).startsWith("--")) {
            throw new UsageException("exec has no option " + words.get(i));
        }
        if (i == words.size()) {
            throw new UsageException("exec wants a program: run/spin exec PROG ARGS...");
        }
        return new Options("exec", words.subList(i, words.size()), machine);
    }

    /** Takes options about the machine. @return index of the first word that is none */
    static int options(List<String> words, Map<String, String> machine) throws UsageException {
        int i = 0;
        while (i < words.size()) {
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (words.get(i)) {
                case "--mem" -> machine.put("memory",
                        megabytes(value, 16, "--mem wants the machine's memory in MB, 16"));
                case "--swap" -> machine.put("swap",
                        megabytes(value, 0, "--swap wants the swap disk's size in MB, 0"));
                case "--cpu" -> machine.put("cpu", one("--cpu", PROCESSORS, "ev4, ev56 or ev67", value));
                case "--unaligned" -> machine.put("unaligned", one("--unaligned", RULES, "fix or fatal", value));
                case "--net" -> machine.merge("net", NetworkOptions.network(value), NetworkOptions::and);
                case "--atm" -> machine.merge("atm", NetworkOptions.atm(value), NetworkOptions::and);
                case "--forward" -> machine.merge("forward", forwards(value), (a, b) -> a + "," + b);
                case "--cpus" -> machine.put("cpus", processors(value));
                case "--root" -> machine.put("root", root(value));
                case "--record", "--replay" -> record(words.get(i).substring(2), value, machine);
                case "--gdb" -> machine.put("gdb", port(value));
                case "--new" -> i--; // the script has seen to it; it has no value
                default -> {
                    if (!web(words.get(i), machine)) {
                        return i;
                    }
                    i--;
                }
            }
            i += 2;
        }
        return i;
    }

    private static String one(String option, Set<String> known, String all, String text) throws UsageException {
        String value = text.toLowerCase(Locale.ROOT);
        if (!known.contains(value)) {
            throw new UsageException(option + " wants " + all + ", not \"" + text + "\"");
        }
        return value;
    }

    private static String processors(String text) throws UsageException {
        if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > MOST_PROCESSORS) {
            throw new UsageException(
                    "--cpus wants the number of processors, 1 to " + MOST_PROCESSORS + ", not \"" + text + "\"");
        }
        return text;
    }

    private static String root(String text) throws UsageException {
        Path folder = Path.of(text).toAbsolutePath();
        if (text.isEmpty() || !Files.isDirectory(folder)) {
            throw new UsageException("--root wants a folder, which programs see as /, not \"" + text + "\"");
        }
        return folder.toString();
    }

    private static void record(String what, String text, Map<String, String> machine) throws UsageException {
        Path file = Path.of(text).toAbsolutePath();
        if (text.isEmpty() || what.equals("replay") && !Files.isReadable(file)) {
            throw new UsageException("--" + what + " wants a file, "
                    + (what.equals("record") ? "which is written" : "which --record has written") + ", not \"" + text
                    + "\"");
        }
        machine.put(what, file.toString());
        machine.merge("policies", "record", (a, b) -> a + "\n" + b);
        if (machine.containsKey("record") && machine.containsKey("replay")) {
            throw new UsageException("a program is recorded or replayed, not both at once");
        }
    }

    private static String port(String text) throws UsageException {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65535) {
            throw new UsageException("--gdb wants a port, 0 (any that is free) to 65535, not \"" + text + "\"");
        }
        return text;
    }

    private static String forwards(String text) throws UsageException {
        if (!text.matches("[0-9]{1,5}:[0-9]{1,5}(,[0-9]{1,5}:[0-9]{1,5})*")) {
            throw new UsageException("--forward wants HOSTPORT:PORT, such as 8022:22, not \"" + text + "\"");
        }
        return text;
    }

    /** {@code --web} and {@code --web=PORT}: the machine's web server, at a port of the host (0: any that is free). */
    private static boolean web(String word, Map<String, String> machine) throws UsageException {
        if (!word.equals("--web") && !word.startsWith("--web=")) {
            return false;
        }
        String port = word.equals("--web") ? "0" : word.substring("--web=".length());
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new UsageException("--web= wants a port, 0 to 65535, not \"" + port + "\"");
        }
        machine.put("web", port);
        machine.putIfAbsent("net", "gateway");
        machine.merge("forward", port + ":80", (a, b) -> a + "," + b);
        return true;
    }

    private static String megabytes(String text, int least, String wanted) throws UsageException {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= 1 << 20) {
                return Integer.toString(value);
            }
        } catch (NumberFormatException e) {
            // answered below, with the numbers out of range
        }
        throw new UsageException(wanted + " to 1048576, not \"" + text + "\"");
    }
}
