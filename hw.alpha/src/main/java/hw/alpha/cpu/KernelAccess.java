package hw.alpha.cpu;

import hw.alpha.mmu.PageTable.Outcome;
import java.util.Objects;
import kernel.core.machine.UserWrites;
import kernel.core.memory.Access;

/** How the kernel reaches the memory of a user context: by its page table, raising the same events. Used by the strand that runs it. */
final class KernelAccess {

    private static final int PAGE = 8192;

    private final AlphaContext context;
    private boolean inside;
    /** Who is told of what is written; null: nobody. */
    private UserWrites observer;

    KernelAccess(AlphaContext context) {
        this.context = context;
    }

    /** Whether an event is being raised for the kernel's sake. */
    boolean inside() {
        return inside;
    }

    /** @param writes who is told of what is written from now on, or null */
    void observe(UserWrites writes) {
        observer = writes;
    }

    /** Whether somebody is told of what is written. */
    boolean observed() {
        return observer != null;
    }

    /** @return how many bytes were copied before the first that could not be */
    int copy(long address, byte[] array, int offset, int length, Access access) {
        Objects.checkFromIndexSize(offset, length, array.length);
        int done = 0;
        while (done < length) {
            long at = address + done;
            int part = Math.min(length - done, PAGE - (int) (at & PAGE - 1));
            Outcome outcome = access == Access.READ
                    ? context.table().copyIn(at, array, offset + done, part)
                    : context.table().copyOut(at, array, offset + done, part);
            if (outcome == Outcome.DONE) {
                done += part;
            } else if (!raise(outcome, at, access)) {
                break;
            }
        }
        UserWrites told = observer;
        if (told != null && done > 0 && access == Access.WRITE) {
            told.written(address, array, offset, done);
        }
        return done;
    }

    /** @return what was there, zero-extended; or -1 */
    long compareAndExchange(long address, int expected, int value) {
        if ((address & 3) != 0) {
            return -1;
        }
        while (true) {
            long before = context.table().compareAndExchange(address, expected, value);
            if (before >= 0) {
                return before;
            }
            if (!raise(before == -1 ? Outcome.NOT_PRESENT : Outcome.FORBIDDEN, address, Access.WRITE)) {
                return -1;
            }
        }
    }

    private boolean raise(Outcome outcome, long address, Access access) {
        inside = true;
        try {
            return context.raise(outcome, address, access);
        } finally {
            inside = false;
        }
    }
}
