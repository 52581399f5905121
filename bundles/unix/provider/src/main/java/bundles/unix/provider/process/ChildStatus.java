package bundles.unix.provider.process;

/**
 * What a wait for children found.
 *
 * @param process id of the child, 0: none has anything to tell now
 * @param code CLD_: what became of it
 * @param word the status as wait(2) gives it
 * @param user its user's id
 * @param processorTime nanoseconds that it and its children have used
 */
public record ChildStatus(int process, int code, int word, int user, long processorTime) {

    /** Nothing to tell. */
    static final ChildStatus NONE = new ChildStatus(0, 0, 0, 0, 0);

    /** {@code si_status}: the exit code or the signal. */
    public int status() {
        return code == bundles.unix.provider.signal.Signal.CLD_EXITED
                ? word >> 8 & 0xFF
                : code == bundles.unix.provider.signal.Signal.CLD_STOPPED
                        ? word >> 8 & 0xFF
                        : code == bundles.unix.provider.signal.Signal.CLD_CONTINUED
                                ? bundles.unix.provider.signal.Signal.SIGCONT
                                : word & 0x7F;
    }
}
