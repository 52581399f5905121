package kernel.core.machine;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/**
 * Event: bytes came in on the console line. The intrinsic handler gives them to whoever reads the console; a handler
 * bound first may look at them (SPIN's Console, SOSP'95 section 3.2).
 */
@Event(binders = Binders.ANYONE)
public interface ConsoleInput {

    /**
     * @param bytes the bytes; valid during the raise, handlers must not change or keep the array
     * @param length how many of them, from index 0
     */
    void input(byte[] bytes, int length);
}
