package run.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import run.launcher.Options.UsageException;

/** The words after {@code run/spin simulate}. */
final class SimulateOptions {

    private SimulateOptions() {}

    /** @throws UsageException they cannot be understood */
    static Options parse(List<String> words, Map<String, String> machine) throws UsageException {
        String first = "1";
        String last = "1";
        String trace = "";
        int i = 0;
        while (i < words.size() && words.get(i).startsWith("--")) {
            String option = words.get(i++);
            if (option.equals("--")) {
                break;
            }
            List<String> rest = words.subList(i, words.size());
            int taken = Options.options(List.copyOf(words.subList(i - 1, words.size())), machine);
            if (taken > 0) {
                i += taken - 1;
                continue;
            }
            String value = rest.isEmpty() ? "" : rest.getFirst();
            i++;
            switch (option) {
                case "--seed" -> {
                    first = seed(value);
                    last = first;
                }
                case "--seeds" -> {
                    int dash = value.indexOf('-', 1);
                    first = seed(dash < 0 ? "1" : value.substring(0, dash));
                    last = seed(value.substring(dash + 1));
                    if (Long.parseLong(last) < Long.parseLong(first)) {
                        throw new UsageException("--seeds " + value + ": the last seed is before the first");
                    }
                }
                case "--trace" -> trace = value;
                case "--with" -> machine.merge("with", value, (a, b) -> a + "\n" + b);
                default -> throw new UsageException("simulate has no option " + option);
            }
        }
        if (i >= words.size()) {
            throw new UsageException(
                    "simulate wants a program: run/spin simulate [--seed N | --seeds FIRST-LAST] PROG ARGS...");
        }
        machine.put("clock", "virtual");
        machine.put("event.background", "no");
        List<String> arguments = new ArrayList<>(List.of(first, last, trace));
        arguments.addAll(words.subList(i, words.size()));
        return new Options("simulate", arguments, machine);
    }

    private static String seed(String text) throws UsageException {
        try {
            return Long.toString(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new UsageException("a seed is a number, or two with - between them, not \"" + text + "\"");
        }
    }
}
