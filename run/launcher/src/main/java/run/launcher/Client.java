package run.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

/**
 * Asks the resident kernel: {@code Client SOCKET LC_ALL WORDS...}. Lends it this process's standard streams, passes signals
 * on, and ends with the status that the kernel gives. The kernel reads the words, the environment and the working directory
 * from the host's table of processes.
 *
 * <p>It has a virtual machine of its own each time, so everything here is what starts fast: one kind of native call for all,
 * no lambdas, no formatting, no text but of errors (docs/decisions/0009). For 64-bit Linux.
 *
 * <p>Concurrency: the main thread waits; the JVM's signal threads write lines to the socket, under the monitor, which the main
 * thread holds until it has made the request.
 */
public final class Client {

    private static final int UNAVAILABLE = 70; // EX_SOFTWARE of sysexits.h
    private static final int AF_UNIX = 1, SOCK_STREAM = 1, SOCK_CLOEXEC = 02000000, SOL_SOCKET = 1, SCM_RIGHTS = 1,
            SO_PEERCRED = 17, MSG_NOSIGNAL = 0x4000;
    private static final int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, STATX_BASIC = 0x7FF;
    /** {@code struct sockaddr_un}, its longest path; {@code struct msghdr}, a {@code struct cmsghdr} with three ints. */
    private static final int ADDRESS = 110, LONGEST = 107, MESSAGE = 56, CONTROL = 32, CONTROL_USED = 28;
    private static final int SIGQUIT = 3, SIG_IGN = 1;
    /** The descriptor that the script keeps free for {@link #listenForQuit}; its number must be SIGQUIT's. */
    private static final int QUIT_DESCRIPTOR = SIGQUIT;
    private static final long POLLIN = 1;
    /** What the JVM gives away of the host's signals that a program may want. */
    private static final String[] SIGNALS = {"INT", "TERM", "HUP", "USR1", "USR2", "WINCH", "TSTP", "CONT", "ALRM"};

    private static final SymbolLookup LIBRARY = Linker.nativeLinker().defaultLookup();
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final String command;
    private int socket;
    private MemorySegment polls;

    private Client(String command) {
        this.command = command;
    }

    /** Never returns. @param words as the class says; the word {@code train} alone asks itself, for the start-up cache */
    public static void main(String[] words) {
        Client client = new Client(words.length < 3 ? "train" : words[2]);
        try {
            if (words.length < 3) {
                client.train();
            } else {
                client.connect(words[0]);
            }
            synchronized (client) { // signals that come now are sent after the request
                client.forward();
                client.request();
            }
            client.leave(client.await());
        } catch (Refused e) {
            client.say(e.getMessage());
        } catch (Throwable e) {
            client.say("the resident kernel cannot be asked: " + e);
        }
        client.leave(UNAVAILABLE);
    }

    /** The kernel cannot be asked; the message says why. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** Calls a function of the C library; -1 in the lower half says that it failed. */
    private static int call(String name, long a, long b, long c, long d, long e) throws Throwable {
        return (int) (long) CALL.invokeExact(LIBRARY.find(name).get(), a, b, c, d, e);
    }

    private static MemorySegment allocate(int bytes) {
        return Arena.global().allocate(bytes, 8);
    }

    private static MemorySegment text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = allocate(bytes.length + 1);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    private void connect(String path) throws Throwable {
        String folder = path.substring(0, path.lastIndexOf('/'));
        int user = call("geteuid", 0, 0, 0, 0, 0);
        MemorySegment found = allocate(256); // struct statx
        if (call("statx", AT_FDCWD, text(folder).address(), AT_SYMLINK_NOFOLLOW, STATX_BASIC, found.address()) == -1) {
            throw new Refused("the resident kernel is gone; run/spin start starts another");
        }
        int mode = found.get(ValueLayout.JAVA_SHORT, 28);
        if (found.get(ValueLayout.JAVA_INT, 20) != user || (mode & 0170000) != 0040000 || (mode & 077) != 0) {
            throw new Refused(folder + " is not a folder of yours alone, so what listens there is not trusted: "
                    + "chmod 700 or remove it, or use --new");
        }
        MemorySegment name = text(path);
        if (name.byteSize() > LONGEST + 1) {
            throw new Refused(path + " is too long for a socket: set XDG_RUNTIME_DIR shorter");
        }
        MemorySegment address = allocate(ADDRESS);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, 2, name.byteSize());
        socket = call("socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0, 0);
        if (call("connect", socket, address.address(), ADDRESS, 0, 0) == -1) {
            throw new Refused(
                    "nobody listens at " + path + ": the resident kernel is gone; run/spin start starts another");
        }
        MemorySegment peer = allocate(16); // struct ucred: pid, uid, gid; and its size
        peer.set(ValueLayout.JAVA_INT, 12, 12);
        call("getsockopt", socket, SOL_SOCKET, SO_PEERCRED, peer.address(), peer.address() + 12);
        if (peer.get(ValueLayout.JAVA_INT, 4) != user) {
            throw new Refused("what listens at " + path + " is another user's");
        }
    }

