package hw.alpha.cpu;

import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import kernel.core.machine.DirectFile;

/**
 * Has the host store what a file has where the window shows user memory, as translated code stores there. For that time the context is in
 * user mode, as its processor is when it runs translated code: rights are looked at after coming into it, and who takes one away waits until the
 * context has left it ({@link TranslationBuffer#enterUser}). So the host must not keep it waiting, and gets no request that would.
 */
final class DirectRead {

    /** Answer of {@link #read}: the window does not show that the memory may be stored to. */
    static final int HIDDEN = -2;

    private DirectRead() {}

    /** As {@link kernel.core.machine.UserContext#readNow}, or {@link #HIDDEN}. @param buffer of the context, in kernel mode and attached to the table */
    static int read(TranslationBuffer buffer, PageTable table, DirectFile file, long position, long address,
            int length) {
        long window = table.windowBase();
        if (window == PageTable.NO_WINDOW || address + length - 1 < address) {
            return -1;
        }
        buffer.enterUser();
        try {
            long last = address + length - 1 & TranslationBuffer.PAGE_MASK;
            for (long page = address & TranslationBuffer.PAGE_MASK; page <= last; page -= TranslationBuffer.PAGE_MASK) {
                if ((PageTable.rights(window, page) & PageTable.STORE) == 0) {
                    return HIDDEN;
                }
            }
            return file.readNow(window + address, length, position);
        } finally {
            buffer.leaveUser();
        }
    }
}
