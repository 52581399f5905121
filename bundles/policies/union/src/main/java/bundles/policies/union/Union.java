package bundles.policies.union;

import bundles.unix.api.PathLookup.Purpose;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Two folders that programs see as one, at the place of the lower: a name that the upper has is the upper's, others are the lower's, and
 * what is written is written to the upper. A name that was removed has a whiteout in the upper, an empty file {@code .wh.NAME}, as in
 * aufs(5). The lower is never changed.
 *
 * <p>Concurrency: what it knows is in the folders. The monitor guards what it does to them, so a file is copied up once.
 */
@Component(service = Union.class)
public final class Union {

    /** Property of the framework or the Java virtual machine: {@code LOWER:UPPER}, absolute paths of folders. */
    public static final String PROPERTY = "spin.union";

    private static final String WHITEOUT = ".wh.";

    private final Path lower;
    private final Path upper;

    /** @throws IOException the property does not name two folders */
    @Activate
    public Union(@Reference(target = "(spin.filesystem=host)") FileSystem files, BundleContext bundle)
            throws IOException {
        this(files, bundle.getProperty(PROPERTY));
    }

    Union(FileSystem files, String property) throws IOException {
        String[] folders = property == null ? new String[0] : property.split(":");
        if (folders.length != 2) {
            throw new IOException("a union wants two folders: " + PROPERTY + "=LOWER:UPPER, not " + property);
        }
        lower = files.getPath(folders[0]).toRealPath();
        upper = files.getPath(folders[1]).toRealPath();
    }

    /** Whether a path is within the union. */
    boolean has(Path path) {
        return path.normalize().startsWith(lower);
    }

    /** Where a file of the union is; see {@link bundles.unix.api.PathLookup#find}. */
    synchronized Path find(Path path, Purpose purpose) throws IOException {
        if (purpose == Purpose.SHOW) {
            return path;
        }
        Path name = lower.relativize(path.normalize());
        if (name.toString().isEmpty()) {
            return lower;
        }
        boolean there = visible(name);
        // A folder that both have is read at the lower's place, so that what is in it is looked for here again.
        boolean merged = there && Files.isDirectory(lower.resolve(name)) && !covered(name);
        Path above = upper.resolve(name);
        if (purpose == Purpose.LOOK || purpose == Purpose.NAME || purpose == Purpose.MAKE && merged) {
            return !there || exists(above) && !merged ? above : lower.resolve(name);
        }
        boolean leaves = purpose == Purpose.REMOVE || purpose == Purpose.MOVE;
        if (merged && leaves) {
            leave(name, path, purpose);
        }
        copyUp(name, there);
        if (purpose == Purpose.MAKE) {
            Files.deleteIfExists(whiteout(name));
        } else if (leaves && there && exists(lower.resolve(name)) && !exists(whiteout(name))) {
            Files.createFile(whiteout(name));
        }
        return above;
    }

    /** A folder of the lower's may be removed when nothing is to be seen in it; then nothing but whiteouts is in the upper's. */
    private void leave(Path name, Path path, Purpose purpose) throws IOException {
        if (purpose == Purpose.MOVE) {
            throw new AtomicMoveNotSupportedException(path.toString(), null, "a folder of a union's lower part");
        }
        if (!list(lower.resolve(name)).isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (exists(upper.resolve(name))) {
            for (String whiteout : names(upper.resolve(name))) {
                Files.delete(upper.resolve(name).resolve(whiteout));
            }
        }
    }

    /** The names that programs see in a folder; see {@link bundles.unix.api.FolderEntries#list}. */
    synchronized List<String> list(Path folder) throws IOException {
        Path above = upper.resolve(lower.relativize(folder.normalize()));
        TreeSet<String> names = new TreeSet<>(names(folder));
        if (Files.isDirectory(above)) {
            for (String name : names(above)) {
                if (name.startsWith(WHITEOUT)) {
                    names.remove(name.substring(WHITEOUT.length()));
                } else {
                    names.add(name);
                }
            }
        }
        return List.copyOf(names);
    }

    private static List<String> names(Path folder) throws IOException {
        // Whiteouts first, so that a name which is there all the same is there.
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        List<String> sorted = new ArrayList<>(names);
        sorted.sort((a, b) -> Boolean.compare(b.startsWith(WHITEOUT), a.startsWith(WHITEOUT)));
        return sorted;
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private Path whiteout(Path name) {
        return upper.resolve(name).resolveSibling(WHITEOUT + name.getFileName());
    }

    private boolean visible(Path name) {
        return exists(upper.resolve(name)) || exists(lower.resolve(name)) && !covered(name);
    }

    /** Whether a whiteout hides what the lower has of a name, or of a folder that it is in. */
    private boolean covered(Path name) {
        for (Path part = name; part != null; part = part.getParent()) {
            if (exists(whiteout(part))) {
                return true;
            }
        }
        return false;
    }

    /** Makes the folders above a name in the upper, and copies what the lower has of it if the upper has nothing. */
    private void copyUp(Path name, boolean there) throws IOException {
        Path parent = name.getParent();
        if (parent != null && visible(parent) && !exists(upper.resolve(parent))) {
            copyUp(parent, true);
        }
        Path above = upper.resolve(name);
        Path from = lower.resolve(name);
        if (!there || exists(above)) {
            return;
        }
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(above);
            Files.setPosixFilePermissions(above, Files.getPosixFilePermissions(from));
        } else {
            Files.copy(from, above, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
