package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.ProcessFile;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that reach a process by a descriptor: pidfd_open(2), pidfd_send_signal(2), pidfd_getfd(2). */
final class ProcessFileCalls {

    private ProcessFileCalls() {}

    static List<Call> calls() {
        return List.of(full(544, "pidfd_open", "dx", ProcessFileCalls::open),
                full(534, "pidfd_send_signal", "fdxx", ProcessFileCalls::send),
                full(548, "pidfd_getfd", "fdx", ProcessFileCalls::get));
    }

    /** The process of a descriptor. @throws ErrnoException EBADF: it is none of a process */
    static UnixProcess process(UnixThread thread, long descriptor) throws ErrnoException {
        if (thread.file(descriptor) instanceof ProcessFile file) {
            return file.process();
        }
        throw Errno.EBADF.exception();
    }

    private static void noFlags(long flags) throws ErrnoException {
        if (flags != 0) {
            throw Errno.EINVAL.exception();
        }
    }

    private static long open(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int id = (int) context.argument(0);
        noFlags(context.argument(1) & ~(long) OpenFlags.O_NONBLOCK);
        if (id <= 0) {
            throw Errno.EINVAL.exception();
        }
        UnixProcess process = thread.kernel().table().find(id);
        if (process == null) {
            throw (thread.kernel().table().thread(id) != null ? Errno.EINVAL : Errno.ESRCH).exception();
        }
        return add(thread, new ProcessFile(process, (int) context.argument(1)));
    }

    private static long add(UnixThread thread, OpenFile file) throws ErrnoException, IOException {
        try {
            return thread.files().add(file, true);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private static long send(UnixThread thread, UserContext context) throws ErrnoException {
        noFlags(context.argument(3));
        UnixProcess receiver = process(thread, context.argument(0));
        int signal = SignalCalls.check((int) context.argument(1));
        SignalInfo info;
        if (context.argument(2) == 0) {
            info = SignalInfo.from(Math.max(1, signal), Signal.SI_USER, thread.process().id(), thread.kernel().user());
        } else {
            if (thread.memory().readInt(context.argument(2)) != signal) {
                throw Errno.EINVAL.exception();
            }
            info = SignalCalls.info(thread, receiver, signal, context.argument(2), receiver.signals().full());
        }
        if (thread.kernel().table().find(receiver.id()) != receiver) {
            throw Errno.ESRCH.exception();
        }
        if (signal != 0) {
            receiver.send(info);
        }
        return 0;
    }

    private static long get(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        noFlags(context.argument(2));
        UnixProcess from = process(thread, context.argument(0));
        if (from.ended()) {
            throw Errno.ESRCH.exception();
        }
        return add(thread, from.files().hold((int) context.argument(1)));
    }
}
