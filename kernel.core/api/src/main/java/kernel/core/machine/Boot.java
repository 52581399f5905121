package kernel.core.machine;

import java.util.List;

/**
 * How the machine was started: what the firmware of a real one would keep in its non-volatile memory. Constant.
 *
 * @param mode what to do once up
 * @param arguments for {@link Mode#COMMANDS} one text of shell commands; for {@link Mode#EXEC} a program and its arguments
 * @param environment for {@link Mode#EXEC}: {@code NAME=value} strings
 * @param directory host path of the operator's working directory
 * @param home host path of the installation, the folder that holds {@code run/}
 * @param started wall-clock time at which the operator gave the start command, nanoseconds since 1970, or 0 if unknown
 */
public record Boot(Mode mode, List<String> arguments, List<String> environment, String directory, String home,
        long started) {

    /** What to do once up. */
    public enum Mode {
        /** Give the operator a shell. */
        SHELL,
        /** Run shell commands, then switch off. */
        COMMANDS,
        /** Run one user program, then switch off with its status. */
        EXEC,
        /**
         * Run one user program in runs that can be repeated. Arguments: the first seed, the last, the trace's file or the empty
         * text, and then as for {@link #EXEC}.
         */
        SIMULATE,
        /** Take requests ({@link Sessions}) until one of them is to stop. */
        SERVE,
        /** Nothing: somebody else drives the machine (tests). */
        IDLE
    }

    /** Copies the lists. */
    public Boot {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }
}
