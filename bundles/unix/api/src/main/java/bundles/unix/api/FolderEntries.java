package bundles.unix.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/**
 * Event: a program reads a folder. The intrinsic handler lists what the file system has; a handler bound first that cancels lists
 * something else, each name of which {@link PathLookup} must find. In the strand of the program.
 */
@Event(binders = Binders.ANYONE)
public interface FolderEntries {

    /**
     * The names in a folder, without {@code .} and {@code ..}.
     *
     * @param folder as {@link PathLookup} answered
     * @throws IOException it cannot be read
     */
    List<String> list(Path folder) throws IOException;
}
