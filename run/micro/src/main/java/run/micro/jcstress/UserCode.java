package run.micro.jcstress;

import hw.alpha.mmu.Host;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.mmu.Translations;
import kernel.core.memory.Access;

/**
 * A processor that runs user code: one translation buffer on a page table, used in the order in which {@code hw.alpha}'s processor
 * uses it. It enters user mode before it looks up what it goes on with, takes no lock there, and polls. For one thread.
 */
final class UserCode {

    /** What becomes of an access that the page table does not allow. */
    @FunctionalInterface
    interface Fault {
        /** @return whether to try again */
        boolean resolve(long address, Access access);
    }

    static final Translations UNIT = new Translations();
    static final int PAGE = 8192;

    final PageTable table;
    private final TranslationBuffer buffer = new TranslationBuffer();
    private final Fault fault;

    UserCode(PageTable table, Fault fault) {
        this.table = table;
        this.fault = fault;
        table.attach(buffer);
    }

    /** No access begins any more. */
    void end() {
        kernelMode();
        table.detach(buffer);
    }

    /** Goes to kernel mode, and begins again with an empty buffer, so that the next access misses. */
    void begin() {
        end();
        table.attach(buffer);
    }

    private void kernelMode() {
        if (buffer.inUser()) {
            buffer.leaveUser();
        }
    }

    /** Stores to an aligned quadword. Afterwards in user mode, unless it was refused. @return false: it was refused */
    boolean store(long address, long value) {
        if (!reach(address, true)) {
            return false;
        }
        Host.MEMORY.set(Host.QUADWORD, buffer.host(address), value);
        return true;
    }

    /** Loads an aligned quadword. @return -1: it was refused */
    long load(long address) {
        return reach(address, false) ? Host.MEMORY.get(Host.QUADWORD, buffer.host(address)) : -1;
    }

    private boolean reach(long address, boolean store) {
        while (!buffer.present(address, store)) {
            kernelMode();
            if (table.fill(buffer, address, store) == PageTable.Outcome.DONE) {
                buffer.enterUser();
            } else if (!fault.resolve(address, store ? Access.WRITE : Access.READ)) {
                return false;
            }
        }
        return true;
    }

    /** As translated code does it: through the window, if that gives the right to. @return whether it did */
    boolean storeInWindow(long address, long value) {
        long window = table.windowBase();
        if (window == PageTable.NO_WINDOW || (PageTable.rights(window, address) & PageTable.STORE) == 0) {
            return false;
        }
        Host.MEMORY.set(Host.QUADWORD, window + address, value);
        return true;
    }

    /** Looks whether rights were taken away, as user code does at each branch back. */
    void poll() {
        if (buffer.poll() != 0) {
            kernelMode();
            resume();
        }
    }

    /** Goes from kernel to user mode. */
    void resume() {
        while (true) {
            buffer.take(TranslationBuffer.SHOOTDOWN);
            buffer.enterUser();
            if ((buffer.poll() & TranslationBuffer.SHOOTDOWN) == 0) {
                return;
            }
            buffer.leaveUser();
        }
    }
}
