package bundles.unix.provider;

import bundles.unix.api.PathLookup.Purpose;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A folder of the host that programs see as {@code /}, as chroot(2) has it: {@code ..} does not lead out of it, and links within it that are
 * absolute lead to what is in it. Paths that are within the folder already, such as a working directory's, are taken as they are. It is no
 * jail: who can write outside can make links between two looks. Immutable.
 */
final class Root {

    private static final int MOST_LINKS = 40;

    private final Path folder;

    /** @throws IOException it is not there */
    Root(Path folder) throws IOException {
        this.folder = folder.toRealPath();
    }

    /** Where the host has what a program names. */
    Path find(Path path, Purpose purpose) throws IOException {
        Path top = path.getRoot();
        if (purpose == Purpose.SHOW) {
            return path.startsWith(folder) ? top.resolve(folder.relativize(path).toString()) : path;
        }
        Deque<String> names = new ArrayDeque<>();
        (path.startsWith(folder) ? folder.relativize(path) : top.relativize(path))
                .forEach(name -> names.add(name.toString()));
        boolean folderMeant = path.endsWith(".");
        boolean follow = folderMeant || purpose == Purpose.LOOK || purpose == Purpose.CHANGE;
        Path at = folder;
        int links = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.equals(folder) ? folder : at.getParent();
                continue;
            }
            Path next = at.resolve(name);
            if (!Files.isSymbolicLink(next) || names.isEmpty() && !follow) {
                at = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            Path target = Files.readSymbolicLink(next);
            at = target.isAbsolute() ? folder : at;
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
                names.push(target.getName(i).toString());
            }
        }
        return folderMeant ? at.resolve(".") : at;
    }
}
