package run.measure.soak.vm;

import java.util.LinkedHashMap;
import java.util.Map;
import run.measure.MeasureException;
import run.measure.Peers;
import run.measure.Progress;
import run.measure.SoakTest;
import run.measure.Tree;
import run.measure.vm.SwapLoad;

/**
 * Runs {@code run/programs/swap.c}, which uses more memory than the machine has, in a resident kernel again and again, while the
 * scheduler, the policy of page replacement and a store come and go ten times a second.
 */
public final class VmSoak implements SoakTest {

    private static final int WARM_UP = 2;

    @Override
    public String name() {
        return "vm";
    }

    @Override
    public String description() {
        return "A program uses thrice the machine's memory, shared since a fork, while scheduler, page replacement and a "
                + "store are exchanged ten times a second: its output is what it always is.";
    }

    @Override
    public Result run(Tree tree, Progress progress, double minutes, long seed)
            throws MeasureException, InterruptedException {
        Peers peers = new Peers(tree);
        peers.require("alpha-linux-gnu-gcc");
        SwapLoad load = new SwapLoad(tree, peers.program("swap").toString());
        load.run(progress, WARM_UP, Math.round(minutes * 60e9));
        progress.say(load.state());
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("runs", load.runs());
        counts.put("swaps", load.swaps());
        counts.put("longest stop, us", load.longest());
        Double host = load.hostWait().median();
        if (host != null) {
            counts.put("longest wait for the host, us", Math.round(host * 1000));
        }
        return new Result(counts, load.failures());
    }
}
