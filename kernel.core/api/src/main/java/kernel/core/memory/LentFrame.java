package kernel.core.memory;

import java.util.Objects;

/**
 * A frame that somebody may use for the time of a call, such as a pager that fills it. Afterwards whoever lent it ends that, and what
 * was kept is of no use: each call fails. Thread-safe: {@link #end} waits for a transfer that is under way.
 */
public final class LentFrame implements Frame {

    private final Frame frame;
    private boolean over;

    /** @param frame what is lent */
    public LentFrame(Frame frame) {
        this.frame = Objects.requireNonNull(frame);
    }

    /** Takes it back. Idempotent. */
    public synchronized void end() {
        over = true;
    }

    private Frame frame() {
        if (over) {
            throw new IllegalStateException("page frame at 0x" + Long.toHexString(frame.address())
                    + " was lent for the time of a call, which is over; keep the bytes, not the frame");
        }
        return frame;
    }

    @Override
    public long address() {
        return frame.address();
    }

    @Override
    public synchronized void read(int position, byte[] to, int offset, int length) {
        frame().read(position, to, offset, length);
    }

    @Override
    public synchronized void write(int position, byte[] from, int offset, int length) {
        frame().write(position, from, offset, length);
    }

    @Override
    public synchronized int marks() {
        return frame().marks();
    }

    /** {@inheritDoc} Marks are its owner's to clear. @throws UnsupportedOperationException always */
    @Override
    public void clear(int marks) {
        throw new UnsupportedOperationException("the marks of a frame that was lent are its owner's");
    }
}
