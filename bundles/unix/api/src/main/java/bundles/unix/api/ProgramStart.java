package bundles.unix.api;

import java.util.List;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/**
 * Event: a program is about to be put into memory, for a new process or by execve(2), and the kernel asks what it will find there besides
 * its file. The intrinsic handler answers with what was asked for; a handler bound first that cancels answers with something else:
 * other arguments, a changed environment, the random bytes of another run. Raised in the strand of who starts it.
 */
@Event(binders = Binders.ANYONE)
public interface ProgramStart {

    /**
     * What a program finds on its stack. Whoever answers with his own does not change the arrays of another's.
     *
     * @param arguments all of them, its name first, as bytes
     * @param environment {@code NAME=value}, as bytes
     * @param random the 16 bytes that AT_RANDOM leads to
     */
    record Values(List<byte[]> arguments, List<byte[]> environment, byte[] random) {
        /** Copies the lists. */
        public Values {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
            if (random.length != 16) {
                throw new IllegalArgumentException("AT_RANDOM has 16 bytes, not " + random.length);
            }
        }
    }

    /**
     * What a program is given.
     *
     * @param process id of the process that will run it; of a new one it is not known otherwise yet
     * @param path its file, as it was named
     * @param asked what is asked for
     * @return what it gets
     */
    Values start(int process, String path, Values asked);
}
