package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.file.FileErrors;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import kernel.core.machine.UserContext;

/** Serves system calls of UNIX processes. Holds nothing that changes; each call runs in its process's strand. */
public final class CallServer {

    /**
     * Says, once a program and number, that a program asked for what is not there. Level DEBUG: what a program tries is its
     * own business until somebody wants to know.
     */
    private static final System.Logger LOG = System.getLogger(CallServer.class.getName());

    private CallServer() {}

    /** Serves a call: ends it by a result or an error; a defect of the kernel ends the process. */
    public static void serve(UnixThread thread, UserContext context, int number) {
        Call call = CallTable.TABLE.find(number);
        if (call == null || call.body() == null) {
            refuse(thread, context, number, call);
            return;
        }
        thread.setServing(call.name());
        thread.delivery().callBegins();
        try {
            call.body().serve(thread, context);
        } catch (InterruptedCall e) {
            thread.delivery().callInterrupted(number);
            context.fail(Errno.EINTR.number());
        } catch (ErrnoException e) {
            context.fail(e.errno().number());
        } catch (IOException e) {
            context.fail(FileErrors.of(e).errno().number());
        } catch (RuntimeException e) {
            ErrnoException known = FileErrors.of(e);
            if (known == null) {
                crashed(thread, context, e);
            } else {
                context.fail(known.errno().number());
            }
        } catch (Error e) {
            crashed(thread, context, e);
        }
        thread.setServing(null);
    }

    private static void crashed(UnixThread thread, UserContext context, Throwable defect) {
        context.fail(Errno.EIO.number());
        thread.crashed(defect);
    }

    private static void refuse(UnixThread thread, UserContext context, int number, Call call) {
        if (thread.process().firstUnknown(number)) {
            LOG.log(System.Logger.Level.DEBUG, "process {0} ({1}) called {2}, which is not supported",
                    Integer.toString(thread.process().id()), thread.process().command(),
                    call == null ? "number " + number : call.name());
        }
        context.fail(Errno.ENOSYS.number());
    }
}
