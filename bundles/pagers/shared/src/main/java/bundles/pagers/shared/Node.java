package bundles.pagers.shared;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;
import kernel.core.memory.Access;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.RightsPager;

/**
 * A segment as this kernel has it: the pager of what its programs map, and a member for the segment's manager. A program that needs a
 * right waits here, in its own strand, in slices, so that it hears signals; if the right has not come after {@link #PATIENCE} it is told
 * SIGBUS.
 *
 * <p>A page that is recalled is given up when those who have waited for it have gone on, and some time after it came: else two kernels that
 * want the same page could take it from each other for ever before any program has used it (the window of Fleisch and Popek, Mirage: a
 * coherent distributed shared memory design, SOSP 1989).
 *
 * <p>Concurrency: {@link #lock} guards the states of pages; the object, which waits for nobody but for memory, may be called with it held.
 * One strand of this node's own gives pages up, in the order in which they are recalled, and at last everything. The manager is called with
 * no lock held.
 */
final class Node implements RightsPager, Member {

    private static final long MICROSECOND = 1_000, SECOND = 1_000_000_000;
    /** How long a program waits for a right. */
    static final long PATIENCE = 20 * SECOND;
    /** How long it waits before it looks for signals. */
    private static final long SLICE = 20_000 * MICROSECOND;
    /** How long a page stays at least, and at most after it was recalled. */
    private static final long WINDOW = 200 * MICROSECOND, LONGEST = 20_000 * MICROSECOND;

    /** A page. */
    private static final class State {
        private int rights = Rights.NONE;
        /** What the manager was asked for and has not answered. */
        private int asked = Rights.NONE;
        private long since;
        private long granted;
        private int waiting;
        /** Of those who wait, how many have been given what they wait for and have not gone on. */
        private int going;
        /** Contents for which there was no memory when they came. */
        private byte[] kept;
        private String lost;
    }

    /** A page to be given up. */
    private record Recall(long offset, int left) {}

    /** There may be nothing left to do but to leave. */
    private static final Recall LEAVE = new Recall(-1, 0);

    private final String name;
    private final int pageSize;
    private final Clock clock;
    private final MemoryObject object;
    private final Faults faults = new Faults();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, State> pages = new TreeMap<>();
    private final BlockingQueue<Recall> recalls = new LinkedBlockingQueue<>();
    private Manager manager;
    private Strand giver;
    /** Why there is nothing to be had any more, or null. */
    private String end;
    private boolean abandoned;

    /**
     * @param name for people
     * @param pageSize bytes
     */
    Node(String name, AddressSpaces spaces, int pageSize, Clock clock) {
        this.name = name;
        this.pageSize = pageSize;
        this.clock = clock;
        object = spaces.object(this);
    }

    /** Says who the manager is; before {@link #begin}. */
    void setManager(Manager itsManager) {
        manager = itsManager;
    }

    /** Is a member of its manager's segment from now on; before anybody maps it. */
    void begin(Strands strands) {
        giver = strands.fork("shared memory " + name, this::giveUp);
    }

    /** What programs map. */
    MemoryObject object() {
        return object;
    }

    /** What waiting for pages cost. */
    Faults faults() {
        return faults;
    }

    /** Pages that may be read here, and of these, pages that may be written to. */
    int[] pages() {
        lock.lock();
        try {
            int[] counts = new int[2];
            for (State state : pages.values()) {
                counts[0] += state.rights != Rights.NONE ? 1 : 0;
                counts[1] += state.rights == Rights.WRITE ? 1 : 0;
            }
            return counts;
        } finally {
            lock.unlock();
        }
    }

    private State state(long offset) {
        return pages.computeIfAbsent(offset, _ -> new State());
    }

    @Override
    public void unlock(long offset, Access access) throws IOException {
        int wanted = Rights.forAccess(access);
        boolean asks;
        lock.lock();
        try {
            State state = state(offset);
            check(state);
            if (state.kept != null) {
                object.supply(offset, state.kept, state.rights);
                state.kept = null;
            }
            asks = state.rights < wanted && state.asked == Rights.NONE;
            if (asks) {
                state.asked = wanted;
                state.since = clock.monotonicTime();
            }
        } finally {
            lock.unlock();
        }
        if (asks) {
            manager.request(this, offset, wanted);
        }
        await(offset, wanted);
    }

    /** Waits for a right, or a slice of time; also until the manager has answered for a smaller one, and can be asked again. */
    private void await(long offset, int wanted) throws IOException {
        lock.lock();
        State state = state(offset);
        state.waiting++;
        try {
            long left = SLICE;
            while (end == null && state.rights < wanted && state.asked != Rights.NONE && left > 0) {
                left = changed.awaitNanos(left);
            }
            check(state);
            if (state.asked != Rights.NONE && clock.monotonicTime() - state.since > PATIENCE) {
                throw new IOException(name + ": the page at " + offset + " was not given within " + PATIENCE / SECOND
                        + " s");
            }
        } catch (InterruptedException e) {
            // The access is tried again, after whatever this was for has been seen.
        } finally {
            state.waiting--;
            state.going = Math.max(0, state.going - 1);
            changed.signalAll();
            lock.unlock();
        }
    }

