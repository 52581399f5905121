package kernel.ext.vm.provider;

import java.io.IOException;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.LentFrame;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.Pager;
import kernel.ext.vm.provider.Stores.Place;

/**
 * Contents of a page, whether they are in memory or not, and who has them: spaces, at their mappings, and the object that it is a
 * page of. Those who share it since a fork go on sharing it when it is swapped. The last one frees it.
 *
 * <p>Concurrency: the monitor guards everything, and every change of the translation at the mappings. Before it the lock of a
 * space or an object may be taken, after it those of translations, physical memory and stores (for {@code free} only). Transfers
 * run without it, in the states {@link State#ARRIVING} and {@link State#LEAVING}: who needs the page waits for the first, and
 * takes the page back from the second. Only who has the page, and holds the lock under which he has it, adds an owner; so who
 * finds under that lock that he is alone stays alone. That is what copy on write rests on.
 */
final class Page implements FrameOwner {

    private enum State {
        /** A frame is being filled. */
        ARRIVING,
        /** Has a frame. */
        RESIDENT,
        /** Has a frame, is mapped nowhere, and is being stored. */
        LEAVING,
        /** Has no frame. */
        OUT,
        /** Belongs to nobody. */
        GONE
    }

    /** What became of an access. */
    enum Shown {
        /** It can be tried again. */
        DONE,
        /** The page is not in memory. */
        ABSENT,
        /** The page must be copied first. */
        SHARED
    }

    private final Paging paging;
    private final boolean common;
    private final Pager pager;
    private final long offset;

    private State state = State.OUT;
    private Frame frame;
    /** Whether the contents are others than those which the pager gives. */
    private boolean own;
    /** Whether a store has lost the contents. */
    private boolean lost;
    /** Where the contents are stored; if there is a frame as well they are as long as it is not marked as changed. */
    private Place place;
    private Mapping mappings;
    private boolean held;
    /** Whether it was abandoned while it was transferred. */
    private boolean doomed;

    /**
     * A page that is not in memory and belongs to nobody yet; who makes it {@linkplain #abandon abandons} it if it stays so.
     *
     * @param common whether all who have it are to see what any of them writes; else it is copied on write
     * @param pager gives its first contents
     * @param offset tells the pager which
     */
    Page(Paging paging, boolean common, Pager pager, long offset) {
        this.paging = paging;
        this.common = common;
        this.pager = pager;
        this.offset = offset;
    }

    // Owners

    /** One more space has it. @return null: it has just gone, look again */
    synchronized Mapping attach(TranslationContext translation, long address) {
        return state == State.GONE ? null : link(new Mapping(this, translation, address));
    }

    private Mapping link(Mapping mapping) {
        mapping.next = mappings;
        if (mappings != null) {
            mappings.before = mapping;
        }
        mappings = mapping;
        return mapping;
    }

    /** A copy of a space has it at the same place. */
    synchronized Mapping share(Mapping mapping, TranslationContext translation, long address, int protection) {
        boolean mapped = mapping.mapped();
        Mapping copy = link(new Mapping(this, translation, address));
        if (mapped) {
            mapping.protect(allowed(protection));
            copy.map(frame, allowed(protection));
        }
        return copy;
    }

    /** A space has it no longer. */
    synchronized void detach(Mapping mapping) {
        mapping.unmap();
        remove(mapping);
    }

    private void remove(Mapping mapping) {
        if (mapping.before == null) {
            mappings = mapping.next;
        } else {
            mapping.before.next = mapping.next;
        }
        if (mapping.next != null) {
            mapping.next.before = mapping.before;
        }
        abandon();
    }

    /** An object has it. @return {@code false}: it has just gone */
    synchronized boolean hold() {
        held = state != State.GONE;
        return held;
    }

    /** The object has it no longer. */
    synchronized void letGo() {
        held = false;
        abandon();
    }

