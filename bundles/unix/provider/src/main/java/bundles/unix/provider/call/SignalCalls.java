package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.raw;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.ProcessTable;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Action;
import bundles.unix.provider.signal.AlternateStack;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalFrame;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.signal.Signals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls on signals: kill(2), sigaction(2), sigprocmask(2), sigsuspend(2), sigreturn(2), sigaltstack(2). */
final class SignalCalls {

    private static final int SIG_BLOCK = 1, SIG_UNBLOCK = 2, SIG_SETMASK = 3;
    private static final int SET = 8;
    private static final int STACK_POINTER = 30;

    private SignalCalls() {}

    static List<Call> calls() {
        return List.of(full(412, "restart_syscall", "", (t, c) -> {
            throw Errno.EINTR.exception(); // calls that go on do so by themselves
        }), full(37, "kill", "dd", SignalCalls::kill),
                full(381, "tkill", "dd", (t, c) -> toThread(t, 0, (int) c.argument(0), (int) c.argument(1), false)),
                full(424, "tgkill", "ddd",
                        (t, c) -> toThread(t, (int) c.argument(0), (int) c.argument(1), (int) c.argument(2), true)),
                full(356, "rt_sigqueueinfo", "ddx", SignalCalls::queue),
                full(492, "rt_tgsigqueueinfo", "dddx", SignalCalls::queueToThread),
                full(352, "rt_sigaction", "dxxdx", SignalCalls::rtSigaction),
                full(156, "sigaction", "dxx", SignalCalls::sigaction),
                full(353, "rt_sigprocmask", "dxxd", SignalCalls::rtSigprocmask),
                full(48, "osf_sigprocmask", "dx", SignalCalls::osfSigprocmask),
                full(354, "rt_sigpending", "xd", SignalCalls::rtSigpending),
                full(52, "sigpending", "x", SignalCalls::rtSigpending),
                full(357, "rt_sigsuspend", "xd", (p, c) -> suspend(p, p.memory().readLong(c.argument(0)))),
                full(111, "sigsuspend", "x", (p, c) -> suspend(p, c.argument(0))),
                full(355, "rt_sigtimedwait", "xxxd", SignalCalls::timedWait),
                full(235, "sigaltstack", "xx", SignalCalls::sigaltstack),
                raw(SignalFrame.SIGRETURN, "sigreturn", "x", SignalCalls::sigreturn),
                raw(SignalFrame.RT_SIGRETURN, "rt_sigreturn", "x", SignalCalls::rtSigreturn));
    }

    static int check(int signal) throws ErrnoException {
        if (signal < 0 || signal > Signal.MAX) {
            throw Errno.EINVAL.exception();
        }
        return signal;
    }

    private static long kill(UnixThread thread, UserContext context) throws ErrnoException {
        int target = (int) context.argument(0);
        int signal = check((int) context.argument(1));
        ProcessTable table = thread.kernel().table();
        SignalInfo info = signal == 0
                ? null
                : SignalInfo.from(signal, Signal.SI_USER, thread.process().id(), thread.kernel().user());
        if (target > 0) {
            UnixProcess receiver = table.find(target);
            if (receiver == null) {
                throw Errno.ESRCH.exception();
            }
            if (info != null) {
                receiver.send(info);
            }
            return 0;
        }
        int group = target == 0 ? thread.process().family().group() : -target;
        int count = target == -1
                ? table.send(process -> process != thread.process(), info)
                : table.send(process -> process.family().group() == group, info);
        if (count == 0) {
            throw Errno.ESRCH.exception();
        }
        return 0;
    }

    /** @param group the process that the thread must be of, or 0 */
    private static UnixThread target(UnixThread thread, int group, int id, boolean grouped) throws ErrnoException {
        if (id <= 0 || grouped && group <= 0) {
            throw Errno.EINVAL.exception();
        }
        UnixThread receiver = thread.kernel().table().thread(id);
        if (receiver == null || grouped && receiver.process().id() != group) {
            throw Errno.ESRCH.exception();
        }
        return receiver;
    }

    private static long toThread(UnixThread thread, int group, int id, int signal, boolean grouped)
            throws ErrnoException {
        UnixThread receiver = target(thread, group, id, grouped);
        if (check(signal) != 0) {
            receiver.signals()
                    .send(SignalInfo.from(signal, Signal.SI_TKILL, thread.process().id(), thread.kernel().user()));
        }
        return 0;
    }

