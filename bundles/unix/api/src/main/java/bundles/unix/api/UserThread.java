package bundles.unix.api;

/** A thread of a UNIX process: what owns a context of the processor. Thread-safe. */
public interface UserThread {

    /** Its id; that of the process for its first thread. */
    int id();

    /** Whose it is. */
    Process process();
}
