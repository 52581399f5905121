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
import org.osgi.service.component.annotations.Component;

/** Intrinsic handler of path lookups: a path is where it says, but the Alpha's libraries are where the cross tools have them. Stateless. */
@Component
@Intrinsic
public final class HostPaths implements PathLookup, FolderEntries {

    /**
     * The path itself, or that of the Alpha's libraries and dynamic linker, which programs name as if the machine were an Alpha: what is
     * not there is looked for under the system property {@code spin.sysroot}, by default where Debian's cross packages have it.
     */
    @Override
    public Path find(Path path, Purpose purpose) {
        boolean library = path.startsWith("/lib") || path.startsWith("/usr/lib");
        if (!library || Files.exists(path)) {
            return path;
        }
        Path root = path.getFileSystem().getPath(System.getProperty("spin.sysroot", "/usr/alpha-linux-gnu"));
        Path below = root.resolve(path.toString().substring(1));
        return Files.exists(below) ? below : path;
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
