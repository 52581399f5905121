package hw.alpha.cpu;

import java.util.Locale;

/**
 * What becomes of accesses to addresses that are no multiple of their size, which the Alpha leaves to software (AARM 4.2,
 * "data alignment"). One rule for the machine, chosen before it runs anything.
 */
public enum Unaligned {
    /** They are done in pieces, as Linux's trap handler does, and counted. */
    FIX,
    /** They trap. */
    FATAL;

    private static volatile Unaligned current = FIX;

    /** That of this machine. */
    public static Unaligned current() {
        return current;
    }

    /** Sets that of this machine. */
    public static void choose(Unaligned rule) {
        current = rule;
    }

    /**
     * The one with a name.
     *
     * @throws IllegalArgumentException there is none
     */
    public static Unaligned named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fix" -> FIX;
            case "fatal" -> FATAL;
            default ->
                throw new IllegalArgumentException("unaligned accesses: \"" + name + "\" is neither fix nor fatal");
        };
    }
}
