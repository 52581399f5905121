package kernel.ext.net.provider;

import kernel.ext.net.api.PacketBuffer;

/**
 * Packets that wait for neighbours' hardware addresses, of both families: how many, so that who sends to those who are not there does not fill
 * memory. Used in the stack's strand.
 */
final class Unresolved {

    private static final int MOST = 1024;

    private final Stack stack;
    private int waiting;

    Unresolved(Stack stack) {
        this.stack = stack;
    }

    /** Counts a packet that is to wait, or gives it back if too many do. */
    boolean mayWait(PacketBuffer b) {
        if (waiting >= MOST) {
            stack.counters.unresolved++;
            stack.pool.give(b);
            return false;
        }
        waiting++;
        return true;
    }

    /** So many wait no more. */
    void left(int count) {
        waiting -= count;
    }
}
