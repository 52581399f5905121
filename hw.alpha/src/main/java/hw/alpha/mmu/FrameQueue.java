package hw.alpha.mmu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.ReclaimableFrames;

/**
 * The frames that owners may be asked for, the oldest first. Thread-safe: the monitor guards the links; owners are asked
 * without it.
 */
final class FrameQueue implements ReclaimableFrames {

    private final PageFrame[] frames;
    private PageFrame oldest;
    private PageFrame youngest;
    private int size;

    /** @param total frames that the machine has */
    FrameQueue(int total) {
        frames = new PageFrame[total];
    }

    /** Adds a frame that has an owner and is not in the queue. */
    synchronized void add(PageFrame frame) {
        frames[frame.number()] = frame;
        append(frame);
        size++;
    }

    /** Removes a frame that is in the queue, or was never. */
    synchronized void remove(PageFrame frame) {
        if (frames[frame.number()] == frame) {
            frames[frame.number()] = null;
            unlink(frame);
            size--;
        }
    }

    /** The frame that has a number, or null. */
    synchronized PageFrame get(int number) {
        return number < 0 || number >= frames.length ? null : frames[number];
    }

    /** Whether a frame is one that may be taken away. */
    synchronized boolean has(Frame frame) {
        return frame instanceof PageFrame page && get(page.number()) == page;
    }

    /** Those that are as is asked for. */
    synchronized List<PageFrame> all(Predicate<PageFrame> which) {
        List<PageFrame> all = new ArrayList<>();
        for (PageFrame frame = oldest; frame != null; frame = frame.younger) {
            if (which.test(frame)) {
                all.add(frame);
            }
        }
        return all;
    }

    private void append(PageFrame frame) {
        frame.older = youngest;
        frame.younger = null;
        if (youngest == null) {
            oldest = frame;
        } else {
            youngest.younger = frame;
        }
        youngest = frame;
    }

    private void unlink(PageFrame frame) {
        if (frame.older == null) {
            oldest = frame.younger;
        } else {
            frame.older.younger = frame.younger;
        }
        if (frame.younger == null) {
            youngest = frame.older;
        } else {
            frame.younger.older = frame.older;
        }
        frame.older = null;
        frame.younger = null;
    }

    @Override
    public synchronized int size() {
        return size;
    }

    @Override
    public int total() {
        return frames.length;
    }

    @Override
    public synchronized int oldest() {
        return oldest == null ? NONE : oldest.number();
    }

    @Override
    public synchronized int after(int number) {
        PageFrame frame = get(number);
        return frame == null || frame.younger == null ? NONE : frame.younger.number();
    }

    @Override
    public boolean contains(int number) {
        return get(number) != null;
    }

    @Override
    public boolean used(int number) {
        PageFrame frame = get(number);
        FrameOwner owner = frame == null ? null : frame.owner;
        return owner != null && owner.used(frame);
    }

    @Override
    public boolean changed(int number) {
        PageFrame frame = get(number);
        return frame != null && (frame.marks() & Frame.CHANGED) != 0;
    }

    @Override
    public synchronized void requeue(int number) {
        PageFrame frame = get(number);
        if (frame != null && frame != youngest) {
            unlink(frame);
            append(frame);
        }
    }
}
