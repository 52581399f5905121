package bundles.policies.union;

import bundles.unix.api.FolderEntries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists folders of the union, instead of who would. Thread-safe. */
@Component(service = FolderEntries.class)
@Handler(order = Binding.FIRST, guard = "within", cancel = true, name = "union")
public final class UnionEntries implements FolderEntries {

    private final Union union;

    /** @param union which folders */
    @Activate
    public UnionEntries(@Reference Union union) {
        this.union = union;
    }

    /** Guard: whether the folder is within the union. */
    public boolean within(Path folder) {
        return union.has(folder);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return union.list(folder);
    }
}
