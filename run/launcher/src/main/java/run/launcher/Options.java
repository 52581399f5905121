package run.launcher;

import java.util.List;

/**
 * The command line of {@code run/spin}.
 *
 * @param mode {@code shell}, {@code commands}, {@code exec}, {@code serve} or {@code idle}
 * @param arguments the commands, or the program and its arguments, or the socket
 * @param memory of the machine in MB, or 0 for the default
 */
record Options(String mode, List<String> arguments, int memory) {

    /** The command line cannot be understood; the message is for the user. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    static Options parse(List<String> words) throws UsageException {
        int memory = 0;
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i);
            List<String> rest = words.subList(i + 1, words.size());
            switch (word) {
                case "--mem" -> {
                    memory = megabytes(rest.isEmpty() ? "" : rest.getFirst());
                    i += 2;
                }
                case "-c" -> {
                    if (rest.size() != 1) {
                        throw new UsageException("-c takes one argument, the commands: run/spin -c 'lb; ps'");
                    }
                    return new Options("commands", rest, memory);
                }
                case "serve" -> { // said by the script, for "start"
                    return new Options("serve", rest, memory);
                }
                case "--new" -> i++; // the script has seen to it
                case "exec" -> {
                    return exec(rest, memory);
                }
                default -> throw new UsageException("\"" + word + "\" is neither an option nor a command of run/spin");
            }
        }
        return new Options("shell", List.of(), memory);
    }

    private static Options exec(List<String> words, int memory) throws UsageException {
        List<String> rest = words;
        int size = memory;
        while (!rest.isEmpty() && rest.getFirst().startsWith("--")) {
            if (rest.getFirst().equals("--")) {
                rest = rest.subList(1, rest.size());
                break;
            }
            if (rest.getFirst().equals("--new")) {
                rest = rest.subList(1, rest.size());
                continue;
            }
            if (!rest.getFirst().equals("--mem")) {
                throw new UsageException("exec has no option " + rest.getFirst());
            }
            size = megabytes(rest.size() < 2 ? "" : rest.get(1));
            rest = rest.subList(2, rest.size());
        }
        if (rest.isEmpty()) {
            throw new UsageException("exec wants a program: run/spin exec PROG ARGS...");
        }
        return new Options("exec", rest, size);
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
