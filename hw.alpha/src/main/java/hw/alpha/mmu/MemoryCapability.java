package hw.alpha.mmu;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.PhysAddr;

/**
 * Physical memory as one bundle has it. When the bundle stops, or lets go of the service, it is revoked: frames that were allocated by
 * it and not freed are unmapped wherever they are mapped and taken back, and every use of it, or of one of its frames, that was
 * kept fails.
 *
 * <p>Thread-safe. An allocation that meets the revocation gives its frame back: it is on the account before it looks whether that is
 * closed, and the revocation closes the account before it looks what is on it.
 */
final class MemoryCapability implements PhysAddr {

    private final PhysicalMemory memory;
    private final Translations translations;
    private final String holder;
    /** Frames that are never taken away; those that may be are known to the memory. */
    private final Set<PageFrame> kept = ConcurrentHashMap.newKeySet();
    private volatile boolean revoked;

    /** @param holder for people: whose it is */
    MemoryCapability(PhysicalMemory memory, Translations translations, String holder) {
        this.memory = memory;
        this.translations = translations;
        this.holder = holder;
    }

    /** Ends all that was made of it. Idempotent. */
    void revoke() {
        revoked = true;
        translations.tables().forEach(table -> table.expel(this));
        kept.forEach(this::takeBack);
        memory.ofOwners(this).forEach(this::takeBack);
        kept.clear();
    }

    private void takeBack(PageFrame frame) {
        memory.free(frame, "was taken back: " + why());
    }

    private String why() {
        return "bundle " + holder + ", which had allocated it, has stopped or has let go of its memory";
    }

    private PhysicalMemory memory() {
        if (revoked) {
            throw new IllegalStateException("physical memory: the capability was revoked: bundle " + holder
                    + ", whose it was, has stopped or has let go of it; ask for the service again");
        }
        return memory;
    }

    private PageFrame checked(PageFrame frame) {
        if (revoked && frame != null) {
            kept.remove(frame);
            takeBack(frame);
        }
        memory();
        return frame;
    }

    @Override
    public Frame allocate() {
        PageFrame frame = memory().allocate(this);
        if (frame != null) {
            kept.add(frame);
        }
        return checked(frame);
    }

    @Override
    public Frame allocate(FrameOwner owner) {
        return checked(memory().allocate(owner, this));
    }

    /** {@inheritDoc} @throws IllegalArgumentException it was allocated by another capability than this one */
    @Override
    public void pin(Frame frame, boolean pinned) {
        PhysicalMemory mine = memory();
        PageFrame page = own(frame);
        mine.pin(page, pinned);
        if (pinned) {
            kept.add(page); // the queue of those that may be taken away has it no longer
        } else {
            kept.remove(page);
        }
    }

    private PageFrame own(Frame frame) {
        if (!(frame instanceof PageFrame page) || page.account != this) {
            throw new IllegalArgumentException("bundle " + holder + " has not allocated this frame: it is another's");
        }
        return page;
    }

    /** {@inheritDoc} @throws IllegalArgumentException it was allocated by another capability than this one */
    @Override
    public void free(Frame frame) {
        PhysicalMemory mine = memory();
        if (!(frame instanceof PageFrame page) || page.account != this) {
            throw new IllegalArgumentException(
                    "bundle " + holder + " has not allocated this frame, and may not free it");
        }
        mine.free(page);
        kept.remove(page);
    }

    @Override
    public int pageSize() {
        return memory.pageSize();
    }

    @Override
    public int total() {
        return memory.total();
    }

    @Override
    public int free() {
        return memory().free();
    }

    @Override
    public int low() {
        return memory().low();
    }

    @Override
    public int high() {
        return memory().high();
    }

    @Override
    public Reclaimed reclaimed() {
        return memory().reclaimed();
    }
}
