package run.measure.soak.relink;

import java.time.Duration;
import java.util.List;
import run.measure.MeasureException;
import run.measure.Progress;
import run.measure.SoakTest;
import run.measure.Tree;
import run.measure.kernel.KernelChild;
import run.measure.soak.SoakChild;

/** The soak's part outside the kernel. */
public final class RelinkSoak implements SoakTest {

    private static final double MILLISECONDS = 60_000;

    @Override
    public String name() {
        return "relink";
    }

    @Override
    public String description() {
        return "Events are raised while handlers come, change and go: no raise is lost, wrong or stuck.";
    }

    @Override
    public Result run(Tree tree, Progress progress, double minutes, long seed)
            throws MeasureException, InterruptedException {
        long milliseconds = Math.max(1, Math.round(minutes * MILLISECONDS));
        return SoakChild.run(KernelChild.command(tree, RelinkTask.class, Duration.ofMillis(milliseconds),
                List.of(Long.toString(milliseconds), Long.toString(seed))), name(), tree, progress);
    }
}
