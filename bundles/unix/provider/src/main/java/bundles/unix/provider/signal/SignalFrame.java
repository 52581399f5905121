package bundles.unix.provider.signal;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import kernel.core.machine.UserContext;

/**
 * The frame that a handler finds on its stack, and from which its return restores the interrupted program: asm/sigcontext.h,
 * sys/ucontext.h. With SA_SIGINFO it is siginfo and ucontext, without just the sigcontext; both end with three instructions
 * that return, for handlers without a restorer.
 */
public final class SignalFrame {

    /** System calls by which handlers return. */
    public static final int SIGRETURN = 103, RT_SIGRETURN = 351;

    private static final int SP = 30;
    private static final int FIRST_FLOATING = 32;
    private static final int SIGCONTEXT = 648;
    /** Offsets in a sigcontext. */
    private static final int ON_STACK = 0, MASK = 8, PROGRAM_COUNTER = 16, PROCESSOR_STATUS = 24, REGISTERS = 32,
            FLOATING = 296, CONTROL = 552;
    /** Offsets in a ucontext. */
    private static final int OSF_MASK = 16, STACK = 24, MACHINE_CONTEXT = 48, NEW_MASK = MACHINE_CONTEXT + SIGCONTEXT;
    private static final int UCONTEXT = NEW_MASK + 128;
    private static final int CODE = 16;
    private static final int USER_MODE = 8;

    private SignalFrame() {}

    /**
     * Makes a context run a handler.
     *
     * @param context whose registers are those to which the handler is to return
     * @param info the signal
     * @param action with the handler
     * @param mask what its return is to block
     * @param stack the alternate one
     * @throws ErrnoException EFAULT: there is no stack; nothing has changed
     */
    public static void push(UserContext context, SignalInfo info, Action action, long mask, AlternateStack stack)
            throws ErrnoException {
        boolean extended = action.has(Signal.SA_SIGINFO);
        int contextAt = extended ? SignalInfo.SIZE : 0;
        int codeAt = contextAt + (extended ? UCONTEXT : SIGCONTEXT);
        int size = codeAt + CODE;
        long pointer = context.register(SP);
        boolean change = action.has(Signal.SA_ONSTACK) && stack.size() != 0 && !stack.contains(pointer);
        long frame = (change ? stack.address() + stack.size() : pointer) - size & -32;

        ByteBuffer bytes = UserMemory.struct(size);
        if (extended) {
            bytes.put(info.siginfo().flip().limit(SignalInfo.SIZE));
            bytes.putLong(contextAt + OSF_MASK, mask).putLong(contextAt + STACK, stack.address());
            bytes.putInt(contextAt + STACK + 8, stack.flags(pointer)).putLong(contextAt + STACK + 16, stack.size());
            bytes.putLong(contextAt + NEW_MASK, mask);
        }
        // Linux leaves the mask in the sigcontext of an extended frame zero.
        putContext(bytes, contextAt + (extended ? MACHINE_CONTEXT : 0), context, extended ? 0 : mask,
                stack.contains(pointer));
        // bis sp,sp,a0; lda v0,number(zero); callsys
        bytes.putInt(codeAt, 0x47fe0410).putInt(codeAt + 4, 0x201f0000 | (extended ? RT_SIGRETURN : SIGRETURN));
        bytes.putInt(codeAt + 8, 0x83);
        if (context.copyOut(frame, bytes.array(), 0, size) < size) {
            throw Errno.EFAULT.exception();
        }
        context.setRegister(SP, frame);
        context.setRegister(26, action.restorer() != 0 ? action.restorer() : frame + codeAt);
        context.setRegister(27, action.handler());
        context.setRegister(16, info.signal());
        context.setRegister(17, extended ? frame : 0);
        context.setRegister(18, frame + contextAt);
        context.setPc(action.handler());
    }

    private static void putContext(ByteBuffer to, int at, UserContext context, long mask, boolean onStack) {
        to.putLong(at + ON_STACK, onStack ? 1 : 0).putLong(at + MASK, mask).putLong(at + PROGRAM_COUNTER, context.pc());
        to.putLong(at + PROCESSOR_STATUS, USER_MODE);
        for (int i = 0; i < 31; i++) {
            to.putLong(at + REGISTERS + 8 * i, context.register(i));
            to.putLong(at + FLOATING + 8 * i, context.register(FIRST_FLOATING + i));
        }
        to.putLong(at + CONTROL, context.register(UserContext.FPCR));
    }

    /**
     * Restores what a handler interrupted.
     *
     * @param address of the sigcontext
     * @return the signals to block
     * @throws ErrnoException EFAULT: there is none
     */
    public static long popContext(UserContext context, UserMemory memory, long address) throws ErrnoException {
        if ((address & 7) != 0) {
            throw Errno.EFAULT.exception();
        }
        ByteBuffer from = memory.read(address, SIGCONTEXT);
        for (int i = 0; i < 31; i++) {
            context.setRegister(i, from.getLong(REGISTERS + 8 * i));
            context.setRegister(FIRST_FLOATING + i, from.getLong(FLOATING + 8 * i));
        }
        context.setRegister(UserContext.FPCR, from.getLong(CONTROL));
        context.setPc(from.getLong(PROGRAM_COUNTER));
        return from.getLong(MASK);
    }

    /**
     * Restores what a handler with SA_SIGINFO interrupted.
     *
     * @param address of the frame
     * @return the signals to block
     * @throws ErrnoException EFAULT: there is none
     */
    public static long popExtended(UserContext context, UserMemory memory, long address) throws ErrnoException {
        long mask = memory.readLong(address + SignalInfo.SIZE + NEW_MASK);
        popContext(context, memory, address + SignalInfo.SIZE + MACHINE_CONTEXT);
        return mask;
    }
}
