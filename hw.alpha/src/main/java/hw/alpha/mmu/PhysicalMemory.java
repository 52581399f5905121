package hw.alpha.mmu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import kernel.core.dispatch.Binding;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.Reclaim;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Physical memory. Host memory is taken when first needed, page by page where it can be shared with {@link Window}s and else in
 * chunks, and kept as long as anybody holds this object or one of its frames. Thread-safe: the monitor guards the chunks; see
 * {@link FreeFrames} for those that are free, {@link FrameQueue} and {@link Reclaimer} for those that may be taken away.
 *
 * <p>Others reach it by a {@link MemoryCapability}, on whose account their frames are.
 *
 * <p>The stubs of the two events are optional references: they appear with the virtual-memory service, which needs this one.
 */
@Component(service = PhysicalMemory.class)
public final class PhysicalMemory implements PhysAddr {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    private static final int CHUNK_FRAMES = 512;
    private static final long CHUNK_BYTES = (long) CHUNK_FRAMES * PageFrame.SIZE;
    /** Bounds of {@link #low}: with a few frames a transfer goes on while others allocate; more make rounds long. */
    private static final int FEWEST = 4;
    private static final int MOST = 64;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY, target = Binding.STUB_ONLY)
    volatile PageReplacement replacement;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY, target = Binding.STUB_ONLY)
    volatile Reclaim reclaim;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment[] chunks;
    private final int total;
    private final FrameQueue queue;
    private final Reclaimer reclaimer;
    private final FreeFrames frames;
    /** All of it, or null if the host gives it in chunks. */
    private final SharedPages shared;

    /**
     * As the framework property {@code spin.memory} says, in megabytes; 1024 without it.
     *
     * @throws IllegalArgumentException the property is not a number of megabytes from 1 to 16,777,215
     */
    @Activate
    public PhysicalMemory(BundleContext context) {
        this(configured(context.getProperty("spin.memory")));
    }

    private static long configured(String megabytes) {
        if (megabytes == null) {
            return 1024L << 20;
        }
        try {
            return (long) Integer.parseInt(megabytes.strip()) << 20;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("spin.memory=" + megabytes + ": not a number of megabytes", e);
        }
    }

    /**
     * @param bytes size; rounded down to whole frames
     * @throws IllegalArgumentException less than one frame, or more than 2^31 frames
     */
    public PhysicalMemory(long bytes) {
        long count = bytes / PageFrame.SIZE;
        if (count < 1 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("physical memory of " + bytes + " bytes");
        }
        total = (int) count;
        frames = new FreeFrames(total);
        shared = SharedPages.create(count * PageFrame.SIZE);
        chunks = new MemorySegment[(total + CHUNK_FRAMES - 1) / CHUNK_FRAMES];
        queue = new FrameQueue(total);
        reclaimer = new Reclaimer(this, queue, frames);
    }

    /** Outside a framework: the same with somebody who is asked what to take away. */
    public PhysicalMemory(long bytes, PageReplacement replacement, Reclaim reclaim) {
        this(bytes);
        this.replacement = replacement;
        this.reclaim = reclaim;
    }

    @Override
    public int pageSize() {
        return PageFrame.SIZE;
    }

    @Override
    public int total() {
        return total;
    }

    @Override
    public int free() {
        return frames.count();
    }

    @Override
    public int low() {
        return Math.clamp(total / 256, FEWEST, MOST);
    }

    @Override
    public int high() {
        return 2 * low();
    }

    @Override
    public Reclaimed reclaimed() {
        return reclaimer.reclaimed();
    }

    @Override
    public Frame allocate(FrameOwner owner) {
        return allocate(Objects.requireNonNull(owner), null);
    }

    PageFrame allocate(FrameOwner owner, MemoryCapability account) {
        PageFrame frame = make(reclaimer::obtain);
        if (frame != null) {
            frame.owner = owner;
            frame.account = account;
            queue.add(frame);
        }
        return frame;
    }

    @Override
    public Frame allocate() {
        return allocate((MemoryCapability) null);
    }

    PageFrame allocate(MemoryCapability account) {
        PageFrame frame = make(frames::take);
        if (frame != null) {
            frame.account = account;
        }
        return frame;
    }

    /** Those of an account that may be taken away. */
    List<PageFrame> ofOwners(MemoryCapability account) {
        return queue.all(frame -> frame.account == account);
    }

    /** Makes a frame of a number, or null if there is none; those for which the host has no memory are passed over. */
    private PageFrame make(IntSupplier source) {
        for (int taken = source.getAsInt(); taken != FreeFrames.NONE; taken = source.getAsInt()) {
            int number = taken & ~FreeFrames.UNUSED;
            if (shared != null || hasChunk(number / CHUNK_FRAMES)) {
                long host = host(number);
                if (taken == number) {
                    // The host gives zeroed memory, so frames allocated for the first time need no clearing.
                    Host.MEMORY.asSlice(host, PageFrame.SIZE).fill((byte) 0);
                }
                return new PageFrame(this, number, host);
            }
        }
        return null;
    }

    private synchronized boolean hasChunk(int chunk) {
        if (chunks[chunk] != null) {
            return true;
        }
        try {
            chunks[chunk] = arena.allocate(CHUNK_BYTES, PageFrame.SIZE);
            return true;
        } catch (OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING,
                    "the host has less memory than this machine: {0}; see -XX:MaxDirectMemorySize", e.getMessage());
            frames.endAt(chunk * CHUNK_FRAMES);
            return false;
        }
    }

    /** Shows a frame at another address of the host, see {@link SharedPages#show}. */
    boolean show(int number, long at, int mappings) {
        return shared != null && shared.show((long) number * PageFrame.SIZE, at, mappings);
    }

    private long host(int number) {
        return shared != null
                ? shared.address + (long) number * PageFrame.SIZE
                : chunks[number / CHUNK_FRAMES].address() + (long) (number % CHUNK_FRAMES) * PageFrame.SIZE;
    }

    @Override
    public void pin(Frame frame, boolean pinned) {
        if (frame instanceof PageFrame page && page.owner != null) {
            page.checkUse();
            if (pinned) {
                queue.remove(page);
            } else if (!queue.has(page)) {
                queue.add(page);
            }
        }
    }

    @Override
    public void free(Frame frame) {
        if (!(frame instanceof PageFrame page) || page.memory != this) {
            throw new IllegalArgumentException("not a frame of this memory");
        }
        if (!free(page, "was freed")) {
            throw new IllegalStateException(
                    "page frame at " + Long.toHexString(page.address()) + " was freed before");
        }
    }

    /** Frees one if it was not before. @param how for who uses it nevertheless */
    boolean free(PageFrame page, String how) {
        if (!page.release(how)) {
            return false;
        }
        queue.remove(page);
        frames.put(page.number());
        return true;
    }
}
