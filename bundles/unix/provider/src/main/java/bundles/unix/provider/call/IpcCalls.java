package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.ipc.MessageQueues;
import bundles.unix.provider.ipc.Semaphores;
import bundles.unix.provider.ipc.Table;
import bundles.unix.provider.process.SystemV;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;

/** System V's interprocess communication: semget(2), semop(2), msgget(2), msgop(2), shmget(2), shmop(2) and what controls them. */
final class IpcCalls {

    /** Commands of semctl, msgctl and shmctl; IPC_64 says which structures are meant, and there is only one kind. */
    private static final int IPC_RMID = 0, IPC_SET = 1, IPC_STAT = 2, IPC_64 = 0x100;
    private static final int GETPID = 11, GETVAL = 12, GETALL = 13, GETNCNT = 14, GETZCNT = 15, SETVAL = 16,
            SETALL = 17;
    private static final int SHM_LOCK = 11, SHM_UNLOCK = 12;
    private static final int SHM_RDONLY = 010000, SHM_RND = 020000, SHM_REMAP = 040000, SHM_EXEC = 0100000;
    private static final int MODE_AT = 20, QBYTES_AT = 88, STRUCT = 112;
    private static final String MISSING = "no IPC_INFO, no *_STAT of all";

    private IpcCalls() {}

    static List<Call> calls() {
        return List.of(
                full(205, "semget", "xdo", (t, c) -> ipc(t).semaphores().get((int) c.argument(0), (int) c.argument(1),
                        (int) c.argument(2))),
                full(206, "semop", "dxd", (t, c) -> operate(t, c, Long.MAX_VALUE)),
                full(423, "semtimedop", "dxdx", (t, c) -> operate(t, c, c.argument(3) == 0
                        ? Long.MAX_VALUE
                        : TimeCalls.duration(t.memory().read(c.argument(3), 16)))),
                partly(204, "semctl", "dddx", MISSING, IpcCalls::semctl),
                full(201, "msgget", "xo", (t, c) -> ipc(t).queues().get((int) c.argument(0), (int) c.argument(1))),
                full(203, "msgsnd", "dxdx", IpcCalls::send), partly(202, "msgrcv", "dxddx", "no MSG_COPY",
                        IpcCalls::receive),
                partly(200, "msgctl", "ddx", MISSING, IpcCalls::msgctl),
                full(212, "shmget", "xdo", (t, c) -> ipc(t).segments().get(t.process().id(), (int) c.argument(0),
                        c.argument(1), (int) c.argument(2))),
                full(209, "shmat", "dxx", IpcCalls::attach), full(211, "shmdt", "x", (t, c) -> {
                    ipc(t).segments().detach(t, c.argument(0));
                    return 0;
                }), partly(210, "shmctl", "ddx", MISSING, IpcCalls::shmctl));
    }

    private static SystemV ipc(UnixThread thread) {
        return thread.kernel().systemV();
    }

    private static long operate(UnixThread thread, UserContext context, long timeout)
            throws ErrnoException, IOException {
        long count = context.argument(2) & 0xFFFFFFFFL;
        if (count == 0 || (int) context.argument(0) < 0) {
            throw Errno.EINVAL.exception();
        }
        if (count > Semaphores.SEMOPM) {
            throw Errno.E2BIG.exception();
        }
        ByteBuffer from = thread.memory().read(context.argument(1), (int) count * 6);
        List<Semaphores.Operation> operations = new ArrayList<>();
        while (from.hasRemaining()) {
            operations.add(new Semaphores.Operation(from.getShort() & 0xFFFF, from.getShort(), from.getShort()));
        }
        ipc(thread).semaphores().operate(thread.signals(), thread.process().id(), (int) context.argument(0), operations,
                timeout);
        return 0;
    }

