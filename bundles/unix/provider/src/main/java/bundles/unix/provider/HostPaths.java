package bundles.unix.provider;

import bundles.unix.api.FolderEntries;
import bundles.unix.api.PathLookup;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Intrinsic;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Intrinsic handler of path lookups: a path is where it says, or within the folder that programs see as {@code /}; but the Alpha's libraries
 * are where the cross tools have them. Immutable.
 */
@Component
@Intrinsic
public final class HostPaths implements PathLookup, FolderEntries {

    /** Property of the framework: the folder that programs see as {@code /}. */
    public static final String ROOT = "spin.root";

    private final Root root;

    /** @throws IOException there is no such root */
    @Activate
    public HostPaths(BundleContext bundle) throws IOException {
        String folder = bundle.getProperty(ROOT);
        // Not by a service, for who provides file systems may need these events.
        root = folder == null ? null : new Root(Path.of(folder));
    }

    /** Outside a framework; programs see the host's root. */
    public HostPaths() {
        root = null;
    }

    /**
     * The path itself, or that of the Alpha's libraries and dynamic linker, which programs name as if the machine were an Alpha: what is
     * not there is looked for under the system property {@code spin.sysroot}, by default where Debian's cross packages have it.
     */
    @Override
    public Path find(Path path, Purpose purpose) throws IOException {
        Path found = root == null ? path : root.find(path, purpose);
        return purpose == Purpose.SHOW || root != null && Files.exists(found) ? found : library(path, found);
    }

    private static Path library(Path path, Path found) {
        boolean library = path.startsWith("/lib") || path.startsWith("/usr/lib");
        if (!library || Files.exists(found)) {
            return found;
        }
        Path system = path.getFileSystem().getPath(System.getProperty("spin.sysroot", "/usr/alpha-linux-gnu"));
        Path below = system.resolve(path.toString().substring(1));
        return Files.exists(below) ? below : found;
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }
}
