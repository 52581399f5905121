package bundles.unix.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import kernel.core.machine.Session;

/** Starts and finds UNIX processes. Thread-safe. */
public interface Processes {

    /**
     * Starts a program.
     *
     * @throws ExecException it cannot be started; the message says why and the status is what a UNIX shell would give
     */
    Process start(Launch launch) throws ExecException;

    /**
     * Puts the machine's console before the terminal of a process that was started {@link Streams.OnTerminal}: what is typed is for it.
     *
     * @return {@code false}: it has no such terminal, or another one has the console
     * @throws IOException the console fails
     */
    boolean toFront(Process process) throws IOException;

    /**
     * Takes the console away from a process that has it, after showing what it has written. Does nothing if it has it not.
     *
     * @throws IOException the console fails
     */
    void toBack(Process process) throws IOException;

    /**
     * Takes, of what was typed on the console and read by no program, what comes first: up to the first end of a line, that included, or all
     * if there is none. Who reads the console itself reads this before. What is left is for the next program that is put in front.
     *
     * @return bytes as they were typed; empty if there is nothing
     */
    default byte[] takeLine() {
        return new byte[0];
    }

    /**
     * Lets a debugger attach to a process that runs: GDB's remote protocol is served, once, at a port of this host's loopback. The process
     * goes on until somebody connects.
     *
     * @param port from 1 to 65,535; 0: any that is free
     * @return the port
     * @throws IOException the port cannot be listened at, or the process has ended or is being debugged
     */
    int debug(Process process, int port) throws IOException;

    /** Those that have not been waited for, by id. */
    List<Process> processes();

    /** The one with this id, or null. */
    Process find(int id);

    /**
     * What to start.
     *
     * @param path the host's file, absolute or relative to {@code directory}
     * @param arguments all of them, the program's name as element 0
     * @param environment {@code NAME=value} strings
     * @param directory the host's folder that is the working directory
     * @param streams what its standard streams are
     */
    record Launch(String path, List<String> arguments, List<String> environment, String directory, Streams streams) {
        /** Copies the lists. */
        public Launch {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
        }
    }

    /** Standard streams of a new process. */
    sealed interface Streams {
        /** All three are the machine's console. */
        record OnConsole() implements Streams {}

        /**
         * All three are a terminal of its own, whose output goes to the machine's console, and whose input comes from there while
         * {@link Processes#toFront} has put it in front. So several programs share a console with who starts them, each with its
         * own settings and job control.
         */
        record OnTerminal() implements Streams {}

        /**
         * Those of somebody outside. His terminal is the process's, and his umask. Who ends the session does so when the
         * process has ended.
         *
         * @param session whose channels they are
         */
        record OnSession(Session session) implements Streams {}

        /**
         * Somebody's streams. Each is used by one strand at a time; the process closes them when it ends.
         *
         * @param input standard input; {@code InputStream.nullInputStream()} if there is none
         * @param output standard output
         * @param error standard error, may be the same
         */
        record Attached(InputStream input, OutputStream output, OutputStream error) implements Streams {}
    }
}
