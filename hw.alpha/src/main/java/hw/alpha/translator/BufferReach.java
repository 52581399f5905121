package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.TranslationBuffer;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.Map;

/**
 * Through the translation buffer, for hosts without windows. An access compares its page with the one that was last reached
 * through the same register; both the page and what leads from it to the host's address are in variables, so that the
 * address of the datum does not wait for a table. If it is another page the buffer is asked, and the answer kept; if that does
 * not know either, or the address is not aligned, the interpreter must do it. Where there is no loop the buffer is asked at
 * once.
 */
final class BufferReach implements Reach {

    private static final ClassDesc BUFFER = ClassDesc.of(TranslationBuffer.class.getName());

    /** What is known about the page that an address register points to. */
    private record Kept(Object base, boolean store) {}

    private record Part(Kept kept, String part) {}

    private final Code code;
    private final int tlb;
    private final Map<Kept, Integer> accesses = new HashMap<>();
    private final Kept[] pages;

    BufferReach(Code code) {
        this.code = code;
        tlb = code.variable("tlb");
        pages = new Kept[code.shape.size()];
        findPages();
    }

    /** Accesses share a page if their base is the same register with the same value, give or take a constant. */
    private void findPages() {
        RegionShape shape = code.shape;
        Object[] bases = new Object[64];
        for (int i = 0; i < shape.size(); i++) {
            if (shape.leader[i]) {
                for (int register = 0; register < 64; register++) {
                    bases[register] = register;
                }
            }
            long decoded = shape.decoded[i];
            int operation = Decoder.operation(decoded);
            if (MemoryWriter.is(operation)) {
                pages[i] = new Kept(bases[Decoder.second(decoded) & 63], MemoryWriter.store(operation));
                accesses.merge(pages[i], 1, Integer::sum);
            }
            int to = Decoder.destination(decoded);
            if (to < 64 && !moves(operation, decoded, to)) {
                bases[to] = shape.pcs[i];
            }
        }
    }

    /** Whether an instruction moves a pointer a little. */
    private static boolean moves(int operation, long decoded, int to) {
        return switch (operation) {
            case Op.LDA -> Decoder.second(decoded) == to;
            case Op.ADDQ, Op.SUBQ -> Decoder.first(decoded) == to && Decoder.second(decoded) >= Decoder.LITERALS;
            default -> false;
        };
    }

    /** Gives the variables of kept pages their first values: no page. */
    @Override
    public void prologue() {
        code.out.aload(Code.STATE_SLOT).getfield(Code.STATE, "buffer", BUFFER).getfield(BUFFER, "data", Code.LONGS)
                .astore(tlb);
        for (int i = 0; i < pages.length; i++) {
            if (pages[i] != null && kept(i)) {
                for (String part : new String[]{"tag", "host"}) {
                    code.out.loadConstant(TranslationBuffer.NONE).lstore(code.variable(new Part(pages[i], part)));
                }
            }
        }
    }

    private boolean kept(int i) {
        return accesses.get(pages[i]) > 1 || code.shape.loops[i];
    }

    @Override
    public void check(int i, long decoded) {
        int operation = Decoder.operation(decoded);
        boolean store = MemoryWriter.store(operation);
        int address = code.variable("address");
        Reach.address(code, decoded);
        code.out.lstore(address);
        Label miss = code.refuse();
        int page = code.variable("page");
        code.out.lload(address).loadConstant(TranslationBuffer.PAGE_MASK | MemoryWriter.size(operation) - 1).land()
                .lstore(page);
        int index = code.variable("index");
        if (!kept(i)) {
            lookUp(address, page, index, store, miss);
            code.out.lload(address);
            entry(index, 2);
            code.out.ladd().lstore(address);
            return;
        }
        int tag = code.variable(new Part(pages[i], "tag"));
        int host = code.variable(new Part(pages[i], "host"));
        Label hit = code.out.newLabel();
        code.out.lload(page).lload(tag).lcmp().ifeq(hit);
        lookUp(address, page, index, store, miss);
        code.out.lload(page).lstore(tag);
        entry(index, 2);
        code.out.lstore(host);
        code.out.labelBinding(hit);
        code.out.lload(address).lload(host).ladd().lstore(address);
    }

    @Override
    public void host(int i, long decoded) {
        code.out.lload(code.variable("address"));
    }

    private void lookUp(int address, int page, int index, boolean store, Label miss) {
        code.out.lload(address).loadConstant(TranslationBuffer.PAGE_SHIFT).lushr().l2i();
        code.out.loadConstant(TranslationBuffer.ENTRIES - 1).iand().iconst_2().ishl().istore(index);
        entry(index, store ? 1 : 0);
        code.out.lload(page).lcmp().ifne(miss);
    }

    /** Pushes a part of an entry of the translation buffer. */
    private void entry(int index, int part) {
        code.out.aload(tlb).iload(index).loadConstant(part).ior().laload();
    }
}
