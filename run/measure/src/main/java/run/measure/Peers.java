package run.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compiles the peers that are written in C, when they are measured and only if they are newer than what was compiled
 * before: {@code run/peers/NAME.c} for this host, or for Linux/Alpha, to run under qemu-alpha and under the kernel.
 */
public final class Peers {

    /** Finds the program of this name among those that the user can run. */
    @FunctionalInterface
    interface Lookup {
        boolean installed(String program);
    }

    private static final Map<String, String> PACKAGES = Map.of("gcc", "gcc libc6-dev", "alpha-linux-gnu-gcc",
            "gcc-alpha-linux-gnu libc6.1-dev-alpha-cross", "qemu-alpha", "qemu-user");

    private final Tree tree;
    private final Lookup lookup;

    /** Looks for compilers on the PATH. */
    public Peers(Tree tree) {
        this(tree, Peers::onPath);
    }

    Peers(Tree tree, Lookup lookup) {
        this.tree = tree;
        this.lookup = lookup;
    }

    /** The program {@code run/peers/NAME.c}, compiled for this host. */
    public Path host(String name, String... flags) throws MeasureException, InterruptedException {
        return compile("gcc", tree.peers(), name, "", flags);
    }

    /** The program {@code run/peers/NAME.c}, compiled for Linux/Alpha and linked statically. */
    public Path alpha(String name, String... flags) throws MeasureException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(flags));
        // relaxation by the linker yields static executables that crash before main
        all.addAll(List.of("-static", "-Wl,--no-relax"));
        return compile("alpha-linux-gnu-gcc", tree.peers(), name, "-alpha", all.toArray(String[]::new));
    }

    /** The test program {@code run/programs/NAME.c}, compiled for Linux/Alpha and linked statically. */
    public Path program(String name) throws MeasureException, InterruptedException {
        return compile("alpha-linux-gnu-gcc", tree.programs(), name, "-program", "-static", "-Wl,--no-relax");
    }

    /**
     * Makes sure that a program is installed.
     *
     * @throws MissingException it is not; the message says which package has it
     */
    public void require(String program) throws MissingException {
        if (!lookup.installed(program)) {
            throw new MissingException(program + " is not installed. On Debian and Ubuntu: apt-get install "
                    + PACKAGES.getOrDefault(program, program));
        }
    }

    private Path compile(String compiler, Path folder, String name, String suffix, String... flags)
            throws MeasureException, InterruptedException {
        Path source = folder.resolve(name + ".c");
        Path program = tree.output("bench").resolve("peers").resolve(name + suffix);
        try {
            if (!Files.isRegularFile(source)) {
                throw new MeasureException("There is no peer " + source);
            }
            if (upToDate(program, source)) {
                return program;
            }
            require(compiler);
            Files.createDirectories(program.getParent());
            List<String> words = new ArrayList<>(
                    List.of(compiler, "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program + ".tmp",
                            source.toString()));
            words.addAll(List.of(flags));
            words.add("-lm");
            Command.Outcome outcome = Command.of(tree.home(), words.toArray(String[]::new)).run();
            if (outcome.status() != 0) {
                throw new MeasureException("The peer " + source + " does not compile:\n" + outcome.lastWords());
            }
            // under its own name only when it is whole
            Files.move(Path.of(program + ".tmp"), program, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return program;
        } catch (IOException e) {
            throw new MeasureException("Cannot compile the peer " + source + ": " + e.getMessage(), e);
        }
    }

    private static boolean upToDate(Path program, Path source) throws IOException {
        return Files.isExecutable(program)
                && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) >= 0;
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
