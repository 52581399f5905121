package hw.alpha.device;

import hw.alpha.host.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Tells of SIGQUIT (Ctrl-\), which the JVM keeps for itself and gives to no handler in Java. A handler of the host's may call but few
 * functions; eventfd_write(3), called with the signal's number and the address of what is known of it, adds something to the counter with the
 * descriptor of that number, which a thread waits for. So that descriptor must be free: the script that starts the machine says so by a
 * property. For 64-bit Linux.
 */
final class QuitSignal {

    /** Property of the JVM: set if the descriptor that has SIGQUIT's number is kept for this. */
    static final String KEPT = "spin.quit.kept";

    private static final int SIGQUIT = 3, DESCRIPTOR = SIGQUIT;
    private static final int EFD_CLOEXEC = 02000000, EFD_NONBLOCK = 04000, SA_SIGINFO = 4, SA_RESTART = 0x1000_0000;
    /** {@code struct sigaction} of bits/sigaction.h: handler, mask of 128 bytes, flags. */
    private static final int ACTION = 152, FLAGS = 136;
    private static final short POLLIN = 1;

    private QuitSignal() {}

    /** Has somebody told from now on, in a thread of its own, if the descriptor is kept; else SIGQUIT stays the JVM's. */
    static void listen(Runnable told) throws IOException {
        if (!Boolean.getBoolean(KEPT)) {
            return;
        }
        int counter = new Libc("eventfd").call(0, EFD_CLOEXEC | EFD_NONBLOCK, 0);
        new Libc("dup3").call(counter, DESCRIPTOR, EFD_CLOEXEC);
        new Libc("close").call(counter, 0, 0);
        Thread.ofPlatform().daemon().name("quit key").start(() -> waitFor(told));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(ACTION, 8);
            action.set(ValueLayout.JAVA_LONG, 0,
                    Linker.nativeLinker().defaultLookup().find("eventfd_write").orElseThrow().address());
            action.set(ValueLayout.JAVA_INT, FLAGS, SA_SIGINFO | SA_RESTART);
            new Libc("sigaction").call(SIGQUIT, action.address(), 0);
        }
    }

    private static void waitFor(Runnable told) {
        var poll = new Libc("poll");
        var read = new Libc("read");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(8, 4); // struct pollfd: int fd; short events, revents
            request.set(ValueLayout.JAVA_INT, 0, DESCRIPTOR);
            request.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            while (true) {
                poll.call(request.address(), 1, -1);
                read.call(DESCRIPTOR, count.address(), Long.BYTES);
                told.run();
            }
        } catch (Libc.Failed e) {
            System.getLogger("hw.alpha").log(System.Logger.Level.WARNING, "Ctrl-\\ is lost", e);
        }
    }
}
