package bundles.unix.provider.proc;

import bundles.unix.provider.file.Directory;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.SpecialNodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An open folder of {@code /proc}, as it was when it was opened. */
public final class ProcDirectory extends Directory {

    private final ProcNode.Folder node;
    private final FileStatus status;

    /**
     * @param path where it is
     * @param node what is in it
     * @param status what stat(2) says of it
     * @param flags of open(2)
     */
    public ProcDirectory(Path path, ProcNode.Folder node, FileStatus status, int flags) {
        super(path, flags, new SpecialNodes(), null, null);
        this.node = node;
        this.status = status;
    }

    @Override
    public FileStatus status() {
        return status;
    }

    @Override
    protected FileStatus entry(String name) {
        String place = path() + "/" + name;
        int type = node.entries().getOrDefault(name, FileStatus.S_IFDIR);
        return FileStatus.ofSpecial(type, 0, place.hashCode() & 0x7FFF_FFFFL | 0x8000_0000L);
    }

    @Override
    protected List<String> list() {
        List<String> names = new ArrayList<>(List.of(".", ".."));
        names.addAll(node.entries().keySet());
        return names;
    }
}
