package bundles.policies.forkjoin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import kernel.core.strand.Strand;
import kernel.core.strand.ThreadPackage;

/**
 * The order of the package: the strand that was forked or woken last runs first, so that a tree of strands is worked off depth first
 * and only a few of them exist at a time (Blumofe and Leiserson, "Scheduling Multithreaded Computations by Work Stealing", JACM
 * 46(5), 1999, section 2: busy leaves). One that gives way goes behind all others. Called by the kernel one call at a time.
 */
final class DepthFirst implements ThreadPackage {

    private final Deque<Strand> ready = new ArrayDeque<>();
    private final Set<Strand> living = new HashSet<>();
    /** Written in the kernel's calls, read by anybody. */
    private volatile int most;
    private volatile long forked;

    @Override
    public void unblock(Strand strand) {
        ready.push(strand);
        if (living.add(strand)) {
            forked++;
            most = Math.max(most, living.size());
        }
    }

    @Override
    public void block(Strand strand) {
        ready.remove(strand); // the kernel may take back one that waits for its turn
    }

    @Override
    public void checkpoint(Strand strand) {
        ready.add(strand);
    }

    @Override
    public Strand resume() {
        return ready.poll();
    }

    @Override
    public void end(Strand strand) {
        living.remove(strand);
    }

    /** How many existed at a time, at most. */
    int most() {
        return most;
    }

    /** How many there have been. */
    long forked() {
        return forked;
    }
}
