package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.Descriptors;
import bundles.unix.provider.signal.AlternateStack;
import bundles.unix.provider.signal.Signal;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import kernel.core.machine.UserContext;

/** Makes threads and processes from a thread (fork(2), vfork(2), clone(2)). Stateless. */
public final class Cloner {

    /** Flags of clone(2) (linux/sched.h). */
    public static final long CSIGNAL = 0xFF, CLONE_VM = 0x100, CLONE_FS = 0x200, CLONE_FILES = 0x400,
            CLONE_SIGHAND = 0x800, CLONE_VFORK = 0x4000, CLONE_PARENT = 0x8000, CLONE_THREAD = 0x10000,
            CLONE_SYSVSEM = 0x40000, CLONE_SETTLS = 0x80000, CLONE_PARENT_SETTID = 0x100000,
            CLONE_CHILD_CLEARTID = 0x200000, CLONE_DETACHED = 0x400000, CLONE_UNTRACED = 0x800000,
            CLONE_CHILD_SETTID = 0x1000000;

    private static final long KNOWN = CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK
            | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID
            | CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID;
    private static final int V0 = 0, A3 = 19, A4 = 20, SP = 30;

    /**
     * What clone(2) is asked for.
     *
     * @param flags CLONE_ and the signal that the parent gets at the end
     * @param stack stack pointer of the new thread, 0: as the old one's
     * @param parentId where the new id is written in the parent
     * @param childId where it is written in the child, or cleared at its end
     * @param tls value of the new thread's unique register
     */
    public record Request(long flags, long stack, long parentId, long childId, long tls) {

        private boolean has(long flag) {
            return (flags & flag) != 0;
        }
    }

    private Cloner() {}

    /**
     * Makes a thread or process, which goes on as the old one does but finds 0 as its result.
     *
     * @return its id
     * @throws ErrnoException EINVAL: flags that do not go together; EAGAIN: there are too many, or UNIX is being stopped
     */
    public static int clone(UnixThread thread, UserContext context, Request request)
            throws ErrnoException, IOException {
        boolean member = request.has(CLONE_THREAD);
        if ((request.flags & ~KNOWN) != 0 || member && !request.has(CLONE_SIGHAND)
                || request.has(CLONE_SIGHAND) && !request.has(CLONE_VM) || request.has(CLONE_SIGHAND) && !member
                || (request.flags & CSIGNAL) > Signal.MAX) {
            throw Errno.EINVAL.exception();
        }
        if (thread.signals().doomed()
                || thread.kernel().table().threadCount() >= thread.limits().soft(ResourceLimits.NPROC)) {
            // Who kills processes that make processes comes to an end.
            throw Errno.EAGAIN.exception();
        }
        ProcessTable table = thread.kernel().table();
        int id = table.takeId(false);
        boolean started = false;
        UnixProcess child = null;
        try {
            child = member ? null : process(thread, id, request);
            UnixThread made = thread(thread, context, child == null ? thread.process() : child, id, request);
            CountDownLatch latch = request.has(CLONE_VFORK) ? new CountDownLatch(1) : null;
            if (child != null) {
                child.borrow(latch);
                table.add(child, thread);
            }
            Observer observer = child == null ? null : thread.process().observer();
            boolean lent = request.has(CLONE_VM) && latch != null;
            if (observer != null && lent) {
                observer.lent(thread);
            } else if (observer != null && !request.has(CLONE_VM)) {
                observer.forked(child, made.context());
            }
            started = made.start();
            if (!started) {
                throw Errno.EAGAIN.exception();
            }
            if (latch != null) {
                awaitReturn(thread, latch);
                if (observer != null && lent) {
                    observer.returned(thread);
                }
            }
            return id;
        } finally {
            if (!started) {
                if (child != null) {
                    child.abandon();
                }
                table.giveBack();
            }
        }
    }

    private static UnixProcess process(UnixThread thread, int id, Request request) {
        UnixProcess parent = thread.process();
        MemoryMap map = request.has(CLONE_VM) ? parent.map().retain() : parent.map().copy();
        Descriptors files = request.has(CLONE_FILES) ? parent.files().retain() : parent.files().copy();
        Surroundings surroundings = request.has(CLONE_FS) ? parent.surroundings() : parent.surroundings().copy();
        return new UnixProcess(parent, id, (int) (request.flags & CSIGNAL), map, files, surroundings);
    }

    private static UnixThread thread(UnixThread old, UserContext from, UnixProcess process, int id, Request request)
            throws ErrnoException {
        UserContext to = old.kernel().processor().create(process.map().space().translation());
        for (int register = 0; register < UserContext.FPCR; register++) {
            to.setRegister(register, from.register(register));
        }
        to.setRegister(UserContext.FPCR, from.register(UserContext.FPCR));
        to.setRegister(UserContext.UNIQUE,
                request.has(CLONE_SETTLS) ? request.tls : from.register(UserContext.UNIQUE));
        to.setPc(from.pc());
        // OSF/1's fork answers in a4 who is the child; so does Linux.
        to.setRegister(V0, 0);
        to.setRegister(A3, 0);
        to.setRegister(A4, 1);
        if (request.stack != 0) {
            to.setRegister(SP, request.stack);
        }
        var made = new UnixThread(process, id, to, old.signals().blocked(), old.floating().copy());
        made.schedule(old.scheduling().ofChild());
        made.setNice(old.scheduling().niceOfChild(old.nice()));
        if (!request.has(CLONE_VM) || request.has(CLONE_VFORK)) {
            made.delivery().setStack(old.delivery().stack());
        } else {
            made.delivery().setStack(AlternateStack.NONE);
        }
        if (request.has(CLONE_PARENT_SETTID)) {
            tell(old, request.parentId, id);
        }
        if (request.has(CLONE_CHILD_SETTID)) {
            tell(made, request.childId, id);
        }
        if (request.has(CLONE_CHILD_CLEARTID)) {
            made.setClearAtEnd(request.childId);
        }
        return made;
    }

    /** Writes an id where it is wanted; as in Linux, whoever named a bad address is not told, and has the thread all the same. */
    private static void tell(UnixThread thread, long address, int id) {
        try {
            thread.memory().writeInt(address, id);
        } catch (ErrnoException e) {
            // see above
        }
    }

    /** Waits until a child that was lent the memory has another program or has ended; only the own end is sooner. */
    private static void awaitReturn(UnixThread thread, CountDownLatch latch) throws IOException {
        try {
            thread.signals().awaitUninterrupted(() -> {
                latch.await();
                return 0;
            });
        } catch (ErrnoException e) {
            // This thread ends; the child keeps what it needs of the memory.
        }
    }
}
