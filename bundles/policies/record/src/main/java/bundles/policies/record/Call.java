package bundles.policies.record;

import java.util.List;

/**
 * A system call as it was answered.
 *
 * @param order its place among all calls of the record, from 0
 * @param process id of the process that made it, in the run that was recorded
 * @param thread id of the thread
 * @param number the call's number
 * @param failed whether it failed
 * @param result what it answered, or the error's number
 * @param stream which of the standard streams it wrote to, 0 to 2, or {@link #NO_STREAM}
 * @param writes what it wrote to the program's memory, in order
 */
record Call(int order, int process, int thread, int number, boolean failed, long result, int stream,
        List<Write> writes) {

    static final int NO_STREAM = -1;
    /** A write whose place is told by no argument. */
    static final int ABSOLUTE = -1;

    /**
     * Bytes that a call wrote to memory.
     *
     * @param argument the argument of the call that points to where they are or a little before, or {@link #ABSOLUTE}
     * @param offset how far after that; with {@link #ABSOLUTE} the address
     */
    record Write(int argument, long offset, byte[] bytes) {}
}
