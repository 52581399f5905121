package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.translator.AccessGroups.Group;
import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Through the address space's window (see {@link PageTable#open}): the host's address is the Alpha's and a constant, once the
 * table of rights has said yes, which is asked once for a group of accesses. The address does not wait for the answer.
 */
final class WindowReach implements Reach {

    private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_int);

    /** Where a check goes that fails: what was wanted is told on the way out. */
    private record Refusal(Label label, Label exit, int wanted) {}

    private final List<Refusal> refusals = new ArrayList<>();
    private final Code code;
    private final MemoryWriter memory;
    private final AccessGroups groups;
    private final int window;
    private final int rights;

    WindowReach(Code code, MemoryWriter memory, AccessGroups groups) {
        this.code = code;
        this.memory = memory;
        this.groups = groups;
        window = code.variable("window");
        rights = code.variable("rights");
    }

    @Override
    public void prologue() {
        code.out.aload(Code.STATE_SLOT).getfield(Code.STATE, "window", ConstantDescs.CD_long).lstore(window);
        code.out.aload(Code.STATE_SLOT).getfield(Code.STATE, "rights", ConstantDescs.CD_long).lstore(rights);
    }

    @Override
    public void check(int i, long decoded) {
        Group group = groups.at(i);
        if (group.first != i) {
            return;
        }
        Label refused = code.out.newLabel();
        int needed = (group.loads() ? PageTable.LOAD : 0) | (group.stores() ? PageTable.STORE : 0);
        refusals.add(new Refusal(refused, code.refuse(), (int) group.span() << GuestState.WANTED_SHIFT | needed));
        int low = code.variable("low");
        int page = code.variable("page");
        code.load(Decoder.second(decoded));
        if (group.offset() != 0) {
            code.out.loadConstant(group.offset()).ladd();
        }
        code.out.lstore(low);
        // Bits that must be zero for the alignment become the highest, so that the page is beyond all that there are.
        int turned = Integer.numberOfTrailingZeros(group.alignment());
        code.out.lload(low);
        if (turned != 0) {
            code.out.loadConstant(turned).invokestatic(ConstantDescs.CD_Long, "rotateRight", ROTATE);
        }
        code.out.loadConstant(TranslationBuffer.PAGE_SHIFT - turned).lushr().lstore(page);
        code.out.lload(page).loadConstant(PageTable.WINDOW_PAGES).lcmp().ifge(refused);
        memory.unsafe().lload(rights).lload(page).ladd();
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

    @Override
    public void end() {
        for (Refusal refusal : refusals) {
            code.out.labelBinding(refusal.label).aload(Code.STATE_SLOT).lload(code.variable("low"));
            code.out.putfield(Code.STATE, "wantedFrom", ConstantDescs.CD_long);
            code.out.aload(Code.STATE_SLOT).loadConstant(refusal.wanted);
            code.out.putfield(Code.STATE, "wanted", ConstantDescs.CD_int).goto_(refusal.exit);
        }
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
