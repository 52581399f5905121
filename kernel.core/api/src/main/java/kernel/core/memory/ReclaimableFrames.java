package kernel.core.memory;

/**
 * The page frames that may be taken away, as a {@link PageReplacement} policy sees them: by number, so that choosing one gives no
 * access to it. Numbers are from 0 to {@link #total} - 1. Frames come and go meanwhile; what is asked about one that is gone is
 * answered as if it was not used. Thread-safe.
 */
public interface ReclaimableFrames {

    /** No frame. */
    int NONE = -1;

    /** How many there are. */
    int size();

    /** How many frames the machine has. */
    int total();

    /** The one that is here longest, or was {@linkplain #requeue moved back} longest ago; {@link #NONE}: there is none. */
    int oldest();

    /** The one that came next, or {@link #NONE}. */
    int after(int frame);

    /** Whether the frame may be taken away. */
    boolean contains(int frame);

    /** Whether it was used since this was asked last, or since it came. About a microsecond. */
    boolean used(int frame);

    /** Whether it was changed by user code since it was filled, so that it must be saved before it is reused. */
    boolean changed(int frame);

    /** Makes it the youngest. */
    void requeue(int frame);
}
