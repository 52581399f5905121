package kernel.core.machine;

import java.util.List;
import java.util.function.Consumer;

/**
 * A request from outside and what the asker lends for it: his three standard streams, which are the very ones that he has
 * (position, mode and settings are shared), his environment and his signals. Thread-safe.
 */
public interface Session {

    /** What is asked for, word by word, as {@link HostText} has it; the first is the command. */
    List<String> words();

    /** The asker's environment: {@code NAME=value} strings, as {@link HostText} has them. */
    List<String> environment();

    /** Host path of the asker's working directory. */
    String directory();

    /** Permissions that files made by the asker do not get, 0 to 0777. */
    int umask();

    /**
     * One of the asker's standard streams.
     *
     * @param number {@link Console#INPUT}, {@link Console#OUTPUT} or {@link Console#ERROR}
     */
    Channel channel(int number);

    /**
     * Says who is told of signals that the asker gets. Those that came before are told at once, in the calling strand.
     *
     * @param listener is given names as {@link ConsoleSignal} has them; {@code KILL} when the asker is gone. Must not wait
     */
    void listen(Consumer<String> listener);

    /**
     * Stops the asker as his own system's job control does: his shell notices, and when it continues him the listener is
     * told {@code CONT}. Does nothing when he cannot be stopped.
     */
    default void suspend() {}

    /**
     * Gives the streams back, tells the asker how it ended and forgets him. The first status given counts.
     *
     * @param status 0 to 255
     */
    void end(int status);
}
