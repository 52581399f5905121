package run.measure;

import java.nio.file.Path;

/** Says which state of the sources a figure belongs to. */
final class Commit {

    private Commit() {}

    /** The commit's name, with {@code -dirty} if files differ from it; {@code unknown} outside a git tree. */
    static String of(Path home) throws InterruptedException {
        try {
            Command.Outcome name = Command.of(home, "git", "rev-parse", "--short=12", "HEAD").run();
            if (name.status() != 0) {
                return "unknown";
            }
            boolean dirty = !Command.of(home, "git", "status", "--porcelain").run().text().isBlank();
            return name.text().strip() + (dirty ? "-dirty" : "");
        } catch (MeasureException e) {
            return "unknown"; // git is not installed
        }
    }
}
