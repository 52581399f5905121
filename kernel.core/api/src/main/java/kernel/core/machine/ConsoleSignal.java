package kernel.core.machine;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/**
 * Event: the operator asked for the attention of what runs in the foreground, by a key of the terminal (Ctrl-C) or from
 * outside (the host's {@code kill}). The intrinsic handler passes it on to the foreground process.
 */
@Event(binders = Binders.ANYONE)
public interface ConsoleSignal {

    /** @param name as POSIX names it, without {@code SIG}: {@code INT}, {@code TERM}, {@code HUP}, {@code WINCH} ... */
    void signal(String name);
}
