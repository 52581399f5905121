package run.measure.dispatch;

/** A procedure that is no event: what peers call, and what the many events have in common. */
public interface Plain {

    /** The next number after this one. */
    long step(long number);
}
