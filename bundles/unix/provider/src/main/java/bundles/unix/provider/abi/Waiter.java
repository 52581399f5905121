package bundles.unix.provider.abi;

import java.io.IOException;

/** Lets a process wait so that signals end the wait. Used by the process's own strand only. */
@FunctionalInterface
public interface Waiter {

    /**
     * Waits.
     *
     * @param wait what waits; ended by interrupting the strand
     * @return what the wait answered
     * @throws InterruptedCall a signal that is not blocked came, before or during the wait
     * @throws IOException of the wait
     * @throws ErrnoException of the wait
     */
    <T> T await(Wait<T> wait) throws IOException, ErrnoException;

    /**
     * Something that waits.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    interface Wait<T> {
        /**
         * Waits.
         *
         * @throws InterruptedException the strand was interrupted; nothing was taken
         * @throws IOException a failure; {@link java.io.InterruptedIOException}: as InterruptedException
         * @throws ErrnoException the system call's answer
         */
        T run() throws InterruptedException, IOException, ErrnoException;
    }
}
