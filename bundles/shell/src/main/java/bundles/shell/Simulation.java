package bundles.shell;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Schedulers;
import kernel.core.strand.TurnObserver;

/** Runs programs so that a run can be repeated. Used by one strand, which is part of the run. */
final class Simulation {

    /** The policy whose choices the seed decides. */
    private static final String POLICY = "seeded";
    private static final int SIGKILL = 9;
    /**
     * Nanoseconds after which nothing is left of a run in the kernel: longer than the network keeps an address of a connection that has
     * ended (RFC 9293 section 3.4.1), or tries to reach somebody who does not answer. It is skipped.
     */
    private static final long REST = TimeUnit.HOURS.toNanos(1);

    private final Processes processes;
    private final Schedulers schedulers;
    private final VirtualTime time;

    Simulation(Processes processes, Schedulers schedulers, VirtualTime time) {
        this.processes = processes;
        this.schedulers = schedulers;
        this.time = time;
    }

    /**
     * Runs a program until it ends; what it has started and left behind is killed then.
     *
     * @param observer is told of each turn; null: nobody
     * @return its status as a shell of the host has it
     * @throws ExecException it cannot be started
     */
    int run(long seed, Launch launch, TurnObserver observer) throws ExecException, InterruptedException {
        time.begin(seed);
        schedulers.choose(Schedulers.DEFAULT);
        // those whose waits are over because the run begins wait for the first time of the new one before its first program does anything
        time.sleep(1);
        // chosen anew for each run, so that it begins with the seed
        schedulers.choose(POLICY);
        schedulers.observe(observer);
        try {
            Process process = processes.start(launch);
            process.join(0);
            int signal = process.killedBy();
            return signal > 0 ? 128 + Signals.hostNumber(signal) : process.status();
        } finally {
            schedulers.observe(null);
            endAll();
            time.sleep(REST);
            time.end();
        }
    }

    private void endAll() throws InterruptedException {
        for (Process process : processes.processes()) {
            process.signal(SIGKILL);
        }
        for (Process process : processes.processes()) {
            process.join(0);
            process.reap();
        }
    }
}