    /** Frees it if nobody has it; if it is being transferred, who does that frees it afterwards. */
    synchronized void abandon() {
        if (mappings != null || held || state == State.GONE) {
            return;
        }
        if (state == State.ARRIVING || state == State.LEAVING) {
            doomed = true;
            return;
        }
        state = State.GONE;
        forgetPlace();
        if (frame != null) {
            paging.memory.free(frame);
            frame = null;
        }
    }

    /** A transfer has ended. */
    private void settle() {
        notifyAll();
        if (doomed) {
            doomed = false;
            abandon();
        }
    }

    private void forgetPlace() {
        if (place != null) {
            place.free(this);
            place = null;
        }
    }

    // What user code sees

    /** Whether who has it may write to it: it is common, or nobody else has it. */
    private boolean writable() {
        return common || mappings != null && mappings.next == null && !held;
    }

    private int allowed(int protection) {
        return writable() ? protection : protection & ~TranslationContext.WRITE;
    }

    /** Makes an access possible. The caller holds the space's lock. */
    synchronized Shown show(Mapping mapping, int protection, Access access) {
        if (state == State.LEAVING) {
            state = State.RESIDENT;
            paging.rescued.increment();
        }
        if (state != State.RESIDENT) {
            return Shown.ABSENT;
        }
        if (access == Access.WRITE && !writable()) {
            return Shown.SHARED;
        }
        mapping.map(frame, allowed(protection));
        return Shown.DONE;
    }

    /**
     * Puts a copy in its place at a mapping. The caller holds the space's lock.
     *
     * @param copy in memory, nobody's
     * @return the copy's mapping; null: one of the two is not in memory any more
     */
    synchronized Mapping copyTo(Page copy, Mapping mapping, TranslationContext translation, long address,
            int protection) {
        if (frame == null || copy.arrived() == null) {
            return null;
        }
        // Nobody can write to it: whoever has it has it without WRITE. The copy's monitor comes second, for nobody who has
        // that one looks for another.
        Mapping made = copy.become(frame, translation, address, protection);
        if (made != null) {
            remove(mapping);
        }
        return made;
    }

    private synchronized Frame arrived() {
        return frame;
    }

    private synchronized Mapping become(Frame contents, TranslationContext translation, long address, int protection) {
        if (frame == null) {
            return null;
        }
        frame.copyFrom(contents, paging.memory.pageSize());
        own = true;
        Mapping mapping = link(new Mapping(this, translation, address));
        mapping.map(frame, protection);
        return mapping;
    }

    /** What may be done with it has changed. The caller holds the space's lock. */
    synchronized void protect(Mapping mapping, int protection) {
        mapping.protect(allowed(protection));
    }

    /** It is elsewhere in the space. The caller holds the space's lock. */
    synchronized void move(Mapping mapping, long to, int protection) {
        mapping.move(to);
        if (state == State.RESIDENT) {
            mapping.map(frame, allowed(protection));
        }
    }

    /** Whether it is in memory. */
    synchronized boolean resident() {
        return frame != null;
    }

    /** Whether it is in a store and not in memory. */
    synchronized boolean swapped() {
        return frame == null && place != null;
    }

    /** Whether several have it. */
    synchronized boolean shared() {
        return held || mappings != null && mappings.next != null;
    }

    // Into memory

    /**
     * Gives it a frame, if it has none. The caller holds no lock.
     *
     * @return {@code false}: there is no frame
     * @throws IOException its contents cannot be had
     */
    boolean bringIn() throws IOException {
        if (!claim()) {
            return true;
        }
        Frame arriving = null;
        boolean done = false;
        try {
            arriving = paging.memory.allocate(this);
            if (arriving == null) {
                return false;
            }
            fill(arriving);
            done = true;
            return true;
        } finally {
            arrive(arriving, done);
        }
    }

    private synchronized boolean claim() throws IOException {
        await(State.ARRIVING, null);
        if (state != State.OUT) {
            return false;
        }
        if (lost) {
            throw new IOException("the page was lost by the store that had it");
        }
        state = State.ARRIVING;
        return true;
    }