    static SignalInfo info(UnixThread thread, UnixProcess receiver, int signal, long infoAt, boolean full)
            throws ErrnoException {
        ByteBuffer info = thread.memory().read(infoAt, SignalInfo.SIZE);
        int code = info.getInt(8);
        if ((code >= 0 || code == Signal.SI_TKILL) && receiver != thread.process()) {
            throw Errno.EPERM.exception();
        }
        if (signal >= Signal.SIGRTMIN && full) {
            throw Errno.EAGAIN.exception();
        }
        return new SignalInfo(signal, code, info.getLong(16), info.getLong(24));
    }

    private static long queue(UnixThread thread, UserContext context) throws ErrnoException {
        UnixProcess receiver = thread.kernel().table().find((int) context.argument(0));
        if (receiver == null) {
            throw Errno.ESRCH.exception();
        }
        int signal = check((int) context.argument(1));
        SignalInfo info = info(thread, receiver, signal, context.argument(2), receiver.signals().full());
        if (signal != 0) {
            receiver.send(info);
        }
        return 0;
    }

    private static long queueToThread(UnixThread thread, UserContext context) throws ErrnoException {
        UnixThread receiver = target(thread, (int) context.argument(0), (int) context.argument(1), true);
        int signal = check((int) context.argument(2));
        SignalInfo info = info(thread, receiver.process(), signal, context.argument(3), receiver.signals().full());
        if (signal != 0) {
            receiver.signals().send(info);
        }
        return 0;
    }

    private static int number(long signal) throws ErrnoException {
        if (signal < 1 || signal > Signal.MAX) {
            throw Errno.EINVAL.exception();
        }
        return (int) signal;
    }

    private static void set(UnixThread thread, int signal, Action action) throws ErrnoException {
        if ((Signal.bit(signal) & Signal.UNBLOCKABLE) != 0) {
            throw Errno.EINVAL.exception();
        }
        thread.signals().group().setAction(signal, action);
    }

    /** {@code struct sigaction} of the kernel: handler, flags, mask; the restorer is the fifth argument on the Alpha. */
    private static long rtSigaction(UnixThread thread, UserContext context) throws ErrnoException {
        checkSize(context.argument(3));
        int signal = number(context.argument(0));
        Action old = thread.signals().action(signal);
        if (context.argument(1) != 0) {
            ByteBuffer from = thread.memory().read(context.argument(1), 24);
            long handler = from.getLong();
            long flags = from.getInt() & 0xFFFFFFFFL;
            long mask = from.getLong(16);
            set(thread, signal, new Action(handler, flags, mask & ~Signal.UNBLOCKABLE, context.argument(4)));
        }
        if (context.argument(2) != 0) {
            thread.memory().write(context.argument(2),
                    UserMemory.struct(24).putLong(old.handler()).putLong(old.flags()).putLong(old.mask()));
        }
        return 0;
    }

    /** OSF/1's structure: handler, mask, flags. */
    private static long sigaction(UnixThread thread, UserContext context) throws ErrnoException {
        int signal = number(context.argument(0));
        Action old = thread.signals().action(signal);
        if (context.argument(1) != 0) {
            ByteBuffer from = thread.memory().read(context.argument(1), 24);
            long handler = from.getLong();
            long mask = from.getLong();
            set(thread, signal, new Action(handler, from.getInt() & 0xFFFFFFFFL, mask & ~Signal.UNBLOCKABLE, 0));
        }
        if (context.argument(2) != 0) {
            thread.memory().write(context.argument(2),
                    UserMemory.struct(24).putLong(old.handler()).putLong(old.mask()).putInt((int) old.flags()));
        }
        return 0;
    }

    private static void checkSize(long size) throws ErrnoException {
        if (size != SET) {
            throw Errno.EINVAL.exception();
        }
    }

    private static long changed(long old, long how, long set) throws ErrnoException {
        return switch ((int) how) {
            case SIG_BLOCK -> old | set;
            case SIG_UNBLOCK -> old & ~set;
            case SIG_SETMASK -> set;
            default -> throw Errno.EINVAL.exception();
        };
    }

    private static long rtSigprocmask(UnixThread thread, UserContext context) throws ErrnoException {
        checkSize(context.argument(3));
        Signals signals = thread.signals();
        long old = signals.blocked();
        if (context.argument(1) != 0) {
            long set = thread.memory().readLong(context.argument(1));
            signals.setBlocked(changed(old, context.argument(0), set));
        }
        if (context.argument(2) != 0) {
            thread.memory().writeLong(context.argument(2), old);
        }
        return 0;
    }

