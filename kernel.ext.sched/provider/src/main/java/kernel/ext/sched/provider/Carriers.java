package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of the host that run strands: one for each processor, and those that have lost theirs. Belongs to the core's lock,
 * which {@link #take} takes itself.
 */
final class Carriers {

    /** A carrier without a processor that nobody called for so long ends. */
    private static final long SPARE = 5_000_000_000L;
    private static final long NEVER = 1_000_000_000L;
    private static final long SOON = 1_000_000;
    private static final int MOST = 4096;

    private final Scheduler scheduler;
    private final OwnTime own;
    private final AtomicLong count = new AtomicLong();
    private final Deque<Carrier> spares = new ArrayDeque<>();
    private final Queue<Slot> freed = new ConcurrentLinkedQueue<>();

    /** @param own the machine's own time, or null if it has the host's */
    Carriers(Scheduler scheduler, OwnTime own) {
        this.scheduler = scheduler;
        this.own = own;
    }

    /** Wakes slots whose processor was taken away. Without the lock. */
    void wakeFreed() {
        for (Slot slot = freed.poll(); slot != null; slot = freed.poll()) {
            slot.wake();
        }
    }

    /** One that has not started. */
    Carrier create(VirtualProcessor processor) {
        return new Carrier(scheduler, (int) count.getAndIncrement(), processor);
    }

    /**
     * What a carrier does next. Takes the lock.
     *
     * @param ran what it ran until now, or null
     * @param turn which turn of that strand it was
     * @return what to run; null: the carrier is to end
     */
    StrandTask take(Carrier carrier, StrandTask ran, long turn) {
        Turns turns = scheduler.turns;
        StrandTask finished = ran;
        boolean called = true;
        while (true) {
            long rest;
            if (own != null && finished == null) {
                own.settle(scheduler.living(), turns::ready);
            }
            Slot other = null;
            Core c = scheduler.enter();
            try {
                StrandTask last = finished;
                finished = null;
                long now = scheduler.now();
                turns.looked(now);
                if (last != null) {
                    if (last.gives != null && turns.handOver(last, turn, now) instanceof StrandTask chosen) {
                        return chosen;
                    }
                    other = last.gives != null && last.gives.chosen != null ? last.gives : last.slot;
                    turns.finish(c, last, turn, now);
                }
                if (other != null || own != null && last != null) {
                    continue; // wake or settle first
                }
                if (carrier.processor != null) {
                    StrandTask next = turns.pick(c, carrier.processor, now);
                    if (next != null) {
                        return next;
                    }
                    carrier.processor.idle = true;
                    rest = scheduler.ready.size() > 0 ? SOON : NEVER;
                } else if (called && !spares.contains(carrier)) {
                    spares.push(carrier);
                    rest = SPARE;
                } else {
                    spares.remove(carrier);
                    return null;
                }
                if (scheduler.over()) {
                    return null;
                }
            } catch (Core.Replaced e) {
                continue;
            } finally {
                c.lock.unlock();
                Group.wake(other);
            }
            if (own != null && scheduler.ready.size() == 0 && own.skip()) {
                continue;
            }
            called = carrier.rest(rest) || carrier.processor != null;
        }
    }

    /**
     * Gives a processor to another carrier, because its own is busy with something that does not give way. The strand goes on,
     * without a processor, until it waits. {@link #wakeFreed} is to follow, without the lock.
     */
    void retake(Core c, VirtualProcessor processor, long now) {
        if (count.get() - spares.size() > MOST) {
            return;
        }
        StrandTask strand = processor.running;
        StrandTask holder = strand;
        if (strand != null && strand.slot != null) {
            holder = strand.slot.strand;
            freed.add(strand.slot);
        }
        StrandTask stopped = holder;
        long time = strand == null ? 0 : scheduler.turns.deprive(processor, strand, now);
        processor.carrier.processor = null;
        Carrier spare = spares.poll();
        boolean fresh = spare == null;
        processor.carrier = fresh ? create(processor) : spare;
        processor.carrier.processor = processor;
        processor.idle = false;
        if (fresh) {
            processor.carrier.start();
        } else {
            processor.carrier.call();
        }
        if (strand != null) {
            scheduler.policies.call(c, now, "stopped", () -> c.policy.stopped(stopped, time));
        }
    }
}
