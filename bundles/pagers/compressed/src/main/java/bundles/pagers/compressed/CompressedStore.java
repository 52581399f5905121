package bundles.pagers.compressed;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.PageStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Pages compressed in the machine's own memory, several in a frame. The frames can be taken away as all others: what is in them
 * goes to the disk then, so that what is not used for long ends there. A page that does not become half as small goes
 * there at once.
 *
 * <p>Concurrency: the monitor guards everything; it is held for copying, not for compressing, nor while the next store works.
 * {@link #store} and {@link #repossess} are called by the one strand that takes frames away, so they never meet.
 */
@Component(service = PageStore.class, property = {PageStore.NAME + "=compressed", "service.ranking:Integer=100"})
public final class CompressedStore implements PageStore, FrameOwner {

    /** Into how many slots frames are cut. */
    private static final int[] SLOTS = {16, 8, 6, 4, 3, 2};

    private final PhysAddr memory;
    private final PageStore next;
    private final int page;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] plain;
    private final byte[] packed;
    private final Map<Long, Item> items = new HashMap<>();
    private final Map<Frame, Box> boxes = new IdentityHashMap<>();
    /** Boxes with room, by the number of their slots. */
    private final Map<Integer, Deque<Box>> open = new HashMap<>();
    private Frame transfer;
    private long last;
    private long inBoxes;
    private long bytes;
    private long movedOn;
    private long compressed;
    private long nanos;

    /**
     * @param memory where frames come from
     * @param next where pages go that are not used for long
     */
    @Activate
    public CompressedStore(@Reference PhysAddr memory,
            @Reference(target = "(" + PageStore.NAME + "=disk)") PageStore next) {
        this.memory = memory;
        this.next = next;
        this.page = memory.pageSize();
        this.plain = new byte[page];
        this.packed = new byte[page / 2];
        for (int slots : SLOTS) {
            open.put(slots, new ArrayDeque<>());
        }
    }

    @Override
    public long store(Frame frame) {
        long start = System.nanoTime();
        frame.read(0, plain, 0, page);
        deflater.reset();
        deflater.setInput(plain);
        deflater.finish();
        int length = deflater.deflate(packed);
        boolean small = deflater.finished();
        synchronized (this) {
            nanos += System.nanoTime() - start;
            compressed++;
            Box box = small ? box(length) : null;
            if (box == null) {
                return NONE;
            }
            Item item = new Item();
            box.put(item, packed, length);
            if (box.full()) {
                open.get(box.slots).remove(box);
            }
            inBoxes++;
            bytes += length;
            items.put(++last, item);
            return last;
        }
    }

    /** A box with room, or null. Half of memory at most is for boxes. */
    private Box box(int length) {
        for (int slots : SLOTS) {
            if (length <= page / slots) {
                Deque<Box> some = open.get(slots);
                if (some.isEmpty()) {
                    Frame frame = boxes.size() < memory.total() / 2 ? memory.allocate(this) : null;
                    if (frame == null) {
                        return null;
                    }
                    Box box = new Box(frame, page, slots);
                    boxes.put(frame, box);
                    some.add(box);
                }
                return some.getFirst();
            }
        }
        return null;
    }

    @Override
    public void load(long place, Frame frame) throws IOException {
        byte[] found = null;
        Item item;
        synchronized (this) {
            item = items.get(place);
            if (item == null) {
                throw new IOException("there is no page " + place);
            }
            if (item.box != null) {
                found = item.box.get(item);
            }
        }
        if (found == null) {
            next.load(item.next, frame);
        } else {
            frame.write(0, inflate(found), 0, page);
        }
    }

    private byte[] inflate(byte[] from) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            byte[] to = new byte[page];
            inflater.setInput(from);
            if (inflater.inflate(to) != page) {
                throw new IOException("a compressed page is damaged");
            }
            return to;
        } catch (DataFormatException e) {
            throw new IOException("a compressed page is damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    @Override
    public void free(long place) {
        Item item;
        synchronized (this) {
            item = items.remove(place);
            if (item == null) {
                return;
            }
            item.freed = true;
            if (item.box != null) {
                remove(item);
                return;
            }
        }
        next.free(item.next);
    }

    private void remove(Item item) {
        Box box = item.box;
        boolean full = box.full();
        box.remove(item);
        inBoxes--;
        bytes -= item.length;
        if (!boxes.containsKey(box.frame)) {
            return; // it is being emptied
        }
        Deque<Box> some = open.get(box.slots);
        if (box.empty()) {
            some.remove(box);
            boxes.remove(box.frame);
            memory.free(box.frame);
        } else if (full) {
            some.add(box);
        }
    }

    // The frames

    @Override
    public boolean used(Frame frame) {
        return false;
    }

    /** Moves what is in a frame to the next store. */
    @Override
    public boolean repossess(Frame frame) {
        Box box;
        synchronized (this) {
            if (!boxes.containsKey(frame)) {
                return false; // it was given back just now, perhaps since this store goes and may allocate nothing any more
            }
            transfer = transfer == null ? memory.allocate() : transfer;
            if (transfer == null || next.used() >= next.capacity()) {
                return false;
            }
            box = boxes.remove(frame);
            open.get(box.slots).remove(box);
        }
        boolean all = true;
        for (int slot = 0; slot < box.slots && all; slot++) {
            all = moveOn(box, slot);
        }
        synchronized (this) {
            if (!all && !box.empty()) {
                boxes.put(frame, box);
                if (!box.full()) {
                    open.get(box.slots).add(box);
                }
                return false;
            }
            memory.free(frame);
            return true;
        }
    }

    private boolean moveOn(Box box, int slot) {
        Item item;
        byte[] found;
        synchronized (this) {
            item = box.items[slot];
            if (item == null) {
                return true;
            }
            found = box.get(item);
        }
        long place;
        try {
            transfer.write(0, inflate(found), 0, page);
            place = next.store(transfer);
        } catch (IOException e) {
            place = NONE;
        }
        synchronized (this) {
            if (!item.freed && place >= 0) {
                remove(item);
                item.next = place;
                movedOn++;
                return true;
            }
        }
        if (place >= 0) {
            next.free(place);
        }
        return item.freed;
    }

    @Override
    public long capacity() {
        return 2L * memory.total() + next.capacity();
    }

    @Override
    public synchronized long used() {
        return items.size();
    }

    /** Twice in memory is once too often. */
    @Override
    public boolean keepsLoaded() {
        return false;
    }

    @Override
    public synchronized String note() {
        return "%d pages in %d frames, %.1f KB each; %d moved to the next store; %.0f us to compress one".formatted(
                inBoxes, boxes.size(), inBoxes == 0 ? 0 : bytes / 1024.0 / inBoxes, movedOn,
                compressed == 0 ? 0 : nanos / 1e3 / compressed);
    }

    /** Everything was fetched before. */
    @Deactivate
    synchronized void close() {
        deflater.end();
        if (transfer != null) {
            memory.free(transfer);
            transfer = null;
        }
    }
}
