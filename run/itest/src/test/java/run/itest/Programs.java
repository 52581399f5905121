package run.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The Alpha programs of {@code run/programs}, compiled when they are first wanted. */
final class Programs {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));
    private static final Path BUILT = Path.of(System.getProperty("spin.programs"));
    private static boolean done;

    private Programs() {}

    /** The script {@code run/spin}, after it has built what it builds: later it has nothing to say of its own. */
    static String spin() throws IOException, InterruptedException {
        Path script = HOME.resolve("run/spin");
        run(script.toString(), "--build");
        return script.toString();
    }

    /** Where a program is, compiled as its source says. */
    static synchronized Path folder() throws IOException, InterruptedException {
        if (!done) {
            run(HOME.resolve("run/programs/build").toString(), BUILT.toString());
            run(HOME.resolve("run/programs/mkdata").toString(), data().toString());
            done = true;
        }
        return BUILT;
    }

    /** The data files that the cases use. */
    static Path data() {
        return BUILT.resolve("data");
    }

    static String path(String program) throws IOException, InterruptedException {
        Path path = folder().resolve(program);
        if (!Files.isExecutable(path)) {
            throw new IOException(path + " was not built");
        }
        return path.toString();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed; run/test installs what is needed: " + said);
        }
    }
}
