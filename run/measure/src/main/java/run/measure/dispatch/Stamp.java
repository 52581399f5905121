package run.measure.dispatch;

import kernel.core.dispatch.Event;

/** Tells when it was raised. Public because a stub must implement it. */
@Event
public interface Stamp {

    /** @param nanos {@link System#nanoTime} directly before the raise */
    void stamp(long nanos);
}
