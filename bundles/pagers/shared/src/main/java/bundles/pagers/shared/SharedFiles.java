package bundles.pagers.shared;

import bundles.unix.api.SharedFile;
import java.io.IOException;
import java.nio.file.Path;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Programs that map {@code /dev/shm/NAME@ADDRESS} shared see, in place of the file, what programs of all kernels have under that name at
 * that home. Thread-safe.
 */
@Component(service = SharedFile.class)
@Handler(order = Binding.FIRST, guard = "isSegment", cancel = true, name = "shared")
public final class SharedFiles implements SharedFile {

    private final System.Logger log = System.getLogger("shared memory");
    private final Segments segments;

    /** Made by Declarative Services. */
    @Activate
    public SharedFiles(@Reference Segments segments) {
        this.segments = segments;
    }

    /** Guard: whether a file's name is that of a segment. */
    public boolean isSegment(Path file) {
        return SegmentName.of(file) != null;
    }

    @Override
    public Contents open(Path file) throws IOException {
        SegmentName name = SegmentName.of(file);
        try {
            Node node = segments.open(name);
            return new Contents(node.object(), () -> segments.release(node));
        } catch (IOException e) {
            log.log(System.Logger.Level.WARNING, "{0} cannot be mapped: {1}", name, e.getMessage());
            throw e;
        }
    }
}
