package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.signal.Action;
import bundles.unix.provider.signal.AlternateStack;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalFrame;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.signal.Signals;
import kernel.core.machine.UserContext;

/**
 * Delivers signals: runs handlers, ends the process, makes interrupted calls again (signal(7)). Belongs to the thread's
 * strand and is used from inside the events of its context.
 */
public final class Delivery {

    private static final int NONE = -1;

    private final UnixThread thread;
    private final UserContext context;
    private final Signals signals;
    private AlternateStack stack = AlternateStack.NONE;
    private int interrupted = NONE;
    private boolean dead;

    /**
     * @param thread whose signals
     * @param context whose registers handlers get
     * @param signals what is pending
     */
    Delivery(UnixThread thread, UserContext context, Signals signals) {
        this.thread = thread;
        this.context = context;
        this.signals = signals;
    }

    /** The stack for handlers that ask for one. */
    public AlternateStack stack() {
        return stack;
    }

    /** Sets the stack for handlers that ask for one. */
    public void setStack(AlternateStack newStack) {
        stack = newStack;
    }

    /** A system call begins: what became of the one before no longer matters. */
    public void callBegins() {
        interrupted = NONE;
    }

    /** The system call that is being served was interrupted and failed with EINTR; it can be made again. */
    public void callInterrupted(int number) {
        interrupted = number;
    }

    /** Delivers what is pending and not blocked. */
    public void deliverPending() {
        boolean handled = false;
        Observer observer = thread.process().observer();
        if (observer != null) {
            observer.attention(thread);
        }
        SignalInfo info;
        while (!dead && !ends() && (info = signals.take()) != null) {
            info = observer == null ? info : observer.signal(thread, info);
            if (info == null) {
                continue;
            }
            Action action = signals.action(info.signal());
            if (action.ignores(info.signal())) {
                continue;
            }
            if (action.handler() == Signal.SIG_DFL) {
                if ((Signal.bit(info.signal()) & Signal.STOPS) != 0) {
                    stop(info.signal());
                    continue;
                }
                die(info.signal());
                return;
            }
            if (!handled && action.has(Signal.SA_RESTART)) {
                restart();
            }
            handled = true;
            handle(info, action);
        }
        if (!handled) {
            restart();
            signals.unsuspend();
        }
        interrupted = NONE;
    }

    /** Waits while the process is stopped. @return whether the thread is to end, which it then does */
    private boolean ends() {
        signals.awaitResumed();
        if (signals.ending()) {
            dead = true;
            thread.leave();
        }
        return dead;
    }

    /** Stops the process, unless nobody is left who could continue it (POSIX: general concepts, job control). */
    private void stop(int signal) {
        if (signal != Signal.SIGSTOP && thread.process().family().orphaned()) {
            return;
        }
        if (signals.group().stop()) {
            thread.process().stoppedBy(signal);
        }
    }

    /** Delivers a signal that an instruction caused; one that is blocked or ignored ends the process. */
    public void deliverFault(SignalInfo fault) {
        Observer observer = thread.process().observer();
        SignalInfo info = observer == null ? fault : observer.signal(thread, fault);
        if (info == null) {
            return; // whoever watches has dealt with it
        }
        int signal = info.signal();
        Action action = signals.action(signal);
        boolean blocked = (signals.blocked() & Signal.bit(signal)) != 0;
        if (blocked || action.handler() == Signal.SIG_DFL || action.handler() == Signal.SIG_IGN) {
            die(signal);
        } else {
            handle(info, action);
        }
    }

    private void handle(SignalInfo info, Action action) {
        int signal = info.signal();
        long mask = signals.maskToRestore();
        try {
            SignalFrame.push(context, info, action, mask, stack);
        } catch (ErrnoException e) {
            die(Signal.SIGSEGV);
            return;
        }
        if (action.has(Signal.SA_RESETHAND)) {
            signals.group().setAction(signal, Action.DEFAULT);
        }
        signals.setBlocked(
                signals.blocked() | action.mask() | (action.has(Signal.SA_NODEFER) ? 0 : Signal.bit(signal)));
    }

    /** Puts the registers back to before the call's instruction, so that it is executed again. */
    private void restart() {
        if (interrupted != NONE) {
            context.setRegister(0, interrupted);
            context.setRegister(19, context.argument(3));
            context.setPc(context.pc() - 4);
            interrupted = NONE;
        }
    }

    private void die(int signal) {
        dead = true;
        thread.killed(signal);
    }
}
