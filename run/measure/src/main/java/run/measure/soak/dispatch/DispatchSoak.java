package run.measure.soak.dispatch;

import java.time.Duration;
import java.util.List;
import run.measure.MeasureException;
import run.measure.Progress;
import run.measure.SoakTest;
import run.measure.Tree;
import run.measure.kernel.KernelChild;
import run.measure.soak.SoakChild;

/** The soak's part outside the kernel. */
public final class DispatchSoak implements SoakTest {

    private static final double MILLISECONDS = 60_000;

    @Override
    public String name() {
        return "dispatch";
    }

    @Override
    public String description() {
        return "Raises, swaps over two events, unbinds, asynchronous, keyed and limited handlers at once: no raise is lost, "
                + "doubled or torn, nobody is inside what was unbound, metaspace stays flat.";
    }

    @Override
    public Result run(Tree tree, Progress progress, double minutes, long seed)
            throws MeasureException, InterruptedException {
        long milliseconds = Math.max(1, Math.round(minutes * MILLISECONDS));
        return SoakChild.run(KernelChild.command(tree, DispatchTask.class, Duration.ofMillis(milliseconds),
                List.of(Long.toString(milliseconds), Long.toString(seed))), name(), tree, progress);
    }
}
