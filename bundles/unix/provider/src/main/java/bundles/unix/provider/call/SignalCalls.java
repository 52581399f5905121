package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;
import static bundles.unix.provider.call.Call.raw;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.UnixProcess;
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
        return List.of(partly(37, "kill", "dd", "there are no process groups", SignalCalls::kill),
                full(381, "tkill", "dd", (p, c) -> send(p, (int) c.argument(0), (int) c.argument(1), Signal.SI_TKILL)),
                full(424, "tgkill", "ddd",
                        (p, c) -> send(p, (int) c.argument(1), (int) c.argument(2), Signal.SI_TKILL)),
                full(356, "rt_sigqueueinfo", "ddx", (p, c) -> queue(p, c.argument(0), c.argument(1), c.argument(2))),
                full(492, "rt_tgsigqueueinfo", "dddx", (p, c) -> queue(p, c.argument(1), c.argument(2), c.argument(3))),
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

    private static long kill(UnixProcess process, UserContext context) throws ErrnoException {
        int target = (int) context.argument(0);
        // A group, or everybody, is the process itself.
        return send(process, target == 0 || target == -1 ? process.id() : Math.abs(target), (int) context.argument(1),
                Signal.SI_USER);
    }

    private static long send(UnixProcess process, int target, int signal, int code) throws ErrnoException {
        if (signal < 0 || signal > Signal.MAX || target <= 0) {
            throw Errno.EINVAL.exception();
        }
        UnixProcess receiver = target == process.id() ? process : process.kernel().find().apply(target);
        if (receiver == null) {
            throw Errno.ESRCH.exception();
        }
        if (signal != 0) {
            receiver.send(SignalInfo.from(signal, code, process.id(), process.kernel().user()));
        }
        return 0;
    }

    private static long queue(UnixProcess process, long target, long signal, long infoAt) throws ErrnoException {
        ByteBuffer info = process.memory().read(infoAt, SignalInfo.SIZE);
        UnixProcess receiver = process.kernel().find().apply((int) target);
        if (receiver == null) {
            throw Errno.ESRCH.exception();
        }
        if (signal < 1 || signal > Signal.MAX) {
            throw Errno.EINVAL.exception();
        }
        int code = info.getInt(8);
        if ((code >= 0 || code == Signal.SI_TKILL) && receiver != process) {
            throw Errno.EPERM.exception();
        }
        if (signal >= Signal.SIGRTMIN && receiver.signals().full()) {
            throw Errno.EAGAIN.exception();
        }
        receiver.send(new SignalInfo((int) signal, code, info.getLong(16), info.getLong(24)));
        return 0;
    }

    private static int number(long signal) throws ErrnoException {
        if (signal < 1 || signal > Signal.MAX) {
            throw Errno.EINVAL.exception();
        }
        return (int) signal;
    }

    private static void set(UnixProcess process, int signal, Action action) throws ErrnoException {
        if ((Signal.bit(signal) & Signal.UNBLOCKABLE) != 0) {
            throw Errno.EINVAL.exception();
        }
        process.signals().setAction(signal, action);
    }

    /** {@code struct sigaction} of the kernel: handler, flags, mask; the restorer is the fifth argument on the Alpha. */
    private static long rtSigaction(UnixProcess process, UserContext context) throws ErrnoException {
        checkSize(context.argument(3));
        int signal = number(context.argument(0));
        Action old = process.signals().action(signal);
        if (context.argument(1) != 0) {
            ByteBuffer from = process.memory().read(context.argument(1), 24);
            long handler = from.getLong();
            long flags = from.getInt() & 0xFFFFFFFFL;
            long mask = from.getLong(16);
            set(process, signal, new Action(handler, flags, mask & ~Signal.UNBLOCKABLE, context.argument(4)));
        }
        if (context.argument(2) != 0) {
            process.memory().write(context.argument(2),
                    UserMemory.struct(24).putLong(old.handler()).putLong(old.flags()).putLong(old.mask()));
        }
        return 0;
    }

    /** OSF/1's structure: handler, mask, flags. */
    private static long sigaction(UnixProcess process, UserContext context) throws ErrnoException {
        int signal = number(context.argument(0));
        Action old = process.signals().action(signal);
        if (context.argument(1) != 0) {
            ByteBuffer from = process.memory().read(context.argument(1), 24);
            long handler = from.getLong();
            long mask = from.getLong();
            set(process, signal, new Action(handler, from.getInt() & 0xFFFFFFFFL, mask & ~Signal.UNBLOCKABLE, 0));
        }
        if (context.argument(2) != 0) {
            process.memory().write(context.argument(2),
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

    private static long rtSigprocmask(UnixProcess process, UserContext context) throws ErrnoException {
        checkSize(context.argument(3));
        Signals signals = process.signals();
        long old = signals.blocked();
        if (context.argument(1) != 0) {
            long set = process.memory().readLong(context.argument(1));
            signals.setBlocked(changed(old, context.argument(0), set));
        }
        if (context.argument(2) != 0) {
            process.memory().writeLong(context.argument(2), old);
        }
        return 0;
    }

    /** Takes the set and answers the old one in registers, as OSF/1 does. */
    private static long osfSigprocmask(UnixProcess process, UserContext context) throws ErrnoException {
        Signals signals = process.signals();
        long old = signals.blocked();
        signals.setBlocked(changed(old, context.argument(0), context.argument(1)));
        return old;
    }

    private static long rtSigpending(UnixProcess process, UserContext context) throws ErrnoException {
        process.memory().writeLong(context.argument(0), process.signals().pending());
        return 0;
    }

    private static long suspend(UnixProcess process, long mask) throws ErrnoException, IOException {
        process.signals().suspend(mask);
        try {
            process.signals().await(() -> {
                process.kernel().clock().sleep(Long.MAX_VALUE);
                return 0;
            });
        } catch (ErrnoException e) {
            throw Errno.EINTR.exception();
        }
        throw Errno.EINTR.exception();
    }

    private static long timedWait(UnixProcess process, UserContext context) throws ErrnoException, IOException {
        checkSize(context.argument(3));
        long set = process.memory().readLong(context.argument(0));
        long timeout = context.argument(2) == 0
                ? Long.MAX_VALUE
                : TimeCalls.duration(process.memory().read(context.argument(2), 16));
        Signals signals = process.signals();
        SignalInfo info = signals.takeOf(set, true);
        if (info == null && timeout > 0) {
            // Signals waited for are let through while waiting, and taken before they are delivered.
            long blocked = signals.blocked();
            signals.setBlocked(blocked & ~set);
            try {
                signals.await(() -> {
                    process.kernel().clock().sleep(timeout);
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
            process.memory().write(context.argument(1), info.siginfo());
        }
        return info.signal();
    }

    private static long sigaltstack(UnixProcess process, UserContext context) throws ErrnoException {
        AlternateStack old = process.delivery().stack();
        long pointer = context.register(STACK_POINTER);
        if (context.argument(0) != 0) {
            ByteBuffer from = process.memory().read(context.argument(0), 24);
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
            process.delivery().setStack(disable
                    ? AlternateStack.NONE
                    : new AlternateStack(from.getLong(0), from.getLong(16)));
        }
        if (context.argument(1) != 0) {
            process.memory().write(context.argument(1), UserMemory.struct(24).putLong(old.address())
                    .putInt(old.flags(pointer)).putInt(0).putLong(old.size()));
        }
        return 0;
    }

    private static void sigreturn(UnixProcess process, UserContext context) {
        finish(process, context, SignalFrame::popContext);
    }

    private static void rtSigreturn(UnixProcess process, UserContext context) {
        finish(process, context, SignalFrame::popExtended);
    }

    /** How a frame is left. */
    @FunctionalInterface
    private interface Pop {
        long pop(UserContext context, UserMemory memory, long address) throws ErrnoException;
    }

    private static void finish(UnixProcess process, UserContext context, Pop pop) {
        long frame = context.argument(0);
        try {
            // First, for the registers that the frame has are to stay.
            context.succeed(0);
            process.signals().setBlocked(pop.pop(context, process.memory(), frame));
        } catch (ErrnoException e) {
            process.delivery().deliverFault(SignalInfo.kernel(Signal.SIGSEGV));
        }
    }
}