    private void fill(Frame arriving) throws IOException {
        if (place != null) {
            place.load(arriving);
            paging.loaded.increment();
        } else {
            if (pager == Pager.ZERO) {
                paging.zero.increment();
                return;
            }
            LentFrame lent = new LentFrame(arriving);
            try {
                pager.fill(offset, lent);
            } finally {
                lent.end();
            }
            paging.filled.increment();
        }
    }

    private synchronized void arrive(Frame arriving, boolean done) {
        if (done) {
            frame = arriving;
            state = State.RESIDENT;
            if (place != null && !place.keepsLoaded()) {
                forgetPlace();
            }
        } else {
            state = State.OUT;
            if (arriving != null) {
                paging.memory.free(arriving);
            }
        }
        settle();
    }

    /** Waits while it is in one of two states. Interrupts are put off. */
    private void await(State one, State other) {
        boolean interrupted = false;
        while (state == one || state == other) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Copies it out, if it was changed since its pager filled it.
     *
     * @return whether it was
     */
    boolean read(byte[] to) throws IOException {
        while (true) {
            synchronized (this) {
                if (state == State.GONE || !own && (frame == null || (frame.marks() & Frame.CHANGED) == 0)) {
                    return false;
                }
                if (frame != null) {
                    frame.read(0, to, 0, to.length);
                    return true;
                }
            }
            if (!bringIn()) {
                throw new IOException("no memory is free for a page that was swapped");
            }
        }
    }

    // Out of memory

    @Override
    public synchronized boolean used(Frame asked) {
        if (frame != asked || (frame.marks() & Frame.USED) == 0) {
            return false;
        }
        frame.clear(Frame.USED);
        for (Mapping mapping = mappings; mapping != null; mapping = mapping.next) {
            mapping.refresh();
        }
        return true;
    }

    @Override
    public boolean repossess(Frame asked) {
        synchronized (this) {
            if (frame != asked || state != State.RESIDENT) {
                return false;
            }
            if (mustBeStored() && paging.stores.full()) {
                return false;
            }
            for (Mapping mapping = mappings; mapping != null; mapping = mapping.next) {
                mapping.leave();
            }
            // Only now nobody can write to it.
            if ((frame.marks() & Frame.CHANGED) != 0) {
                own = true;
                forgetPlace();
            }
            if (!mustBeStored()) {
                giveFrame();
                paging.dropped.increment();
                return true;
            }
            state = State.LEAVING;
        }
        return left(paging.stores.store(this, asked));
    }

    private boolean mustBeStored() {
        return own && place == null || (frame.marks() & Frame.CHANGED) != 0;
    }

    private void giveFrame() {
        paging.memory.free(frame);
        frame = null;
        state = State.OUT;
    }

    /** Ends what {@link #repossess} began. @param stored where it is, or null: nowhere */
    private synchronized boolean left(Place stored) {
        boolean back = state != State.LEAVING;
        if (back || stored == null) {
            state = State.RESIDENT;
            if (stored != null) {
                stored.free(this);
            }
        } else {
            place = stored;
            giveFrame();
            paging.stored.increment();
        }
        settle();
        return frame == null;
    }

    /**
     * Fetches it from a store that goes. The caller holds no lock.
     *
     * @return {@code false}: it is lost
     */
    boolean fetchFrom(Stores.Store store) {
        while (true) {
            synchronized (this) {
                await(State.ARRIVING, State.LEAVING);
                if (place == null || place.store() != store) {
                    return true;
                }
                if (state != State.OUT) {
                    forgetPlace();
                    return true;
                }
            }
            try {
                if (bringIn()) {
                    continue;
                }
            } catch (IOException e) {
                // told below
            }
            synchronized (this) {
                if (state == State.OUT && place != null && place.store() == store) {
                    forgetPlace();
                    lost = true;
                    return false;
                }
            }
        }
    }
}
