package bundles.shell;

import java.util.List;
import java.util.Locale;

/** Names of the signals in Linux/Alpha's numbers (asm/signal.h), which are OSF/1's. */
final class Signals {

    private static final List<String> NAMES = List.of("0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "EMT", "FPE",
            "KILL", "BUS", "SEGV", "SYS", "PIPE", "ALRM", "TERM", "URG", "STOP", "TSTP", "CONT", "CHLD", "TTIN", "TTOU",
            "IO", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "PWR", "USR1", "USR2");

    /**
     * The same signals in the numbers of Linux on most other machines, by Alpha's number (asm-generic/signal.h). EMT has
     * none there and keeps the place of STKFLT, as in other emulators.
     */
    private static final int[] HOST = {0, 1, 2, 3, 4, 5, 6, 16, 8, 9, 7, 11, 31, 13, 14, 15, 23, 19, 20, 18, 17, 21, 22,
            29, 24, 25, 26, 27, 28, 30, 10, 12};

    private Signals() {}

    /** The number that a signal of Linux/Alpha has on the host; real-time signals (32 and up) have the same. */
    static int hostNumber(int signal) {
        return signal > 0 && signal < HOST.length ? HOST[signal] : signal;
    }

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
