package kernel.ext.net.api;

import java.util.ArrayDeque;

/**
 * The buffers of a stack, in two sizes, used again and again so that traffic allocates nothing. Not thread-safe: it belongs
 * to one stack.
 */
public final class PacketPool {

    private static final int SMALL = 2048;
    private static final int LARGE = 66 * 1024;
    /** Buffers of a size that are kept for later. */
    private static final int KEPT = 512;

    private final ArrayDeque<PacketBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<PacketBuffer> large = new ArrayDeque<>();
    private int taken;

    /**
     * Lends a buffer.
     *
     * @param headroom bytes before the packet
     * @param count bytes of the packet, of undefined content
     * @throws IllegalArgumentException more than 66 KB are wanted
     */
    public PacketBuffer take(int headroom, int count) {
        boolean few = headroom + count <= SMALL;
        PacketBuffer buffer = (few ? small : large).pollLast();
        if (buffer == null) {
            buffer = new PacketBuffer(few ? SMALL : LARGE);
        }
        buffer.reset(headroom, count);
        buffer.taken = true;
        taken++;
        return buffer;
    }

    /**
     * Takes it back.
     *
     * @throws IllegalStateException it is not lent
     */
    public void give(PacketBuffer buffer) {
        if (!buffer.taken) {
            throw new IllegalStateException("a buffer was given back that was not taken, or was given back before");
        }
        buffer.taken = false;
        taken--;
        ArrayDeque<PacketBuffer> those = buffer.bytes.length == SMALL ? small : large;
        if (those.size() < KEPT) {
            those.addLast(buffer);
        }
    }

    /** How many are lent now. */
    public int taken() {
        return taken;
    }
}
