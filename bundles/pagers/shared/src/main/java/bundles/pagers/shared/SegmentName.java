package bundles.pagers.shared;

import java.nio.file.Path;
import kernel.ext.net.api.IpAddress;

/**
 * The name of a segment: {@code NAME@ADDRESS}, of a file in {@code /dev/shm}, where shm_open(3) puts it.
 *
 * @param name up to the last {@code @}
 * @param home the kernel that manages it
 */
record SegmentName(String name, IpAddress home) {

    private static final String FOLDER = "dev/shm";

    /** The name that a file has, or null if it is none of ours. */
    static SegmentName of(Path file) {
        String text = String.valueOf(file.getFileName());
        int at = text.lastIndexOf('@');
        if (at <= 0 || file.getParent() == null || !file.getParent().endsWith(FOLDER)) {
            return null;
        }
        try {
            return new SegmentName(text.substring(0, at), IpAddress.parse(text.substring(at + 1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return name + "@" + home;
    }
}