    private void check(State state) throws IOException {
        if (end != null || state.lost != null) {
            throw new IOException(name + ": " + (end != null ? end : state.lost));
        }
    }

    @Override
    public void grant(long offset, int rights, byte[] contents) {
        byte[] kept = null;
        try {
            if (contents == null) {
                object.setRights(offset, rights);
            } else {
                object.supply(offset, contents, rights);
            }
        } catch (IOException e) {
            kept = contents; // who asks for it next is told, unless there is memory by then
        }
        lock.lock();
        try {
            State state = state(offset);
            state.granted = clock.monotonicTime();
            faults.count(rights == Rights.WRITE, state.granted - state.since);
            state.rights = rights;
            state.kept = kept;
            answered(state);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void refuse(long offset, String reason) {
        lock.lock();
        try {
            State state = state(offset);
            state.lost = reason;
            answered(state);
        } finally {
            lock.unlock();
        }
    }

    /** The caller holds the lock. */
    private void answered(State state) {
        state.asked = Rights.NONE;
        state.going = state.waiting;
        changed.signalAll();
        if (end != null) {
            recalls.add(LEAVE);
        }
    }

    @Override
    public void recall(long offset, int left) {
        recalls.add(new Recall(offset, left));
    }

    /** Nobody maps it any more, or nobody is to: gives everything back, in a while, and leaves. */
    void leave(String reason) {
        stop(reason, false);
    }

    /** The manager is gone, and everything with it. */
    @Override
    public void end(String reason) {
        stop(reason, true);
    }

    private void stop(String reason, boolean abandons) {
        lock.lock();
        try {
            end = end == null ? reason : end;
            abandoned |= abandons;
            if (abandons) {
                pages.keySet().forEach(object::discard);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        recalls.add(LEAVE);
    }

    /** Waits until it has left. */
    boolean join(long nanoseconds) throws InterruptedException {
        return giver.join(nanoseconds);
    }

    /** Serves recalls until it has left. */
    private void giveUp() {
        Recall recall;
        while ((recall = take()) != LEAVE || !done()) {
            if (recall != LEAVE) {
                hold(recall.offset);
                give(recall.offset, recall.left);
            }
        }
        List<Long> all;
        lock.lock();
        try {
            all = List.copyOf(pages.keySet());
        } finally {
            lock.unlock();
        }
        all.forEach(offset -> give(offset, Rights.NONE));
        manager.left(this);
        object.close();
    }

    /** Whether it can leave: not while it may yet be given a page, for that would be lost to the others. */
    private boolean done() {
        lock.lock();
        try {
            return abandoned || end != null && pages.values().stream().allMatch(state -> state.asked == Rights.NONE);
        } finally {
            lock.unlock();
        }
    }

    private Recall take() {
        while (true) {
            try {
                return recalls.take();
            } catch (InterruptedException e) {
                // nobody ends it so
            }
        }
    }

    /** Waits until a page may go. */
    private void hold(long offset) {
        lock.lock();
        try {
            State state = state(offset);
            long began = clock.monotonicTime();
            while (true) {
                long now = clock.monotonicTime();
                long window = state.granted + WINDOW - now;
                long most = began + LONGEST - now;
                if (end != null || most <= 0 || state.going == 0 && window <= 0) {
                    return;
                }
                changed.awaitNanos(state.going == 0 ? Math.min(window, most) : most);
            }
        } catch (InterruptedException e) {
            // it goes now
        } finally {
            lock.unlock();
        }
    }

    /** Lets a page go, or the right to write to it, and tells the manager. */
    private void give(long offset, int left) {
        int had;
        byte[] contents;
        lock.lock();
        try {
            State state = state(offset);
            had = state.rights;
            state.rights = Math.min(had, left);
            contents = state.kept;
            if (left == Rights.NONE) {
                state.kept = null;
            }
        } finally {
            lock.unlock();
        }
        object.setRights(offset, left);
        if (had == Rights.WRITE && contents == null) {
            contents = read(offset);
        }
        if (left == Rights.NONE) {
            object.discard(offset);
        }
        manager.returned(this, offset, Math.min(had, left), had == Rights.WRITE ? contents : null);
    }

    /** What is in a page here, or null if a store has lost it, and so everybody has. */
    private byte[] read(long offset) {
        byte[] bytes = new byte[pageSize];
        try {
            return object.read(offset, bytes) ? bytes : null;
        } catch (IOException e) {
            return null;
        }
    }
}
