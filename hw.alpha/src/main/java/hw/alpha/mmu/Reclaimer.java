package hw.alpha.mmu;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.memory.LentFrame;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.PhysAddr.Reclaimed;
import kernel.core.memory.Reclaim;

/**
 * Takes frames from their owners when few are free.
 *
 * <p>Concurrency: {@link #lock} makes rounds come one at a time. Policies, offers and owners are called with it held and no other
 * lock of this package; what they allocate is given without a round. Who finds somebody else at it waits only when no frame
 * is left, and then for the frame, not for the lock: in the line of {@link FreeFrames}, where he gets one as soon as it is taken.
 * Who ends a round wakes the first in line to begin another. The counters are under the lock; they are read without it.
 */
final class Reclaimer {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    /**
     * Frames that a round takes if owners give them: so nobody who needs one stands still for long, and more than one, so that
     * rounds are not longer behind than those who allocate are ahead.
     */
    private static final int BATCH = 4;
    /** How long who waits for a frame keeps its processor, nanoseconds. */
    private static final long SOON = 300_000;

    private final PhysicalMemory memory;
    private final FrameQueue queue;
    private final FreeFrames frames;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long rounds;
    private volatile long taken;
    private volatile long refused;
    private volatile long offered;
    private volatile long misled;
    private volatile long longest;
    /** Frames that had been freed, all told, when another round becomes worth its while after one that got too little. */
    private volatile long hopeful;

    Reclaimer(PhysicalMemory memory, FrameQueue queue, FreeFrames frames) {
        this.memory = memory;
        this.queue = queue;
        this.frames = frames;
    }

    Reclaimed reclaimed() {
        return new Reclaimed(rounds, taken, refused, offered, misled, longest);
    }

    /**
     * A free frame. When few are free the caller takes some from their owners first, unless somebody else does.
     *
     * @return its number as {@link FreeFrames#take} gives it; {@link FreeFrames#NONE}: none is free, and all owners together do not
     *         give {@link PhysicalMemory#low} back. A few may be had even then, such as those of running code, but they would be
     *         missed at once
     */
    int obtain() {
        if (lock.isHeldByCurrentThread()) {
            return frames.take();
        }
        int free = frames.count();
        if (free > 0 && free < memory.low() && frames.freed() >= hopeful && lock.tryLock()) {
            try {
                round();
            } finally {
                unlock();
            }
        }
        FreeFrames.Claim claim = frames.claim();
        int number = frames.granted(claim);
        return number == FreeFrames.NONE ? await(claim) : number;
    }

    /** Waits until the claim gets a frame from those that somebody takes from their owners, or does that itself. */
    private int await(FreeFrames.Claim claim) {
        // A frame takes some hundred microseconds, giving up the processor until the next turn may take milliseconds.
        long patience = System.nanoTime() + SOON;
        boolean interrupted = false;
        boolean hope = true;
        while (hope && frames.granted(claim) == FreeFrames.NONE) {
            if (lock.tryLock()) {
                try {
                    frames.first(claim);
                    hope = round();
                } finally {
                    unlock();
                }
            } else if (System.nanoTime() - patience < 0) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        int number = frames.leave(claim);
        if (!hope && number != FreeFrames.NONE) {
            frames.put(number);
            number = FreeFrames.NONE;
        }
        // Who was woken to take frames away and was given one meanwhile leaves that to the next.
        frames.wakeFirst();
        return number;
    }

    private void unlock() {
        lock.unlock();
        frames.wakeFirst();
    }

    private boolean round() {
        long start = System.nanoTime();
        rounds++;
        int got = 0;
        // Owners that refuse are asked once more at most, so that a round ends.
        int most = 2 * queue.size();
        int refusals = 0;
        boolean willing = false;
        while (frames.count() < memory.high() && refusals < most && !willing) {
            PageFrame frame = choose();
            if (frame == null) {
                break;
            }
            if (take(frame)) {
                got++;
                taken++;
            } else {
                refused++;
                refusals++;
                queue.requeue(frame.number());
            }
            willing = got >= BATCH && refusals <= got;
        }
        boolean enough = willing || got >= memory.low() || frames.count() >= memory.high();
        hopeful = enough ? 0 : frames.freed() + memory.low();
        longest = Math.max(longest, System.nanoTime() - start);
        return enough;
    }

    private PageFrame choose() {
        PageReplacement policy = memory.replacement;
        if (policy != null) {
            try {
                PageFrame chosen = queue.get(policy.choose(queue));
                if (chosen != null) {
                    return chosen;
                }
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "no page replacement policy answers", e);
            }
            misled++;
        }
        return queue.get(queue.oldest());
    }

    /** Takes a frame, or the one that is offered in its place. */
    private boolean take(PageFrame candidate) {
        PageFrame offer = offer(candidate);
        if (offer != candidate && give(offer)) {
            offered++;
            return true;
        }
        return give(candidate);
    }

    private PageFrame offer(PageFrame candidate) {
        Reclaim event = memory.reclaim;
        if (event != null) {
            // Who is asked is not its owner: it may look at it, but not keep it.
            LentFrame lent = new LentFrame(candidate);
            try {
                if (event.reclaim(lent) instanceof PageFrame frame && queue.has(frame)) {
                    return frame;
                }
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "nobody answers Reclaim", e);
            } finally {
                lent.end();
            }
        }
        return candidate;
    }

    private static boolean give(PageFrame frame) {
        try {
            return frame.owner.repossess(frame);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the owner of the page frame at 0x"
                    + Long.toHexString(frame.address()) + " does not give it back", e);
            return false;
        }
    }
}
