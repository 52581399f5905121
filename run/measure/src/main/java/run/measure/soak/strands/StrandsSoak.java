package run.measure.soak.strands;

import java.time.Duration;
import java.util.List;
import run.measure.MeasureException;
import run.measure.Progress;
import run.measure.SoakTest;
import run.measure.Tree;
import run.measure.kernel.KernelChild;
import run.measure.soak.SoakChild;

/** The soak's part outside the kernel. */
public final class StrandsSoak implements SoakTest {

    private static final double MILLISECONDS = 60_000;

    @Override
    public String name() {
        return "strands";
    }

    @Override
    public String description() {
        return "Strands wake each other, fork, sleep, compute and take locks while policies change, fail and come back: "
                + "no strand is lost or stands still, locks exclude, nothing is counted twice.";
    }

    @Override
    public Result run(Tree tree, Progress progress, double minutes, long seed)
            throws MeasureException, InterruptedException {
        long milliseconds = Math.max(1, Math.round(minutes * MILLISECONDS));
        return SoakChild.run(KernelChild.command(tree, List.of(KernelChild.CORE, "sched"), StrandsSoakTask.class,
                Duration.ofMillis(milliseconds), List.of(Long.toString(milliseconds), Long.toString(seed))), name(),
                tree,
                progress);
    }
}
