package run.measure.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import run.measure.Benchmark;
import run.measure.Better;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Row;
import run.measure.Tree;
import run.measure.exec.AlphaPrograms;

/** From {@code run/spin} to the prompt, and the short lives of {@code -c} and {@code exec}. */
public final class BootBenchmark implements Benchmark {

    // without the space behind: a line editor may move the cursor instead of writing it
    private static final String OUR_PROMPT = "spin>";
    private static final String BARE_PROMPT = "g!";

    @Override
    public String name() {
        return "boot";
    }

    @Override
    public String description() {
        return "Start to prompt, warm: what people wait for each time, and what every extension adds to.";
    }

    @Override
    public String needs() {
        return "gcc, alpha-linux-gnu-gcc, qemu-alpha";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        Path spin = m.tree().spin();
        m.peers().require("qemu-alpha");
        Terminal terminal = new Terminal(m.peers().host("pty"), m.tree().home());
        Path hello = new AlphaPrograms(m).program("hello");
        m.progress().show("boot: building run/spin");
        expectWell(new Command(List.of(spin.toString(), "--build"), m.tree().home(), Map.of(), Duration.ofMinutes(15)));
        m.progress().show("boot: a first boot, unmeasured");
        AtomicReference<JavaCommand> java = new AtomicReference<>();
        List<String> ours = List.of(spin.toString());
        terminal.toPrompt(OUR_PROMPT, ours, pid -> java.set(JavaCommand.of(pid)));
        List<String> felix = bareFelix(m, terminal, java.get());

        List<Row> rows = new ArrayList<>();
        Map<String, Turn> prompts = new LinkedHashMap<>();
        prompts.put(Rounds.OURS, () -> terminal.toPrompt(OUR_PROMPT, ours, pid -> {}));
        prompts.put("felix", () -> terminal.toPrompt(BARE_PROMPT, felix, pid -> {}));
        rows.add(Row.of("boot to prompt", "s", Better.LOWER, m.rounds().warm("boot to prompt", prompts), "<= 1.5 s"));

        Map<String, Turn> commands = new LinkedHashMap<>();
        commands.put(Rounds.OURS, () -> expectWell(Command.of(m.tree().home(), spin.toString(), "-c", "")));
        rows.add(Row.of("run/spin -c ''", "s", Better.LOWER, m.rounds().warm("boot -c ''", commands), null));

        Map<String, Turn> programs = new LinkedHashMap<>();
        programs.put(Rounds.OURS, () -> hello(Command.of(m.tree().home(), spin.toString(), "exec", hello.toString())));
        programs.put("qemu", () -> hello(Command.of(m.tree().home(), "qemu-alpha", hello.toString())));
        rows.add(Row.of("run/spin exec hello", "s", Better.LOWER, m.rounds().warm("boot exec hello", programs), null));
        return rows;
    }

    /** The command that starts the peer, after its start-up cache was made as ours is made: by one run of it. */
    private static List<String> bareFelix(Measurement m, Terminal terminal, JavaCommand java)
            throws MeasureException, InterruptedException {
        Tree tree = m.tree();
        m.progress().show("boot: the start-up cache of the bare Felix");
        String classpath = tree.jar() + ":" + tree.framework();
        String bundles = tree.assembly().resolve("gogo").toString();
        Path cache = tree.output("bench").resolve("felix.aot");
        try {
            Files.createDirectories(cache.getParent());
            Files.deleteIfExists(cache);
        } catch (IOException e) {
            throw new MeasureException("Cannot renew " + cache + ": " + e.getMessage(), e);
        }
        terminal.toPrompt(BARE_PROMPT,
                java.with("-XX:AOTCacheOutput=" + cache, classpath, BareFelix.class.getName(), bundles), pid -> {});
        if (!Files.exists(cache)) {
            throw new MeasureException("Java made no start-up cache " + cache + " for the bare Felix");
        }
        return java.with("-XX:AOTCache=" + cache, classpath, BareFelix.class.getName(), bundles);
    }

    private static double expectWell(Command command) throws MeasureException, InterruptedException {
        Command.Outcome outcome = command.run();
        if (outcome.status() != 0) {
            throw new MeasureException(
                    command + " ended with status " + outcome.status() + ":\n" + outcome.lastWords());
        }
        return outcome.seconds();
    }

    private static double hello(Command command) throws MeasureException, InterruptedException {
        Command.Outcome outcome = command.run();
        if (outcome.status() != 0 || outcome.output().length == 0) {
            throw new MeasureException(command + " ended with status " + outcome.status() + " and "
                    + outcome.output().length + " bytes of output:\n" + outcome.lastWords());
        }
        return outcome.seconds();
    }
}
