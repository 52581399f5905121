package run.measure.dispatch;

import kernel.core.dispatch.Event;

/** As {@link Stamp}, and the whole event is asynchronous. */
@Event(async = true)
public interface AsyncStamp {

    /** @param nanos {@link System#nanoTime} directly before the raise */
    void stamp(long nanos);
}
