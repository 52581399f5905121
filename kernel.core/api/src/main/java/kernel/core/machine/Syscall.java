package kernel.core.machine;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatch.Key;

/**
 * Event: user code asked the kernel for service (on the Alpha: {@code CALL_PAL callsys}). The intrinsic handler serves it
 * by {@link UserContext#succeed} or {@link UserContext#fail}; a handler bound first sees the arguments, one bound last
 * sees the result as well (SPIN's {@code Trap.Syscall}). Handlers of single calls name their numbers as keys.
 */
@Event(binders = Binders.ANYONE)
public interface Syscall {

    /**
     * @param context who asks; arguments by {@link UserContext#argument}
     * @param number the system call's number, in the numbers of the emulated system
     */
    void syscall(UserContext context, @Key("number") int number);
}
