package bundles.unix.api;

import java.io.IOException;
import java.nio.file.Path;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/**
 * Event: a program has named a file, and the kernel asks where that is. The intrinsic handler answers with the path itself, or that of
 * the Alpha's libraries; a handler bound first that cancels answers with another, which is used instead: redirection, a union of folders.
 * Raised in the strand of the program that asks, or of who starts it, for each path of each system call.
 */
@Event(binders = Binders.ANYONE)
public interface PathLookup {

    /** What is to happen to the file. */
    enum Purpose {
        /** Nothing: it is read, run, or asked about. */
        LOOK,
        /** As {@link #LOOK}, but of a symbolic link it is itself meant, not what it leads to. */
        NAME,
        /** Its contents or attributes are changed. */
        CHANGE,
        /** It is made if it is not there, or changed if it is. */
        MAKE,
        /** Its name is taken away. */
        REMOVE,
        /** Its name is taken away, for it gets another. */
        MOVE,
        /** It is where the program is: asked for is the path that the program is told, by which it finds the same again. */
        SHOW
    }

    /**
     * Where a file is.
     *
     * @param path absolute, as the program named it from its working directory; it need not be normal
     * @param purpose what is to happen to it
     * @return where it is, or where it is to be made
     * @throws IOException it cannot be used so: what java.nio throws becomes the call's error, as always
     */
    Path find(Path path, Purpose purpose) throws IOException;
}