    /** Takes the set and answers the old one in registers, as OSF/1 does. */
    private static long osfSigprocmask(UnixThread thread, UserContext context) throws ErrnoException {
        Signals signals = thread.signals();
        long old = signals.blocked();
        signals.setBlocked(changed(old, context.argument(0), context.argument(1)));
        return old;
    }

    private static long rtSigpending(UnixThread thread, UserContext context) throws ErrnoException {
        thread.memory().writeLong(context.argument(0), thread.signals().pending());
        return 0;
    }

    private static long suspend(UnixThread thread, long mask) throws ErrnoException, IOException {
        thread.signals().suspend(mask);
        try {
            thread.signals().await(() -> {
                thread.kernel().clock().sleep(Long.MAX_VALUE);
                return 0;
            });
        } catch (ErrnoException e) {
            throw Errno.EINTR.exception();
        }
        throw Errno.EINTR.exception();
    }

    private static long timedWait(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        checkSize(context.argument(3));
        long set = thread.memory().readLong(context.argument(0));
        long timeout = context.argument(2) == 0
                ? Long.MAX_VALUE
                : TimeCalls.duration(thread.memory().read(context.argument(2), 16));
        Signals signals = thread.signals();
        SignalInfo info = signals.takeOf(set, true);
        if (info == null && timeout > 0) {
            // Signals waited for are let through while waiting, and taken before they are delivered.
            long blocked = signals.blocked();
            signals.setBlocked(blocked & ~set);
            try {
                signals.await(() -> {
                    thread.kernel().clock().sleep(timeout);
                    return 0;
                });
            } catch (ErrnoException e) {
                // A signal: perhaps one of those.
            } finally {
                info = signals.takeOf(set, true);
                signals.setBlocked(blocked);
            }
            if (info == null && signals.deliverable()) {
                throw Errno.EINTR.exception();
            }
        }
        if (info == null) {
            throw Errno.EAGAIN.exception();
        }
        if (context.argument(1) != 0) {
            thread.memory().write(context.argument(1), info.siginfo());
        }
        return info.signal();
    }

    private static long sigaltstack(UnixThread thread, UserContext context) throws ErrnoException {
        AlternateStack old = thread.delivery().stack();
        long pointer = context.register(STACK_POINTER);
        if (context.argument(0) != 0) {
            ByteBuffer from = thread.memory().read(context.argument(0), 24);
            if (old.contains(pointer)) {
                throw Errno.EPERM.exception();
            }
            int flags = from.getInt(8);
            if ((flags & ~(AlternateStack.SS_ONSTACK | AlternateStack.SS_DISABLE)) != 0) {
                throw Errno.EINVAL.exception();
            }
            boolean disable = (flags & AlternateStack.SS_DISABLE) != 0;
            if (!disable && Long.compareUnsigned(from.getLong(16), AlternateStack.MINSIGSTKSZ) < 0) {
                throw Errno.ENOMEM.exception();
            }
            thread.delivery().setStack(disable
                    ? AlternateStack.NONE
                    : new AlternateStack(from.getLong(0), from.getLong(16)));
        }
        if (context.argument(1) != 0) {
            thread.memory().write(context.argument(1), UserMemory.struct(24).putLong(old.address())
                    .putInt(old.flags(pointer)).putInt(0).putLong(old.size()));
        }
        return 0;
    }

    private static void sigreturn(UnixThread thread, UserContext context) {
        finish(thread, context, SignalFrame::popContext);
    }

    private static void rtSigreturn(UnixThread thread, UserContext context) {
        finish(thread, context, SignalFrame::popExtended);
    }

    /** How a frame is left. */
    @FunctionalInterface
    private interface Pop {
        long pop(UserContext context, UserMemory memory, long address) throws ErrnoException;
    }

    private static void finish(UnixThread thread, UserContext context, Pop pop) {
        long frame = context.argument(0);
        try {
            // First, for the registers that the frame has are to stay.
            context.succeed(0);
            thread.signals().setBlocked(pop.pop(context, thread.memory(), frame));
        } catch (ErrnoException e) {
            thread.delivery().deliverFault(SignalInfo.kernel(Signal.SIGSEGV));
        }
    }
}
