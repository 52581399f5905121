package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.translator.Refusal;
import hw.alpha.translator.Region;
import hw.alpha.translator.Translatable;
import hw.alpha.translator.Translator;

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
                region = look(context, pc, wanted);
                if (region == null) {
                    break;
                }
            }
            region.countEntry(context);
            if (region.growing) {
                context.grow(region);
            }
            long next = region.run(context, context.registers, 0);
            if ((next & Region.LEAVE) == Region.LEAVE) {
                return false;
            }
            pc = (next & Region.PERFORM) == 0 ? next & ~3L : Refusal.address(next);
            context.pc = pc;
            context.takeControl();
            if ((next & 3) == 0) {
                wanted = !left(context, pc);
            } else if ((next & Region.REFUSED) != 0) {
                break;
            } else if (!perform(context, Refusal.wanted(next))) {
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
        return !left.finished && context.left(left, jump, to);
    }

    /**
     * Performs the one instruction that translated code could not.
     *
     * @param wanted what it did not have, see {@link Refusal}
     * @return whether to go on with the next
     */
    static boolean perform(AlphaContext context, int wanted) {
        context.leaving = null;
        context.leavingAt = 0;
        CodePage page = context.codeAt(context.pc);
        if (page == null) {
            return false;
        }
        context.page = page;
        context.executed++;
        int index = (int) (context.pc >>> 2) & CodePage.INSTRUCTIONS - 1;
        context.performed = page.decoded[index] == 0 ? page.decode(index) : page.decoded[index];
        if (wanted != 0) {
            open(context, wanted);
        }
        boolean done = Rare.perform(context, context.performed);
        context.refreshRegions();
        return done;
    }

    /**
     * Lets translated code reach what it wanted to through the window, as far as it may be reached without an event.
     *
     * @param wanted by the present instruction, see {@link Refusal}
     */
    private static void open(AlphaContext context, int wanted) {
        long from = context.registers[Decoder.second(context.performed)] + Decoder.immediate(context.performed)
                - Refusal.before(wanted);
        int length = Refusal.length(wanted);
        int rights = (Refusal.loads(wanted) ? PageTable.LOAD : 0) | (Refusal.stores(wanted) ? PageTable.STORE : 0);
        if (!missed(context, from, length, rights)) {
            context.kernelMode();
            context.table().open(from, length, rights);
            context.buffer.enterUser();
        }
    }

    /**
     * Whether the window will get all that translated code wanted without {@link PageTable#open}: the accesses, performed one by
     * one, miss the translation buffer as well. A fault then asks the page table once, not twice.
     */
    private static boolean missed(AlphaContext context, long from, int length, int rights) {
        long page = from & TranslationBuffer.PAGE_MASK;
        if (context.window == PageTable.NO_WINDOW || page != (from + length - 1 & TranslationBuffer.PAGE_MASK)) {
            return false;
        }
        int lacking = rights & ~PageTable.rights(context.window, page);
        return ((lacking & PageTable.LOAD) == 0 || !context.buffer.present(page, false))
                && ((lacking & PageTable.STORE) == 0 || !context.buffer.present(page, true));
    }

    /**
     * Performs an instruction for regions that wait; see {@link AlphaContext#perform}. An event may be raised, after which the
     * context goes on wherever the kernel has sent it.
     */
    static long performAt(AlphaContext context, long at, int wanted) {
        context.pc = at;
        context.takeControl();
        PageTable table = context.table();
        int epoch = context.codeEpoch();
        while (!perform(context, wanted)) {
            if (!context.resume() || context.nearLimit()) {
                return context.pc | Region.LEAVE;
            }
            context.refreshRegions();
            if (context.pc != at) {
                context.setWorthwhile(true);
                return context.sameCode(table, epoch) ? context.pc : context.pc | Region.LEAVE;
            }
        }
        // After a miss the loop goes on where it began; no need for another entry.
        context.setWorthwhile(!Translatable.is(context.performed));
        context.pc = at + 4;
        return context.sameCode(table, epoch) ? context.pc : context.pc | Region.LEAVE;
    }

    /** The region to enter at an address. @param wanted whether to count that it was looked for, and to ask for it in the end */
    static Region look(AlphaContext context, long pc, boolean wanted) {
        // Not only what the buffer has: two pages of a loop may want the same place in it.
        CodePage page = context.codeAt(pc);
        if (page == null) {
            return null;
        }
        int index = (int) (pc >>> 2) & CodePage.INSTRUCTIONS - 1;
        Translator translator = context.translator;
        int threshold = translator.threshold();
        if (!wanted && threshold != 0 && page.heat[index] <= threshold) {
            return null;
        }
        if (page.heat[index] <= threshold && ++page.heat[index] <= threshold) {
            return null;
        }
        Region region = translator.find(context, pc);
        if (region == null) {
            region = translator.request(context, pc);
        }
        if (region == null) {
            // Counted again while it is being made.
            page.heat[index] = 0;
            return null;
        }
        page.heat[index] = (short) threshold;
        if (!region.isPassing()) {
            context.remember(region);
        }
        return region;
    }
}
