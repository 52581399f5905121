package bundles.unix.provider;

import bundles.unix.provider.call.CallServer;
import bundles.unix.provider.process.Exhaustion;
import bundles.unix.provider.process.UnixThread;
import kernel.core.dispatch.Intrinsic;
import kernel.core.machine.AsyncTrap;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.BadAddress;
import kernel.core.memory.OutOfMemory;
import org.osgi.service.component.annotations.Component;

/**
 * Intrinsic handler of the traps of user code: system calls, signals, faults. Needs no service, for the processor needs its
 * stubs and everything else needs the processor: what it does it finds at the context's owner. Contexts of others are left
 * alone. Thread-safe: holds nothing; each trap runs in its context's strand.
 */
@Component
@Intrinsic
public final class ProcessTraps implements Syscall, ProcessorTrap, AsyncTrap, BadAddress, OutOfMemory {

    @Override
    public void syscall(UserContext context, int number) {
        if (context.owner() instanceof UnixThread thread) {
            CallServer.serve(thread, context, number);
        }
    }

    @Override
    public void trap(UserContext context, Kind kind, long info) {
        if (context.owner() instanceof UnixThread thread) {
            thread.trapped(kind, info);
        }
    }

    @Override
    public void deliver(UserContext context) {
        if (context.owner() instanceof UnixThread thread) {
            thread.delivery().deliverPending();
        }
    }

    @Override
    public boolean outOfMemory(UserContext context) {
        return context.owner() instanceof UnixThread thread && Exhaustion.relieve(thread);
    }

    @Override
    public boolean badAddress(UserContext context, long address, Access access, boolean allocated) {
        if (context.owner() instanceof UnixThread thread) {
            thread.badAddress(address, access, allocated);
            return true;
        }
        return false;
    }
}
