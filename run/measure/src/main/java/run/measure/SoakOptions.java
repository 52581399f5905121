package run.measure;

import java.util.List;

/**
 * The command line of {@code run/soak}.
 *
 * @param action what to do
 * @param name of the soak, or {@code null} if none is to run
 * @param minutes how long
 * @param seed of everything that is decided by chance
 */
record SoakOptions(Action action, String name, double minutes, long seed) {

    static final double MINUTES = 1;
    private static final double MOST_MINUTES = 60 * 24 * 366;

    enum Action {
        RUN, LIST, HELP
    }

    /** @param seed that is taken if none is said */
    static SoakOptions parse(List<String> words, long seed) throws UsageException {
        Action action = Action.RUN;
        String name = null;
        double minutes = MINUTES;
        long chosen = seed;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            switch (word) {
                case "--help", "-h" -> action = Action.HELP;
                case "--list" -> action = Action.LIST;
                case "--minutes" -> {
                    minutes = minutes(next);
                    i++;
                }
                case "--seed" -> {
                    chosen = seed(next);
                    i++;
                }
                default -> {
                    if (word.startsWith("-")) {
                        throw new UsageException("\"" + word + "\" is no option");
                    }
                    if (name != null && word.matches("[0-9.]+")) {
                        minutes = minutes(word);
                        continue;
                    }
                    if (name != null) {
                        throw new UsageException("one soak at a time, not \"" + name + "\" and \"" + word + "\"");
                    }
                    name = word;
                }
            }
        }
        if (action == Action.RUN && name == null) {
            throw new UsageException("say which soak: run/soak --list");
        }
        return new SoakOptions(action, name, minutes, chosen);
    }

    private static double minutes(String text) throws UsageException {
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && value <= MOST_MINUTES) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below, with the numbers out of range
        }
        throw new UsageException("minutes are a number above 0, such as 0.2 or 30, not \"" + text + "\"");
    }

    private static long seed(String text) throws UsageException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException("--seed wants a whole number, not \"" + text + "\"");
        }
    }

    /** As one would type it. */
    String minutesText() {
        return minutes == Math.rint(minutes) ? Long.toString((long) minutes) : Double.toString(minutes);
    }
}