    private static long semctl(UnixThread thread, UserContext context) throws ErrnoException {
        Semaphores all = ipc(thread).semaphores();
        int id = (int) context.argument(0);
        int number = (int) context.argument(1);
        long argument = context.argument(3);
        UserMemory memory = thread.memory();
        int process = thread.process().id();
        switch ((int) context.argument(2) & ~IPC_64) {
            case IPC_RMID -> all.remove(id);
            case IPC_SET -> all.setMode(id, memory.read(argument, STRUCT).getInt(MODE_AT));
            case IPC_STAT -> memory.write(argument, all.status(id));
            case GETVAL -> {
                return all.get(id, number, Semaphores.What.VALUE);
            }
            case GETPID -> {
                return all.get(id, number, Semaphores.What.PROCESS);
            }
            case GETNCNT -> {
                return all.get(id, number, Semaphores.What.MORE);
            }
            case GETZCNT -> {
                return all.get(id, number, Semaphores.What.ZERO);
            }
            case SETVAL -> all.set(process, id, number, (int) argument);
            case GETALL -> {
                int[] values = all.values(id);
                ByteBuffer to = UserMemory.struct(2 * values.length);
                for (int value : values) {
                    to.putShort((short) value);
                }
                memory.write(argument, to);
            }
            case SETALL -> {
                int[] values = new int[all.values(id).length];
                ByteBuffer from = memory.read(argument, 2 * values.length);
                for (int i = 0; i < values.length; i++) {
                    values[i] = from.getShort() & 0xFFFF;
                }
                all.setAll(process, id, values);
            }
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }

    private static long send(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long type = thread.memory().readLong(context.argument(1));
        long length = context.argument(2);
        if (type < 1 || length < 0 || length > MessageQueues.MSGMAX || (int) context.argument(0) < 0) {
            throw Errno.EINVAL.exception();
        }
        byte[] text = new byte[(int) length];
        thread.memory().read(context.argument(1) + 8, text, 0, text.length);
        ipc(thread).queues().send(thread.signals(), thread.process().id(), (int) context.argument(0),
                new MessageQueues.Message(type, text), (context.argument(3) & Table.IPC_NOWAIT) == 0);
        return 0;
    }

    private static long receive(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long most = context.argument(2);
        int flags = (int) context.argument(4);
        if (most < 0 || (int) context.argument(0) < 0) {
            throw Errno.EINVAL.exception();
        }
        if ((flags & MessageQueues.MSG_COPY) != 0) {
            throw Errno.ENOSYS.exception();
        }
        MessageQueues.Message message = ipc(thread).queues().receive(thread.signals(), thread.process().id(),
                (int) context.argument(0), context.argument(3), most, flags);
        int length = (int) Math.min(most, message.text().length);
        thread.memory().writeLong(context.argument(1), message.type());
        thread.memory().write(context.argument(1) + 8, message.text(), 0, length);
        return length;
    }

    private static long msgctl(UnixThread thread, UserContext context) throws ErrnoException {
        MessageQueues all = ipc(thread).queues();
        int id = (int) context.argument(0);
        switch ((int) context.argument(1) & ~IPC_64) {
            case IPC_RMID -> all.remove(id);
            case IPC_SET -> {
                ByteBuffer from = thread.memory().read(context.argument(2), STRUCT);
                all.set(id, from.getInt(MODE_AT), from.getLong(QBYTES_AT));
            }
            case IPC_STAT -> thread.memory().write(context.argument(2), all.status(id));
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }

    private static long attach(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long address = context.argument(1);
        int flags = (int) context.argument(2);
        if ((address & Layout.PAGE - 1) != 0 && (flags & SHM_RND) != 0) {
            address = Layout.floor(address);
        }
        boolean replace = (flags & SHM_REMAP) != 0;
        if (replace && address == 0) {
            throw Errno.EINVAL.exception();
        }
        int protection = TranslationContext.READ | ((flags & SHM_RDONLY) == 0 ? TranslationContext.WRITE : 0)
                | ((flags & SHM_EXEC) != 0 ? TranslationContext.EXECUTE : 0);
        return ipc(thread).segments().attach(thread, (int) context.argument(0), address, protection, replace);
    }

    private static long shmctl(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int id = (int) context.argument(0);
        switch ((int) context.argument(1) & ~IPC_64) {
            case IPC_RMID -> ipc(thread).segments().remove(id);
            case IPC_SET -> ipc(thread).segments().setMode(id,
                    thread.memory().read(context.argument(2), STRUCT).getInt(MODE_AT));
            case IPC_STAT -> thread.memory().write(context.argument(2), ipc(thread).segments().status(id));
            // Frames of the machine are not taken from who has asked to keep them, but by whom is not looked at.
            case SHM_LOCK, SHM_UNLOCK -> ipc(thread).segments().status(id);
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }
}
