package run.itest.door;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** An event that its owner keeps for itself. */
@Event
public interface Door {

    /** Opens. */
    int open(@Key("key") int key);
}
