package run.measure.dispatch;

/**
 * The event's own procedure: so little that the call shows, but nothing that a compiler could do for many calls at once,
 * because each result depends on the one before.
 */
final class Procedure implements Step, Plain {

    /** What it does. */
    static long next(long number) {
        return Long.rotateLeft(number, 7) ^ 0x9e3779b97f4a7c15L;
    }

    @Override
    public long step(long number) {
        return next(number);
    }
}
