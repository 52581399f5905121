package bundles.unix.provider.process;

import java.nio.file.Path;

/** Working directory and umask, which threads have together (clone(2), CLONE_FS). Thread-safe: the fields are volatile. */
final class Surroundings {

    volatile Path directory;
    volatile int umask;

    Surroundings(Path directory, int umask) {
        this.directory = directory;
        this.umask = umask;
    }

    Surroundings copy() {
        return new Surroundings(directory, umask);
    }
}
