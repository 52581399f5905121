package run.launcher;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The command line of {@code run/spin}.
 *
 * @param mode {@code shell}, {@code commands}, {@code exec}, {@code serve} or {@code idle}
 * @param arguments the commands, or the program and its arguments, or the socket and the log
 * @param machine what the machine is to be, where the default is not wanted: {@code memory} in MB, {@code cpu},
 *            {@code unaligned}
 */
record Options(String mode, List<String> arguments, Map<String, String> machine) {

    private static final Set<String> PROCESSORS = Set.of("ev4", "ev56", "ev67");
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
            default -> throw new UsageException(
                    "\"" + words.get(i) + "\" is neither an option nor a command of run/spin");
        }
    }

    private static Options exec(List<String> words, Map<String, String> machine) throws UsageException {
        int i = options(words, machine);
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
    private static int options(List<String> words, Map<String, String> machine) throws UsageException {
        int i = 0;
        while (i < words.size()) {
            String value = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (words.get(i)) {
                case "--mem" -> machine.put("memory", Integer.toString(megabytes(value)));
                case "--cpu" -> machine.put("cpu", one("--cpu", PROCESSORS, "ev4, ev56 or ev67", value));
                case "--unaligned" -> machine.put("unaligned", one("--unaligned", RULES, "fix or fatal", value));
                case "--new" -> i--; // the script has seen to it; it has no value
                default -> {
                    return i;
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

    private static int megabytes(String text) throws UsageException {
        try {
            int value = Integer.parseInt(text);
            if (value >= 16 && value <= 1 << 20) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below, with the numbers out of range
        }
        throw new UsageException("--mem wants the machine's memory in MB, 16 to 1048576, not \"" + text + "\"");
    }
}
