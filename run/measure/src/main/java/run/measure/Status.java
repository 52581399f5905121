package run.measure;

/** What the drivers' exit statuses mean. */
final class Status {

    /** All is well, and every target that could be judged is met. */
    static final int WELL = 0;
    /** A measurement failed, or a soak found a failure. */
    static final int FAILED = 1;
    /** The command line is wrong, or something must be installed first. */
    static final int USAGE = 2;
    /** Everything was measured, and a target is missed. */
    static final int MISSED = 3;

    private Status() {}
}
