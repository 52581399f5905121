package run.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bundles to start, in order: the jars of the folders {@code 1}, {@code 2} ... of the assembly, folder by folder. Within
 * a folder the order does not matter and is that of the names.
 */
final class BundleList {

    /** The last folder that a machine which runs one program and stops has use for. */
    private static final String EXEC_LAST = "3";

    private BundleList() {}

    /**
     * @param folder of the assembly
     * @param exec leave out what only a shell needs
     */
    static List<Path> of(Path folder, boolean exec) throws IOException {
        try (Stream<Path> levels = Files.list(folder)) {
            List<Path> sorted = levels.filter(Files::isDirectory)
                    .filter(level -> !exec || level.getFileName().toString().compareTo(EXEC_LAST) <= 0).sorted()
                    .toList();
            return sorted.stream().flatMap(BundleList::jars).toList();
        }
    }

    private static Stream<Path> jars(Path level) {
        try (Stream<Path> files = Files.list(level)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
