package bundles.policies.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;

/**
 * Makes system calls in the name of a program, as if it had made them itself, so that all that is done and known of it is what the
 * UNIX server does and knows. For the program's own strand, from inside an event. Registers that calls change are the caller's to
 * restore.
 */
final class Guest {

    static final int EXIT_GROUP = 405, READ = 3, CLOSE = 6, CHDIR = 12, BRK = 17, LSEEK = 19, OPEN = 45, READLINK = 58,
            EXECVE = 59,
            UMASK = 60, MMAP = 71, MUNMAP = 73, MPROTECT = 74, DUP2 = 90, FCNTL = 92, SIGALTSTACK = 235,
            GETSYSINFO = 256, SETSYSINFO = 257, RT_SIGACTION = 352, RT_SIGPROCMASK = 353;
    static final int EBADF = 9;
    static final long PRIVATE_ANONYMOUS = 0x12, FIXED = 0x100, READ_WRITE = 3;
    /** Bytes of the program's memory that calls may use. */
    static final int ROOM = 128 << 10;

    private final Syscall syscalls;
    private final UserContext context;
    /** Where they are; 0: nowhere. */
    private long room;

    Guest(Syscall syscalls, UserContext context) {
        this.syscalls = syscalls;
        this.context = context;
    }

    /** Makes a call. @return what it answers; minus the number of the error if it failed, as Linux does it elsewhere */
    long tryCall(int number, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            context.setArgument(i, arguments[i]);
        }
        syscalls.syscall(context, number);
        return context.failed() ? -context.result() : context.result();
    }

    long call(String what, int number, long... arguments) throws Refused {
        long answer = tryCall(number, arguments);
        if (context.failed()) {
            throw new Refused(what + " failed with error " + context.result());
        }
        return answer;
    }

    /** Room for what calls read and write. */
    long room() throws Refused {
        if (room == 0) {
            room = call("getting memory for system calls", MMAP, 0, ROOM, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
        }
        return room;
    }

    /** Gives the room back. */
    void leave() {
        if (room != 0) {
            tryCall(MUNMAP, room, ROOM);
            room = 0;
        }
    }

    /** The program has another memory now, in which there is no room yet. */
    void moved() {
        room = 0;
    }

    byte[] get(long address, int length) throws Refused {
        byte[] bytes = new byte[length];
        if (context.copyIn(address, bytes, 0, length) < length) {
            throw new Refused("memory at 0x%x cannot be read".formatted(address));
        }
        return bytes;
    }

    void put(long address, byte[] bytes) throws Refused {
        if (context.copyOut(address, bytes, 0, bytes.length) < bytes.length) {
            throw new Refused("memory at 0x%x cannot be written".formatted(address));
        }
    }

    static long word(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    static byte[] bytes(long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            buffer.putLong(word);
        }
        return buffer.array();
    }

    /** Puts a string into the room. @return its address */
    long string(String text) throws Refused {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(room(), Arrays.copyOf(bytes, bytes.length + 1));
        return room;
    }

    /** Where a link of /proc/self leads to. */
    String link(String name) throws Refused {
        long path = string("/proc/self/" + name);
        long length = call("looking at " + name, READLINK, path, path + ROOM / 2, ROOM / 2);
        return new String(get(path + ROOM / 2, Math.toIntExact(length)), StandardCharsets.UTF_8);
    }

    /** The context. */
    UserContext context() {
        return context;
    }
}
