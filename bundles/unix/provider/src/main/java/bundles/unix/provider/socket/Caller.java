package bundles.unix.provider.socket;

import bundles.unix.provider.abi.ErrnoException;
import java.nio.file.Path;

/** Who uses a socket: what a socket wants to know of the thread whose system call it serves. */
public interface Caller {

    /** Who it is. */
    Credentials credentials();

    /** The path that a name stands for, from its working directory. */
    Path path(String name) throws ErrnoException;

    /** Permissions that new files do not get. */
    int umask();
}
