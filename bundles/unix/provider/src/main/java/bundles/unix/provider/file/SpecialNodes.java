package bundles.unix.provider.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Files that are sockets or FIFOs to this kernel's programs. In the host's file system each is an empty regular file, which
 * marks the place; what it is is known here by its inode, as long as this kernel runs. Thread-safe.
 */
public final class SpecialNodes {

    private record Inode(long device, long number) {}

    private record Node(int type, Object object) {}

    private final ConcurrentMap<Inode, Node> nodes = new ConcurrentHashMap<>();

    private static Inode inode(FileStatus status) {
        return new Inode(status.device(), status.inode());
    }

    /**
     * A file that was made just now is one of these.
     *
     * @param type of {@link FileStatus#mode}
     * @param object what it is
     */
    public void add(Path path, int type, Object object) throws IOException {
        nodes.put(inode(HostFiles.status(path, false)), new Node(type, object));
    }

    /** What a file is; null if it is what it looks like. */
    public Object find(FileStatus status) {
        Node node = node(status);
        return node == null ? null : node.object;
    }

    private Node node(FileStatus status) {
        return nodes.isEmpty() || status.size() != 0 || !status.is(FileStatus.S_IFREG) && !special(status)
                ? null
                : nodes.get(inode(status));
    }

    private static boolean special(FileStatus status) {
        return status.is(FileStatus.S_IFSOCK) || status.is(FileStatus.S_IFIFO);
    }

    /** Status of a file as programs see it. */
    public FileStatus status(Path path, boolean follow) throws IOException {
        FileStatus status = HostFiles.status(path, follow);
        Node node = node(status);
        return node == null ? status : status.withType(node.type);
    }

    /** A file with this status has lost a name; with the last it is nothing any more. */
    public void unlinked(FileStatus status) {
        if (!nodes.isEmpty() && status.links() <= 1) {
            nodes.remove(inode(status));
        }
    }
}
