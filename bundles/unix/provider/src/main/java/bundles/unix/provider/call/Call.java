package bundles.unix.provider.call;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import kernel.core.machine.UserContext;

/**
 * A system call.
 *
 * @param number its number on Linux/Alpha (asm/unistd_32.h)
 * @param name its name there
 * @param arguments kinds of its arguments, see {@link bundles.unix.api.SyscallTable#arguments}; empty if not known
 * @param support how far it is supported
 * @param missing what is missing, if it is supported partly; why, if it is not; else empty
 * @param body what serves it; null if it is not supported
 */
record Call(int number, String name, String arguments, Support support, String missing, Body body) {

    /** How far a call is supported. */
    enum Support {
        SUPPORTED, PARTLY, NOT
    }

    /** Serves a call in the process's strand; ends it by {@link UserContext#succeed}, or throws. */
    @FunctionalInterface
    interface Body {
        /** Serves the call. */
        void serve(UnixThread thread, UserContext context) throws ErrnoException, IOException;
    }

    /** Serves a call and answers its result. */
    @FunctionalInterface
    interface Function {
        /** Serves the call. */
        long serve(UnixThread thread, UserContext context) throws ErrnoException, IOException;

        /** As a body. */
        default Body body() {
            return (thread, context) -> context.succeed(serve(thread, context));
        }
    }

    /** A call that is supported. */
    static Call full(int number, String name, String arguments, Function function) {
        return new Call(number, name, arguments, Support.SUPPORTED, "", function.body());
    }

    /** A call that is supported but for what is missing. */
    static Call partly(int number, String name, String arguments, String missing, Function function) {
        return new Call(number, name, arguments, Support.PARTLY, missing, function.body());
    }

    /** A call that sets registers itself. */
    static Call raw(int number, String name, String arguments, Body body) {
        return new Call(number, name, arguments, Support.SUPPORTED, "", body);
    }

    /** A call that is not supported: ENOSYS. @param why it is not */
    static Call not(int number, String name, String arguments, String why) {
        return new Call(number, name, arguments, Support.NOT, why, null);
    }
}
