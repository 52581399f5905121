package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.translator.AccessGroups.Group;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Through the address space's window (see {@link PageTable#open}): the host's address is the Alpha's and a constant, once the
 * table of rights has said yes, which is asked once for a group of accesses. The address does not wait for the answer.
 */
final class WindowReach implements Reach {

    private static final int WINDOW_BITS = Long.numberOfTrailingZeros(PageTable.WINDOW_PAGES)
            + TranslationBuffer.PAGE_SHIFT;

    private final Code code;
    private final MemoryWriter memory;
    private final AccessGroups groups;
    private final int window;

    WindowReach(Code code, MemoryWriter memory, AccessGroups groups) {
        this.code = code;
        this.memory = memory;
        this.groups = groups;
        window = code.variable("window");
    }

    @Override
    public void prologue() {
        code.out.aload(Code.STATE_SLOT).getfield(Code.STATE, "window", ConstantDescs.CD_long).lstore(window);
    }

    @Override
    public void check(int i, long decoded) {
        if (groups.checked(i)) {
            return;
        }
        Group group = groups.at(i);
        int base = Decoder.second(decoded);
        int needed = (group.loads() ? PageTable.LOAD : 0) | (group.stores() ? PageTable.STORE : 0);
        Label refused = code.refuse(Refusal.of(Decoder.immediate(decoded) - group.offset(), group.span(), group.loads(),
                group.stores()));
        int low;
        if (group.offset() == 0) {
            low = code.readable(base, "low");
        } else {
            low = code.variable("low");
            code.load(base);
            code.out.loadConstant(group.offset()).ladd().lstore(low);
        }
        int page = code.variable("page");
        if (code.flow.keeps) {
            located(low, group.alignment(), page, refused);
        } else {
            // Not in the window, or not aligned.
            code.out.lload(low).loadConstant(-1L << WINDOW_BITS | group.alignment() - 1).land().lconst_0().lcmp()
                    .ifne(refused);
            code.out.lload(low).loadConstant(TranslationBuffer.PAGE_SHIFT).lushr().lstore(page);
        }
        // The table ends where the window begins.
        memory.unsafe().lload(window).lload(page).ladd().loadConstant(-PageTable.WINDOW_PAGES).ladd();
        memory.access("getByte", MethodTypeDesc.of(ConstantDescs.CD_byte, memory.address()));
        if (group.span() <= group.alignment()) {
            require(needed, refused);
            return;
        }
        int right = code.variable("right");
        Label yes = code.out.newLabel();
        code.out.dup().istore(right);
        int both = needed << 1;
        code.out.loadConstant(both).iand().loadConstant(both).if_icmpeq(yes);
        code.out.iload(right);
        require(needed, refused);
        code.out.lload(low).lload(low).loadConstant(group.span() - 1).ladd().lxor();
        code.out.loadConstant(TranslationBuffer.PAGE_SHIFT).lushr().lconst_0().lcmp().ifne(refused);
        code.out.labelBinding(yes);
    }

    /**
     * Finds the number of a page, and leaves if the address is not in the window or not aligned. What should be zero in an aligned address is
     * rotated to where what should be zero in a page's number is: both are one comparison, with a constant that is part of
     * the host's instruction.
     */
    private void located(int low, int alignment, int page, Label refused) {
        int bits = Integer.numberOfTrailingZeros(alignment);
        code.out.lload(low);
        if (bits != 0) {
            code.out.loadConstant(bits).lushr().lload(low).loadConstant(64 - bits).lshl().lor();
        }
        code.out.loadConstant(TranslationBuffer.PAGE_SHIFT - bits).lushr().lstore(page);
        code.out.lload(page).loadConstant(PageTable.WINDOW_PAGES).lcmp().ifge(refused);
    }

    /** Pops rights, and leaves if one is missing. */
    private void require(int needed, Label refused) {
        code.out.loadConstant(needed).iand();
        if (Integer.bitCount(needed) == 1) {
            code.out.ifeq(refused);
        } else {
            code.out.loadConstant(needed).if_icmpne(refused);
        }
    }

    @Override
    public void host(int i, long decoded) {
        int operation = Decoder.operation(decoded);
        if (operation == Op.LDQ_U || operation == Op.STQ_U) {
            Reach.address(code, decoded);
            code.out.lload(window).ladd();
            return;
        }
        // The constant last: then it is part of the host's instruction.
        code.load(Decoder.second(decoded));
        code.out.lload(window).ladd();
        long immediate = Decoder.immediate(decoded);
        if (immediate != 0) {
            code.out.loadConstant(immediate).ladd();
        }
    }
}
