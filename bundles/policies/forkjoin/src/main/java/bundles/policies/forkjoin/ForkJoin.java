package bundles.policies.forkjoin;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import kernel.core.machine.Machine;
import kernel.core.strand.Parameters;
import kernel.core.strand.StrandGroup;
import kernel.core.strand.ThreadPackages;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Offers the package to others as an {@link Executor} with the property {@code kernel.threads=forkjoin}: what is executed is a strand
 * of the package's. And a command that shows it. Thread-safe.
 */
@Component(service = {Executor.class, ForkJoin.class}, immediate = true, property = {"kernel.threads=forkjoin",
        "osgi.command.scope=forkjoin", "osgi.command.function=fib"})
public final class ForkJoin implements Executor {

    private static final int LARGEST = 24;

    private final DepthFirst threads = new DepthFirst();
    private final StrandGroup group;

    /** Installs the package, on as many processors as there are. */
    @Activate
    public ForkJoin(@Reference ThreadPackages packages, @Reference Machine machine) {
        group = packages.install("forkjoin", Parameters.USUAL, machine.processors(), threads);
    }

    /** Its strands go on, scheduled by the global scheduler. */
    @Deactivate
    public void close() {
        group.close();
    }

    /** @throws RejectedExecutionException this bundle has stopped: who wants to can run the task himself */
    @Override
    public void execute(Runnable task) {
        try {
            group.fork("forkjoin", task);
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        }
    }

    /**
     * Computes a Fibonacci number in the most laborious way, with a strand for each addition.
     *
     * @param n 0 to 24
     * @return for people
     */
    public String fib(int n) throws InterruptedException, ExecutionException {
        if (n < 0 || n > LARGEST) {
            throw new IllegalArgumentException("fib " + n + ": give 0 to " + LARGEST);
        }
        long before = threads.forked();
        FutureTask<Long> whole = new FutureTask<>(() -> compute(n));
        execute(whole);
        long result = whole.get();
        return "fib(" + n + ") = " + result + ": " + (threads.forked() - before) + " strands, at most "
                + threads.most() + " at a time" + (group.failure().isEmpty() ? "" : "; " + group.failure());
    }

    private long compute(int n) throws InterruptedException, ExecutionException {
        if (n < 2) {
            return n;
        }
        FutureTask<Long> left = new FutureTask<>(() -> compute(n - 1));
        execute(left);
        long right = compute(n - 2);
        return left.get() + right;
    }
}
