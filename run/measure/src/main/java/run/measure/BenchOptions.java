package run.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * The command line of {@code run/bench}.
 *
 * @param action what to do
 * @param names of the benchmarks to run; empty for all
 * @param rounds how many figures each contender gets
 * @param quick short and rough
 * @param docs also write the page for {@code docs/figures}
 */
record BenchOptions(Action action, List<String> names, int rounds, boolean quick, boolean docs) {

    static final int ROUNDS = 5;
    static final int QUICK_ROUNDS = 2;
    private static final int MOST_ROUNDS = 1000;

    enum Action {
        RUN, LIST, HELP
    }

    static BenchOptions parse(List<String> words) throws UsageException {
        Action action = Action.RUN;
        List<String> names = new ArrayList<>();
        int rounds = 0;
        boolean quick = false;
        boolean docs = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "--help", "-h" -> action = Action.HELP;
                case "--list" -> action = Action.LIST;
                case "--quick" -> quick = true;
                case "--docs" -> docs = true;
                case "--rounds" -> rounds = rounds(++i < words.size() ? words.get(i) : "");
                default -> {
                    if (word.startsWith("-")) {
                        throw new UsageException("\"" + word + "\" is no option");
                    }
                    names.add(word);
                }
            }
        }
        return new BenchOptions(action, List.copyOf(names), rounds > 0 ? rounds : quick ? QUICK_ROUNDS : ROUNDS, quick,
                docs);
    }

    private static int rounds(String text) throws UsageException {
        try {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= MOST_ROUNDS) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below, with the numbers out of range
        }
        throw new UsageException("--rounds wants a number from 1 to " + MOST_ROUNDS + ", not \"" + text + "\"");
    }
}
