package bundles.shell;

import java.util.List;
import java.util.Locale;

/** Names of the signals in Linux/Alpha's numbers (asm/signal.h), which are OSF/1's. */
final class Signals {

    private static final List<String> NAMES = List.of("0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "EMT", "FPE",
            "KILL", "BUS", "SEGV", "SYS", "PIPE", "ALRM", "TERM", "URG", "STOP", "TSTP", "CONT", "CHLD", "TTIN", "TTOU",
            "IO", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "PWR", "USR1", "USR2");

    private Signals() {}

    static String name(int signal) {
        return signal > 0 && signal < NAMES.size() ? "SIG" + NAMES.get(signal) : Integer.toString(signal);
    }

    /** The number of {@code TERM}, {@code SIGTERM} or {@code 15}; -1 if there is none. */
    static int number(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        int known = NAMES.indexOf(name.startsWith("SIG") ? name.substring(3) : name);
        if (known > 0) {
            return known;
        }
        try {
            int number = Integer.parseInt(text);
            return number > 0 && number <= 64 ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
