package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import java.util.List;
import kernel.core.machine.UserContext;

/** Runs another program in a process (execve(2)). Stateless. */
public final class Exec {

    private static final int SP = 30;

    private Exec() {}

    /**
     * Replaces what a process runs; other threads of it end. In the strand of the thread that asks for it.
     *
     * @param path the program's file, from the working directory
     * @throws ErrnoException it cannot be loaded; the old program goes on
     */
    public static void exec(UnixThread thread, UserContext context, String path, List<byte[]> arguments,
            List<byte[]> environment) throws ErrnoException {
        UnixProcess process = thread.process();
        ProgramLoader.Loaded loaded;
        try {
            loaded = new ProgramLoader(thread.kernel()).load(process.id(), thread.directory(), path, arguments,
                    environment,
                    Layout.stackSize(thread.limits().soft(ResourceLimits.STACK)));
        } catch (LoadException e) {
            throw e.errno().exception();
        }
        if (!process.endOthers(thread)) {
            loaded.map().release();
            return;
        }
        ThreadEnd.tell(thread, 0, thread.robustList());
        context.setTranslation(loaded.map().space().translation());
        process.become(loaded.program(), loaded.map());
        if (process.observer() != null) {
            process.observer().executed(thread);
        }
        thread.become(new FloatingControl());
        process.signals().dropHandlers();
        process.files().closeOnExec();
        context.succeed(0);
        start(context, loaded);
    }

    /** Sets the registers as a program finds them. */
    static void start(UserContext context, ProgramLoader.Loaded loaded) {
        for (int register = 0; register < UserContext.FPCR; register++) {
            context.setRegister(register, 0);
        }
        context.setRegister(UserContext.FPCR, FloatingControl.initial());
        context.setRegister(UserContext.UNIQUE, 0);
        context.setPc(loaded.entry());
        context.setRegister(SP, loaded.pointer());
    }
}
