package bundles.unix.provider.process;

import java.nio.file.Path;
import java.util.List;

/**
 * What a process runs. Immutable.
 *
 * @param arguments as they were given; {@code /proc/PID/cmdline}
 * @param environment as it was given
 * @param file the program's file
 * @param name its last part, at most 15 bytes: what ps calls it
 */
public record Program(List<String> arguments, List<String> environment, Path file, String name) {

    /** Copies the lists. */
    public Program {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** For people. */
    public String command() {
        return String.join(" ", arguments);
    }

    /** The same under another name (prctl(2), PR_SET_NAME). */
    public Program named(String newName) {
        return new Program(arguments, environment, file, newName);
    }
}
