package kernel.ext.vm.provider;

import java.io.IOException;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
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

    private final Paging paging;
    private final boolean common;
    private final Contents contents;
    private final Owners owners = new Owners();

    private State state = State.OUT;
    private Frame frame;
    /** What may be done with it at most, whatever spaces allow. */
    private int rights;
    /** Whether it was abandoned while it was transferred. */
    private boolean doomed;
    /** Whether it was fetched before anybody touched it, and nobody has since. */
    private boolean early;
    /** If it was: what of {@link Pager#version} it was filled with. */
    private long version;

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
        this.contents = new Contents(paging, pager, offset);
        this.rights = contents.rights();
    }

    // Owners

    /** One more space has it. @return null: it has just gone, look again */
    synchronized Mapping attach(TranslationContext translation, long address) {
        return state == State.GONE ? null : owners.add(new Mapping(this, translation, address));
    }

    /** A copy of a space has it at the same place. */
    synchronized Mapping share(Mapping mapping, TranslationContext translation, long address, int protection) {
        boolean mapped = mapping.mapped();
        Mapping copy = owners.add(new Mapping(this, translation, address));
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
        unpin(mapping);
        owners.remove(mapping);
        abandon();
    }

    /** An object has it. */
    synchronized void hold() {
        owners.hold(state != State.GONE);
    }

    /** The object has it no longer. */
    synchronized void letGo() {
        owners.hold(false);
        abandon();
    }

    /** Frees it if nobody has it; if it is being transferred, who does that frees it afterwards. */
    synchronized void abandon() {
        if (!owners.none() || state == State.GONE) {
            return;
        }
        if (state == State.ARRIVING || state == State.LEAVING) {
            doomed = true;
            return;
        }
        if (frame != null) {
            giveFrame();
        }
        contents.forgetPlace(this);
        state = State.GONE;
    }

    /** A transfer has ended. */
    private void settle() {
        notifyAll();
        if (doomed) {
            doomed = false;
            abandon();
        }
    }

    // What user code sees

    /** Whether who has it may write to it: it is common, or nobody else has it. */
    private boolean writable() {
        return common || owners.single();
    }

    private int allowed(int protection) {
        return rights & (writable() ? protection : protection & ~TranslationContext.WRITE);
    }

    /** It stays, if it was about to leave. */
    private void rescue() {
        if (state == State.LEAVING) {
            state = State.RESIDENT;
            paging.rescued.increment();
        }
    }

    /** Makes an access possible. The caller holds the space's lock. */
    synchronized Shown show(Mapping mapping, int protection, Access access) {
        rescue();
        if (state != State.RESIDENT) {
            return Shown.ABSENT;
        }
        if ((rights & access.protection()) == 0) {
            return Shown.WITHHELD;
        }
        if (early && contents.outdated(version)) {
            giveFrame(); // nobody has it mapped, or it would not be early
            return Shown.ABSENT;
        }
        Shown shown = early ? Shown.EARLY : Shown.DONE;
        if (early) {
            early = false;
            paging.ahead.isUsed();
        }
        if (access == Access.WRITE && !writable()) {
            return Shown.SHARED;
        }
        mapping.map(frame, allowed(protection));
        return shown;
    }

    /**
     * Puts a copy in its place at a mapping. The caller holds the space's lock.
     *
     * @param copy in memory, nobody's
     * @return the copy's mapping; null: one of the two is not in memory any more
     */
    synchronized Mapping copyTo(Page copy, Mapping mapping, TranslationContext translation, long address,
            int protection) {
        if (frame == null || !copy.resident()) {
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

    private synchronized Mapping become(Frame from, TranslationContext translation, long address, int protection) {
        if (frame == null) {
            return null;
        }
        frame.copyFrom(from, paging.memory.pageSize());
        contents.replaced();
        Mapping mapping = owners.add(new Mapping(this, translation, address));
        mapping.map(frame, protection);
        return mapping;
    }

    /** What may be done with it has changed. The caller holds the space's lock. */
    synchronized void protect(Mapping mapping, int protection) {
        mapping.protect(allowed(protection));
    }

    /**
     * The same, but the caller changes the translation afterwards, and looks whether pages departed meanwhile.
     *
     * @return to what
     */
    synchronized int grant(Mapping mapping, int protection) {
        int allowed = allowed(protection);
        mapping.grant(allowed);
        return allowed;
    }

    /** It is elsewhere in the space. The caller holds the space's lock. */
    synchronized void move(Mapping mapping, long to, int protection) {
        mapping.move(to);
        if (state == State.RESIDENT && !early) {
            mapping.map(frame, allowed(protection));
        }
    }

    /** Whether it is in memory. */
    synchronized boolean resident() {
        return frame != null;
    }

    /** Whether it is in a store and not in memory. */
    synchronized boolean swapped() {
        return frame == null && contents.stored();
    }

    /** Whether several have it. */
    synchronized boolean shared() {
        return owners.several();
    }

    /** It stays in memory, from when it is there next if it is not, as long as it is at a mapping. The caller holds the space's lock. */
    synchronized void pin(Mapping mapping) {
        owners.pin(mapping, true);
        rescue();
        if (state == State.RESIDENT) {
            paging.memory.pin(frame, true);
        }
    }

    /** Ends what {@link #pin} began. */
    synchronized void unpin(Mapping mapping) {
        if (owners.pin(mapping, false) && frame != null && !owners.pinned()) {
            paging.memory.pin(frame, false);
        }
    }

    // Into memory

    /** Gives it a frame, if it has none. The caller holds no lock. @return whether there is one @throws IOException its contents are lost */
    boolean bringIn() throws IOException {
        return !claim() || fetch(false);
    }

    /**
     * Fetches it before anybody touches it. The caller holds no lock, and waits for nobody who does the same.
     *
     * @return whether it was
     * @throws IOException its contents cannot be had
     */
    boolean fetchAhead() throws IOException {
        return claimNow() && fetch(true);
    }

    /** The frame of a page that was fetched ahead and is not used yet; else null. */
    synchronized Frame unused() {
        return early ? frame : null;
    }

    private void notUsed() {
        if (early) {
            early = false;
            paging.ahead.isGiven();
        }
    }

    private boolean fetch(boolean ahead) throws IOException {
        Frame arriving = null;
        boolean done = false;
        try {
            arriving = paging.memory.allocate(this);
            if (arriving == null) {
                return false;
            }
            version = ahead ? contents.version() : 0; // nobody else looks at it while the page is arriving
            contents.fill(arriving);
            done = true;
            return true;
        } finally {
            arrive(arriving, done, ahead);
        }
    }

    private synchronized boolean claim() throws IOException {
        await(State.ARRIVING, null);
        return claimNow();
    }

    private synchronized boolean claimNow() throws IOException {
        if (state != State.OUT) {
            return false;
        }
        contents.check();
        state = State.ARRIVING;
        return true;
    }

    private synchronized void arrive(Frame arriving, boolean done, boolean ahead) {
        if (done) {
            frame = arriving;
            if (ahead) {
                early = true;
                paging.ahead.has(this);
            }
            state = State.RESIDENT;
            contents.arrived(this);
            if (owners.pinned()) {
                paging.memory.pin(frame, true);
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

    /** Copies it out, if it was changed since its pager filled it. @return whether it was */
    boolean read(byte[] to) throws IOException {
        while (true) {
            synchronized (this) {
                if (state == State.GONE || !contents.own() && (frame == null || !Contents.changed(frame))) {
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

    // What its pager says while it is used

    /** What may be done with it at most from now on. When this returns nobody does more. */
    synchronized void setRights(int most) {
        rights = most;
        owners.each(mapping -> mapping.restrict(most));
    }

    /** Replaces its contents. The caller holds no lock. @throws IOException no frame is free, or a store has lost it */
    void supply(byte[] bytes, int most) throws IOException {
        while (bringIn()) {
            synchronized (this) {
                rescue();
                if (state == State.RESIDENT) {
                    setRights(most);
                    frame.write(0, bytes, 0, bytes.length);
                    contents.replaced();
                    contents.forgetPlace(this);
                }
                if (state == State.RESIDENT || state == State.GONE) {
                    return;
                }
            }
        }
        throw new IOException("no memory is free for a page that was supplied");
    }

    /** Forgets its contents: it is as its pager gives it, without a right. The caller holds no lock. */
    synchronized void discard() {
        await(State.ARRIVING, State.LEAVING);
        rights = contents.rights();
        contents.forget(this);
        owners.each(Mapping::unmap);
        if (state == State.RESIDENT) {
            giveFrame();
        }
    }

    // Out of memory

    @Override
    public synchronized boolean used(Frame asked) {
        if (frame != asked || (frame.marks() & Frame.USED) == 0) {
            return false;
        }
        frame.clear(Frame.USED);
        owners.each(Mapping::refresh);
        return true;
    }

    @Override
    public boolean repossess(Frame asked) {
        synchronized (this) {
            if (frame != asked || state != State.RESIDENT || owners.pinned()) {
                return false;
            }
            if (contents.onlyIn(frame) && paging.stores.full()) {
                return false;
            }
            paging.departures.incrementAndGet();
            owners.each(Mapping::leave);
            // Only now nobody can write to it.
            contents.left(this, frame);
            if (!contents.onlyIn(frame)) {
                giveFrame();
                paging.dropped.increment();
                return true;
            }
            state = State.LEAVING;
        }
        return left(paging.stores.store(this, asked));
    }

    private void giveFrame() {
        notUsed();
        if (owners.pinned()) {
            paging.memory.pin(frame, false);
        }
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
            contents.storedAt(stored);
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
                if (!contents.storedIn(store)) {
                    return true;
                }
                if (state != State.OUT) {
                    contents.forgetPlace(this);
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
                if (state == State.OUT && contents.storedIn(store)) {
                    contents.lose(this);
                    return false;
                }
            }
        }
    }
}
