package kernel.core.machine;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells the status of files as stat(2) does, in one call of the machine's host, where the machine knows a shorter way than
 * the attributes of java.nio are: those come one by one, by name, and a file that is not there costs a trace of the stack. Thread-safe.
 */
@FunctionalInterface
public interface FileStatuses {

    /** For machines that know no shorter way, and for tests. */
    FileStatuses NONE = (path, follow) -> null;

    /**
     * What stat(2) tells about a file.
     *
     * @param device number of the device that holds it, as the host puts its major and minor number together
     * @param inode its number there
     * @param mode type and permissions
     * @param links hard links
     * @param user owner
     * @param group group
     * @param special device number, for a device
     * @param size bytes
     * @param accessed nanoseconds since 1970
     * @param modified nanoseconds since 1970
     * @param changed nanoseconds since 1970
     */
    record Status(long device, long inode, int mode, int links, int user, int group, long special, long size,
            long accessed, long modified, long changed) {}

    /** An open file that tells its own status, whether it still has a name or not (fstat(2)). */
    interface Open {

        /**
         * Its status now.
         *
         * @throws IOException the host failed, or the file is closed
         */
        Status status() throws IOException;
    }

    /**
     * The status of a file.
     *
     * @param path of any file system
     * @param follow whether the last part of the path is followed if it is a symbolic link
     * @return null if there is no shorter way to this file; {@link java.nio.file.Files#readAttributes} may have one
     * @throws java.nio.file.NoSuchFileException it does not exist
     * @throws java.nio.file.NotDirectoryException something above it is no directory
     * @throws IOException the host refused otherwise
     */
    Status of(Path path, boolean follow) throws IOException;
}
