package run.measure.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Tree;

/** Makes the command that runs a task in a kernel of its own, in a virtual machine of its own. */
public final class KernelChild {

    /** Those of the options of {@code run/spin} that bear on speed or are needed at all. */
    static final List<String> OPTIONS = List.of("--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=deny", "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmn16m",
            "-XX:MaxTenuringThreshold=2");

    /** The folder of the core's bundles. */
    public static final String CORE = "core";

    private KernelChild() {}

    /**
     * The command.
     *
     * @param task the class to run
     * @param limit after which the child is ended
     * @throws MeasureException the jars are not there
     */
    public static Command command(Tree tree, Class<? extends Task> task, Duration limit, List<String> arguments)
            throws MeasureException {
        return command(tree, List.of(CORE), task, limit, arguments);
    }

    /**
     * The command, with other bundles than the core.
     *
     * @param folders of the assembly, whose bundles are started in this order
     */
    public static Command command(Tree tree, List<String> folders, Class<? extends Task> task, Duration limit,
            List<String> arguments) throws MeasureException {
        List<Path> bundles = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> jars = Files.list(tree.assembly().resolve(folder))) {
                jars.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(bundles::add);
            } catch (IOException e) {
                throw new MeasureException(
                        "There are no bundles in " + e.getMessage() + ": build run/measure with `mvn package`", e);
            }
        }
        bundles.add(tree.jar());
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        words.addAll(OPTIONS);
        words.addAll(List.of("-cp", tree.jar() + ":" + tree.framework(), KernelMain.class.getName(),
                bundles.stream().map(Path::toString).collect(Collectors.joining(":")), task.getName()));
        words.addAll(arguments);
        return new Command(words, tree.home(), Map.of(), limit);
    }
}
