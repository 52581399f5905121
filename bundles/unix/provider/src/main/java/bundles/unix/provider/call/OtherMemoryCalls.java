package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.MemoryMap;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/**
 * Memory of other processes and order of memory for other threads: process_vm_readv(2), process_vm_writev(2), membarrier(2).
 *
 * <p>Concurrency: another process's memory is copied through a context of its own that no strand runs, page by page, each under the locks that
 * a system call of that process would take; the two may copy past each other. When that process ends meanwhile, the rest cannot be read.
 */
final class OtherMemoryCalls {

    private static final int MOST = 1024;
    /** Commands of membarrier(2): all that Linux has on the Alpha, where it has neither SYNC_CORE nor RSEQ. */
    private static final int QUERY = 0, GLOBAL = 1, GLOBAL_EXPEDITED = 2, REGISTER_GLOBAL = 4, PRIVATE_EXPEDITED = 8,
            REGISTER_PRIVATE = 16, GET_REGISTRATIONS = 512;

    private OtherMemoryCalls() {}

    static List<Call> calls() {
        return List.of(full(504, "process_vm_readv", "dxdxdx", (t, c) -> copy(t, c, true)),
                full(505, "process_vm_writev", "dxdxdx", (t, c) -> copy(t, c, false)),
                full(517, "membarrier", "dxd", OtherMemoryCalls::barrier));
    }

    /** Pieces of memory, which are used up. */
    private static final class Vector {
        private final ByteBuffer pieces;
        private long at;
        private long left;

        Vector(UserMemory memory, long address, long count) throws ErrnoException {
            if (count < 0 || count > MOST) {
                throw Errno.EINVAL.exception();
            }
            pieces = memory.read(address, (int) count * 16);
            long total = 0;
            for (int i = 0; i < count; i++) {
                long length = pieces.getLong(16 * i + 8);
                total += length;
                if (length < 0 || total < 0) {
                    throw Errno.EINVAL.exception();
                }
            }
        }

        /** Bytes that are left of the present piece; 0: there is none. */
        long left() {
            while (left == 0 && pieces.hasRemaining()) {
                at = pieces.getLong();
                left = pieces.getLong();
            }
            return left;
        }

        void advance(int count) {
            at += count;
            left -= count;
        }
    }

    private static long copy(UnixThread thread, UserContext context, boolean in) throws ErrnoException {
        if (context.argument(5) != 0) {
            throw Errno.EINVAL.exception();
        }
        var own = new Vector(thread.memory(), context.argument(1), context.argument(2));
        if (own.left() == 0) {
            return 0;
        }
        var others = new Vector(thread.memory(), context.argument(3), context.argument(4));
        if (others.left() == 0) {
            return 0;
        }
        UserContext other = thread.kernel().processor()
                .create(map(thread, (int) context.argument(0)).space().translation());
        byte[] bytes = thread.memory().transfer();
        long total = 0;
        while (own.left() > 0 && others.left() > 0) {
            int part = (int) Math.min(bytes.length, Math.min(own.left(), others.left()));
            UserContext from = in ? other : context;
            UserContext to = in ? context : other;
            int got = from.copyIn(in ? others.at : own.at, bytes, 0, part);
            int put = to.copyOut(in ? own.at : others.at, bytes, 0, got);
            total += put;
            if (put < part) {
                break;
            }
            own.advance(part);
            others.advance(part);
        }
        if (total == 0) {
            throw Errno.EFAULT.exception();
        }
        return total;
    }

    private static MemoryMap map(UnixThread thread, int id) throws ErrnoException {
        UnixProcess process = thread.kernel().table().find(id);
        UnixThread other = process == null ? thread.kernel().table().thread(id) : null;
        UnixProcess found = other == null ? process : other.process();
        if (found == null || found.ended()) {
            throw Errno.ESRCH.exception();
        }
        return found.map();
    }

    private static long barrier(UnixThread thread, UserContext context) throws ErrnoException {
        int command = (int) context.argument(0);
        if (context.argument(1) != 0) {
            throw Errno.EINVAL.exception();
        }
        MemoryMap map = thread.map();
        switch (command) {
            case QUERY -> {
                return GLOBAL | GLOBAL_EXPEDITED | REGISTER_GLOBAL | PRIVATE_EXPEDITED | REGISTER_PRIVATE
                        | GET_REGISTRATIONS;
            }
            case GET_REGISTRATIONS -> {
                return map.barriersRegistered();
            }
            case REGISTER_GLOBAL, REGISTER_PRIVATE -> map.registerBarriers(command);
            case PRIVATE_EXPEDITED -> {
                if ((map.barriersRegistered() & REGISTER_PRIVATE) == 0) {
                    throw Errno.EPERM.exception();
                }
                order();
            }
            case GLOBAL, GLOBAL_EXPEDITED -> order();
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }

    /**
     * All that was written before, by whatever strand, is seen after it by whatever strand: looking at all threads' stacks brings each that
     * runs to a safepoint, on the way to and from which it has a full fence.
     */
    private static void order() {
        Thread.getAllStackTraces();
    }
}
