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
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Asks the resident kernel: {@code Client SOCKET LC_ALL WORDS...}. Lends it this process's standard streams, passes signals
 * on, and ends with the status that the kernel gives. The kernel reads the words, the environment and the working directory
 * from the host's table of processes.
 *
 * <p>It has a virtual machine of its own each time, so everything here is what starts fast: one kind of native call for all,
 * no lambdas, memory through buffers (segments have method handles made for each type of value), no formatting, no text but of errors
 * (docs/decisions/0009). For 64-bit Linux.
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
    private static final short POLLIN = 1;
    /** What the JVM gives away of the host's signals that a program may want. */
    private static final String[] SIGNALS = {"INT", "TERM", "HUP", "USR1", "USR2", "WINCH", "TSTP", "CONT", "ALRM"};

    private static final SymbolLookup LIBRARY = Linker.nativeLinker().defaultLookup();
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final String command;
    private final Memory line = Memory.allocate(16);
    private int socket;
    private Memory polls;

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
            synchronized (client) { // signals that come now are sent after the request; a program may ask for them at once
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

    /** Memory that the C library sees as well. @param bytes what is in it */
    private record Memory(ByteBuffer bytes, long address) {

        static Memory allocate(int size) {
            MemorySegment segment = Arena.global().allocate(size, Long.BYTES);
            return new Memory(segment.asByteBuffer().order(ByteOrder.nativeOrder()), segment.address());
        }

        /** A text with a zero behind it. */
        static Memory of(byte[] text) {
            Memory memory = allocate(text.length + 1);
            memory.bytes.put(0, text);
            return memory;
        }
    }

    private void connect(String path) throws Throwable {
        String folder = path.substring(0, path.lastIndexOf('/'));
        int user = call("geteuid", 0, 0, 0, 0, 0);
        Memory found = Memory.allocate(256); // struct statx
        long name = Memory.of(folder.getBytes(StandardCharsets.UTF_8)).address;
        if (call("statx", AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC, found.address) == -1) {
            throw new Refused("the resident kernel is gone; run/spin start starts another");
        }
        int mode = found.bytes.getShort(28);
        if (found.bytes.getInt(20) != user || (mode & 0170000) != 0040000 || (mode & 077) != 0) {
            throw new Refused(folder + " is not a folder of yours alone, so what listens there is not trusted: "
                    + "chmod 700 or remove it, or use --new");
        }
        byte[] text = path.getBytes(StandardCharsets.UTF_8);
        if (text.length > LONGEST) {
            throw new Refused(path + " is too long for a socket: set XDG_RUNTIME_DIR shorter");
        }
        Memory address = Memory.allocate(ADDRESS);
        address.bytes.putShort(0, (short) AF_UNIX);
        address.bytes.put(2, text);
        socket = call("socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0, 0);
        if (call("connect", socket, address.address, ADDRESS, 0, 0) == -1) {
            throw new Refused(
                    "nobody listens at " + path + ": the resident kernel is gone; run/spin start starts another");
        }
        Memory peer = Memory.allocate(16); // struct ucred: pid, uid, gid; and its size
        peer.bytes.putInt(12, 12);
        call("getsockopt", socket, SOL_SOCKET, SO_PEERCRED, peer.address, peer.address + 12);
        if (peer.bytes.getInt(4) != user) {
            throw new Refused("what listens at " + path + " is another user's");
        }
    }

    /** A socket to itself at which the status has come already. */
    private void train() throws Throwable {
        Memory pair = Memory.allocate(8);
        call("socketpair", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.address, 0);
        socket = pair.bytes.getInt(0);
        call("send", pair.bytes.getInt(4), Memory.allocate(8).address, 1, 0, 0);
    }

    private void request() throws Throwable {
        Memory control = Memory.allocate(CONTROL);
        control.bytes.putLong(0, CONTROL_USED);
        control.bytes.putInt(8, SOL_SOCKET);
        control.bytes.putInt(12, SCM_RIGHTS);
        control.bytes.putInt(20, 1);
        control.bytes.putInt(24, 2);
        Memory vector = Memory.allocate(16);
        vector.bytes.putLong(0, Memory.allocate(8).address);
        vector.bytes.putLong(8, 1);
        Memory message = Memory.allocate(MESSAGE);
        message.bytes.putLong(16, vector.address);
        message.bytes.putLong(24, 1);
        message.bytes.putLong(32, control.address);
        message.bytes.putLong(40, CONTROL);
        if (call("sendmsg", socket, message.address, MSG_NOSIGNAL, 0, 0) != 1) {
            throw new Refused("the resident kernel did not take the request");
        }
    }

    /**
     * Passes signals on. By reflection, because javac warns of the class whatever one says. What the JVM keeps for itself,
     * or what was ignored from the start (nohup), stays as it is; of SIGQUIT the script says that
     * by the property {@code spin.quit.ignored}.
     */
    private void forward() throws Throwable {
        polls = Memory.allocate(16);
        polls.bytes.putInt(0, socket);
        polls.bytes.putShort(4, POLLIN);
        polls.bytes.putShort(12, POLLIN);
        listenForQuit();
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Method handle = signal.getMethod("handle", signal, handlerType);
        Object handler = Proxy.newProxyInstance(Client.class.getClassLoader(), new Class<?>[]{handlerType},
                new Handler(this));
        Constructor<?> named = signal.getConstructor(String.class);
        for (String name : SIGNALS) {
            handle.invoke(null, named.newInstance(name), handler);
        }
    }

    /** Gets the JVM's signals. */
    private record Handler(Client client) implements InvocationHandler {

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
        byte[] text = (signal + "\n").getBytes(StandardCharsets.US_ASCII);
        line.bytes.put(0, text);
        call("send", socket, line.address, text.length, MSG_NOSIGNAL, 0);
    }

    /**
     * The JVM keeps SIGQUIT (Ctrl-\) for itself and gives it to no handler in Java. A native handler may call but few
     * functions, of which close(2) is one; called with the signal's number it closes the descriptor of that number, the
     * writing end of a pipe, at whose reading end the main thread then sees the end.
     */
    private void listenForQuit() throws Throwable {
        polls.bytes.putInt(8, -1);
        if (Boolean.getBoolean("spin.quit.ignored")) {
            call("signal", SIGQUIT, SIG_IGN, 0, 0, 0); // for the JVM has not left it so
            return;
        }
        Memory pipe = Memory.allocate(8);
        if (call("pipe2", pipe.address, SOCK_CLOEXEC, 0, 0, 0) == -1) {
            return;
        }
        call("dup2", pipe.bytes.getInt(4), QUIT_DESCRIPTOR, 0, 0, 0);
        call("close", pipe.bytes.getInt(4), 0, 0, 0, 0);
        polls.bytes.putInt(8, pipe.bytes.getInt(0));
        call("signal", SIGQUIT, LIBRARY.find("close").get().address(), 0, 0, 0);
    }

    /** Waits for the status. */
    private int await() throws Throwable {
        Memory status = Memory.allocate(8);
        while (true) {
            polls.bytes.putShort(6, (short) 0);
            polls.bytes.putShort(14, (short) 0);
            if (call("poll", polls.address, 2, -1, 0, 0) <= 0) {
                continue; // interrupted by a signal
            }
            if (polls.bytes.getShort(14) != 0) {
                call("close", polls.bytes.getInt(8), 0, 0, 0, 0);
                listenForQuit();
                send("QUIT");
            }
            if (polls.bytes.getShort(6) != 0) {
                if (call("recv", socket, status.address, 1, 0, 0) == 1) {
                    return status.bytes.get(0) & 0xFF;
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
