package run.measure.soak.dispatch;

/** What the handlers of one raise leave behind. Belongs to one raiser. */
public final class Token {

    private int marks;
    private long generation;
    private boolean torn;

    void begin() {
        marks = 0;
        generation = 0;
        torn = false;
    }

    /** A handler of that generation ran. */
    void mark(long of) {
        torn |= marks > 0 && generation != of;
        generation = of;
        marks++;
    }

    long generation() {
        return generation;
    }

    /**
     * What is wrong with the raise, if so many handlers of one generation, not older than that, had to run.
     *
     * @return null if it is right
     */
    String wrong(int expected, long oldest) {
        if (marks < expected) {
            return "lost: " + marks + " of " + expected + " handlers ran";
        }
        if (marks > expected) {
            return "doubled: " + marks + " instead of " + expected + " handlers ran";
        }
        if (torn) {
            return "torn: handlers of different generations ran, the last one of " + generation;
        }
        return generation < oldest ? "back in time: generation " + generation + " after " + oldest : null;
    }
}
