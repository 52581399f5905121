package hw.alpha.cpu;

import hw.alpha.mmu.CodePage;
import hw.alpha.translator.Region;
import hw.alpha.translator.Translatable;

/** Goes from interpreted to translated code and back. Used by the strand that runs the context. */
final class Translated {

    private Translated() {}

    /**
     * Runs translated code from the program counter on, as far as there is any. The context is in user mode.
     *
     * @return {@code true}: go on interpreting at the program counter, whose page is set; {@code false}: go on by {@link
     *         AlphaContext#resume()}
     */
    static boolean run(AlphaContext context) {
        context.refreshRegions();
        long pc = context.pc;
        boolean wanted = true;
        while (context.buffer.poll() == 0) {
            Region region = context.region(pc);
            if (region == null) {
                region = context.look(pc, wanted);
                if (region == null) {
                    break;
                }
            }
            region.countEntry();
            long next = region.run(context, context.registers, 0);
            pc = next & ~3L;
            context.pc = pc;
            context.takeControl();
            if ((next & 3) == 0) {
                wanted = !left(context, pc);
            } else if ((next & Region.REFUSED) != 0) {
                break;
            } else if (!perform(context)) {
                return false;
            } else {
                // After a miss of the translation buffer the loop goes on where it began; no need for another entry.
                wanted = !Translatable.is(context.performed);
                pc += 4;
            }
        }
        context.pc = pc;
        if (context.buffer.poll() != 0) {
            return false;
        }
        CodePage page = context.buffer.code(pc);
        context.page = page;
        return page != null;
    }

    /** @return whether a better translation of what was left is to be expected, so that the way out needs none of its own */
    private static boolean left(AlphaContext context, long to) {
        Region left = context.leaving;
        if (left == null) {
            return false;
        }
        long jump = context.leavingAt;
        context.leaving = null;
        context.leavingAt = 0;
        return context.left(left, jump, to);
    }

    /** Performs the one instruction that translated code could not. @return whether to go on with the next */
    private static boolean perform(AlphaContext context) {
        context.leaving = null;
        context.leavingAt = 0;
        CodePage page = context.codeAt(context.pc);
        if (page == null) {
            return false;
        }
        context.page = page;
        context.executed++;
        context.performed = page.decode((int) (context.pc >>> 2) & CodePage.INSTRUCTIONS - 1);
        if (context.wanted != 0) {
            context.open();
        }
        boolean done = Rare.perform(context, context.performed);
        context.refreshRegions();
        return done;
    }
}