    /** A socket to itself at which the status has come already. */
    private void train() throws Throwable {
        MemorySegment pair = allocate(8);
        call("socketpair", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.address(), 0);
        socket = pair.get(ValueLayout.JAVA_INT, 0);
        call("send", pair.get(ValueLayout.JAVA_INT, 4), allocate(8).address(), 1, 0, 0);
    }

    private void request() throws Throwable {
        MemorySegment control = allocate(CONTROL);
        control.set(ValueLayout.JAVA_LONG, 0, CONTROL_USED);
        control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
        control.set(ValueLayout.JAVA_INT, 20, 1);
        control.set(ValueLayout.JAVA_INT, 24, 2);
        MemorySegment vector = allocate(16);
        vector.set(ValueLayout.JAVA_LONG, 0, allocate(8).address());
        vector.set(ValueLayout.JAVA_LONG, 8, 1);
        MemorySegment message = allocate(MESSAGE);
        message.set(ValueLayout.JAVA_LONG, 16, vector.address());
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        message.set(ValueLayout.JAVA_LONG, 32, control.address());
        message.set(ValueLayout.JAVA_LONG, 40, CONTROL);
        if (call("sendmsg", socket, message.address(), MSG_NOSIGNAL, 0, 0) != 1) {
            throw new Refused("the resident kernel did not take the request");
        }
    }

    /**
     * Passes signals on. By reflection, because javac warns of the class whatever one says. What the JVM keeps for itself,
     * or what was ignored from the start (nohup), stays as it is; of SIGQUIT the script says that
     * by the property {@code spin.quit.ignored}.
     */
    private void forward() throws Throwable {
        polls = allocate(16);
        polls.set(ValueLayout.JAVA_INT, 0, socket);
        polls.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
        polls.set(ValueLayout.JAVA_SHORT, 12, (short) POLLIN);
        listenForQuit();
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Method handle = signal.getMethod("handle", signal, handlerType);
        Object handler = Proxy.newProxyInstance(Client.class.getClassLoader(), new Class<?>[]{handlerType},
                new Handler(this));
        for (String name : SIGNALS) {
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        }
    }

    /** Gets the JVM's signals. */
    private static final class Handler implements java.lang.reflect.InvocationHandler {
        private final Client client;

        Handler(Client client) {
            this.client = client;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> {
                    String text = arguments[0].toString(); // SIGINT
                    client.send(text.substring("SIG".length()));
                    yield null;
                }
            };
        }
    }

    private synchronized void send(String signal) throws Throwable {
        MemorySegment line = text(signal + "\n");
        call("send", socket, line.address(), line.byteSize() - 1, MSG_NOSIGNAL, 0);
    }

    /**
     * The JVM keeps SIGQUIT (Ctrl-\) for itself and gives it to no handler in Java. A native handler may call but few
     * functions, of which close(2) is one; called with the signal's number it closes the descriptor of that number, the
     * writing end of a pipe, at whose reading end the main thread then sees the end.
     */
    private void listenForQuit() throws Throwable {
        polls.set(ValueLayout.JAVA_INT, 8, -1);
        if (Boolean.getBoolean("spin.quit.ignored")) {
            call("signal", SIGQUIT, SIG_IGN, 0, 0, 0); // for the JVM has not left it so
            return;
        }
        MemorySegment pipe = allocate(8);
        if (call("pipe2", pipe.address(), SOCK_CLOEXEC, 0, 0, 0) == -1) {
            return;
        }
        call("dup2", pipe.get(ValueLayout.JAVA_INT, 4), QUIT_DESCRIPTOR, 0, 0, 0);
        call("close", pipe.get(ValueLayout.JAVA_INT, 4), 0, 0, 0, 0);
        polls.set(ValueLayout.JAVA_INT, 8, pipe.get(ValueLayout.JAVA_INT, 0));
        call("signal", SIGQUIT, LIBRARY.find("close").get().address(), 0, 0, 0);
    }

    /** Waits for the status. */
    private int await() throws Throwable {
        MemorySegment status = allocate(8);
        while (true) {
            polls.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
            polls.set(ValueLayout.JAVA_SHORT, 14, (short) 0);
            if (call("poll", polls.address(), 2, -1, 0, 0) <= 0) {
                continue; // interrupted by a signal
            }
            if (polls.get(ValueLayout.JAVA_SHORT, 14) != 0) {
                call("close", polls.get(ValueLayout.JAVA_INT, 8), 0, 0, 0, 0);
                listenForQuit();
                send("QUIT");
            }
            if (polls.get(ValueLayout.JAVA_SHORT, 6) != 0) {
                if (call("recv", socket, status.address(), 1, 0, 0) == 1) {
                    return status.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
                }
                throw new Refused("the resident kernel ended before it answered (run/spin status); "
                        + "its log is beside its socket");
            }
        }
    }

    private void say(String message) {
        byte[] line = ("run/spin " + command + ": " + message + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileOutputStream errors = new FileOutputStream(FileDescriptor.err)) {
            errors.write(line);
        } catch (IOException e) {
            // nobody listens; the status says it as well
        }
    }

    private void leave(int status) {
        Runtime.getRuntime().halt(status); // nothing has to be tidied up
    }
}
