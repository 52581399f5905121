package run.measure.exec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;

/** The test programs of {@code run/programs}, built for Linux/Alpha in {@code target/programs} and beside it. */
public final class AlphaPrograms {

    private final Path folder;

    /** Builds those that are missing or older than their sources. */
    public AlphaPrograms(Measurement m) throws MeasureException, InterruptedException {
        this(m, "ev4");
    }

    /**
     * Builds those that are missing or older than their sources.
     *
     * @param processor the oldest Alpha that they shall run on, as the compiler names it; {@code ev4} is what it assumes
     */
    public AlphaPrograms(Measurement m, String processor) throws MeasureException, InterruptedException {
        boolean first = processor.equals("ev4");
        folder = m.tree().home().resolve(first ? "target/programs" : "target/programs-" + processor);
        m.peers().require("alpha-linux-gnu-gcc");
        m.progress().show("building the Alpha programs");
        List<String> words = new ArrayList<>(
                List.of(m.tree().programs().resolve("build").toString(), folder.toString()));
        if (!first) {
            words.add("-mcpu=" + processor);
        }
        Command build = new Command(words, m.tree().home(), Map.of(), Duration.ofMinutes(10));
        Command.Outcome outcome = build.run();
        if (outcome.status() != 0) {
            throw new MeasureException("The Alpha programs cannot be built (" + build + "):\n" + outcome.lastWords());
        }
    }

    /** One of them. */
    public Path program(String name) throws MeasureException {
        Path program = folder.resolve(name);
        if (!Files.isExecutable(program)) {
            throw new MeasureException("There is no Alpha program " + program + "; run/programs has no " + name + ".c");
        }
        return program;
    }
}
