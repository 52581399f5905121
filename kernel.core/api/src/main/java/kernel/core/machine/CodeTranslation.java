package kernel.core.machine;

/** What the machine spends on translating user code to code of its own, and what comes of it. Thread-safe. */
public interface CodeTranslation {

    /** What was done since the machine was switched on. */
    Statistics statistics();

    /**
     * What was done.
     *
     * @param regions pieces of code translated
     * @param bytes memory taken by what they were translated to, as far as the machine knows it
     * @param time nanoseconds spent on translating, in the background
     * @param compileTime nanoseconds that the host's own compiler has spent, on everything it compiled; -1 if unknown
     * @param entered times that translated code was entered from interpreted code; counted by 64 for each context
     * @param failures pieces of code that could not be translated and are interpreted
     */
    record Statistics(long regions, long bytes, long time, long compileTime, long entered, long failures) {}
}
