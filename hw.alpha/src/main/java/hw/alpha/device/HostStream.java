package hw.alpha.device;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kernel.core.machine.Console.Kind;

/** What the host's standard streams are connected to. Stateless. */
final class HostStream {

    /** File types in {@code st_mode} (POSIX sys/stat.h). */
    private static final int TYPE = 0170000, CHARACTER = 0020000, REGULAR = 0100000;

    private HostStream() {}

    /**
     * Kind of a standard stream.
     *
     * @param descriptor 0, 1 or 2
     */
    static Kind kind(int descriptor) {
        Path path = Path.of("/proc/self/fd/" + descriptor);
        try {
            return kind((Integer) Files.getAttribute(path, "unix:mode"), (Long) Files.getAttribute(path, "unix:rdev"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            Console console = System.console();
            return console != null && console.isTerminal() ? Kind.TERMINAL : Kind.PIPE;
        }
    }

    /** Kind of a file with this mode and, for devices, device number, as Linux encodes it. */
    static Kind kind(int mode, long device) {
        return switch (mode & TYPE) {
            case REGULAR -> Kind.FILE;
            case CHARACTER -> switch ((int) (device >>> 8 & 0xFFF)) {
                // Linux Documentation/admin-guide/devices.txt: consoles and serial lines, /dev/tty, pseudo-terminals, USB
                case 4, 5, 136, 137, 138, 139, 140, 141, 142, 143, 188, 204 -> Kind.TERMINAL;
                default -> Kind.DEVICE;
            };
            default -> Kind.PIPE;
        };
    }
}
