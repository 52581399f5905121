package bundles.unix.provider.process;

import bundles.unix.api.ExecException;
import bundles.unix.provider.abi.Errno;

/** A program cannot be loaded. */
final class LoadException extends Exception {

    private static final long serialVersionUID = 1;

    private final Errno errno;

    /**
     * @param errno what execve(2) answers
     * @param message what is wrong with which file, and what to do
     */
    LoadException(Errno errno, String message) {
        super(message);
        this.errno = errno;
    }

    Errno errno() {
        return errno;
    }

    /** For who asked the kernel to start a program; the status is what a UNIX shell would give. */
    ExecException toExec() {
        return new ExecException(getMessage(), errno == Errno.ENOENT || errno == Errno.ENOTDIR ? 127 : 126);
    }
}
