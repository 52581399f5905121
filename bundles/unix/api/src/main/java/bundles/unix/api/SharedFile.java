package bundles.unix.api;

import java.io.IOException;
import java.nio.file.Path;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.ext.vm.api.MemoryObject;

/**
 * Event: a program maps a regular file shared (mmap(2) with MAP_SHARED) that nobody has mapped so, and the kernel asks which memory such
 * mappings show. The intrinsic handler answers null: the file's own pages, which are written back to it. A handler bound first that
 * cancels answers with memory of its own: all who map the file see it until the last has let go of it, and the file is neither read nor
 * written. Raised in the strand of the program, with the lock of its memory map held and no other: a handler may wait, but not for long.
 */
@Event(binders = Binders.ANYONE)
public interface SharedFile {

    /**
     * What mappings show in place of the file.
     *
     * @param object the memory; position 0 is the file's
     * @param release runs when nobody maps it any more, once; must not wait
     */
    record Contents(MemoryObject object, Runnable release) {}

    /**
     * Asks.
     *
     * @param file as {@link PathLookup} answered
     * @return null: the file's own pages
     * @throws IOException it cannot be mapped now: the call's error, as what java.nio throws
     */
    Contents open(Path file) throws IOException;
}
