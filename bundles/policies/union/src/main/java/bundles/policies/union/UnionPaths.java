package bundles.policies.union;

import bundles.unix.api.PathLookup;
import java.io.IOException;
import java.nio.file.Path;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers where a file of the union is, instead of who would. Thread-safe. */
@Component(service = PathLookup.class)
@Handler(order = Binding.FIRST, guard = "within", cancel = true, name = "union")
public final class UnionPaths implements PathLookup {

    private final Union union;

    /** @param union which folders */
    @Activate
    public UnionPaths(@Reference Union union) {
        this.union = union;
    }

    /** Guard: whether the file is within the union. */
    public boolean within(Path path, Purpose purpose) {
        return union.has(path);
    }

    @Override
    public Path find(Path path, Purpose purpose) throws IOException {
        return union.find(path, purpose);
    }
}
