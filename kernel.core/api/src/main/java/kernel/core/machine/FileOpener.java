package kernel.core.machine;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * Opens files for whoever reads and writes a little at a time, as programs do by system calls: the machine may know a shorter way to
 * a file of its host than a channel of java.nio is. Thread-safe.
 */
@FunctionalInterface
public interface FileOpener {

    /** By java.nio alone, for machines that know nothing shorter and for tests. */
    FileOpener PLAIN = (path, options) -> Files.newByteChannel(path, options);

    /**
     * Opens a file, as {@link Files#newByteChannel(Path, Set, java.nio.file.attribute.FileAttribute...)} does.
     *
     * @param path of any file system
     * @param options how, as for that method
     * @return what may be a {@link java.nio.channels.FileChannel}, and then reads and writes at a position; it may lack mappings and locks. It
     *     must be closed, for nobody does so for one that is let go of, and not while somebody uses it
     * @throws IOException what that method throws
     */
    SeekableByteChannel open(Path path, Set<? extends OpenOption> options) throws IOException;
}
