package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.TranslationBuffer;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes loads and stores (AARM 4.2, 4.8). An access compares its page with the one that was last reached through the same
 * register; both the page and what leads from it to the host's address are in variables, so that the address of the
 * datum does not wait for a table. If it is another page the translation buffer is asked, and the answer kept; if that
 * does not know either, or the address is not aligned, the interpreter must do it. Where there is no loop the buffer
 * is asked at once.
 */
final class MemoryWriter {

    private static final ClassDesc SUPPORT = ClassDesc.of(Support.class.getName());
    private static final MethodTypeDesc FROM_S = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_int);
    private static final MethodTypeDesc TO_S = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long);

    /** Bytes of an entry of the translation buffer, as a power of two. */
    private static final int ENTRY_SHIFT = 5;

    /** What is known about the page that an address register points to. */
    private record Window(Object base, boolean store) {}

    private record Part(Window window, String part) {}

    private final Code code;
    private final CodeBuilder out;
    private final boolean internal;
    private final Map<Window, Integer> accesses = new HashMap<>();
    private final Window[] windows;

    MemoryWriter(Code code, boolean internal) {
        this.code = code;
        this.out = code.out;
        this.internal = internal;
        windows = new Window[code.shape.size()];
        findWindows();
    }

    static boolean is(int operation) {
        return size(operation) != 0;
    }

    private static int size(int operation) {
        return switch (operation) {
            case Op.LDBU, Op.STB -> 1;
            case Op.LDWU, Op.STW -> 2;
            case Op.LDL, Op.STL, Op.LDS, Op.STS, Op.LDL_L, Op.STL_C -> 4;
            case Op.LDQ, Op.LDQ_U, Op.STQ, Op.STQ_U, Op.LDT, Op.STT, Op.LDQ_L, Op.STQ_C -> 8;
            default -> 0;
        };
    }

    private static boolean store(int operation) {
        return switch (operation) {
            case Op.STB, Op.STW, Op.STL, Op.STQ, Op.STQ_U, Op.STS, Op.STT, Op.STL_C, Op.STQ_C -> true;
            default -> false;
        };
    }

    /** Accesses share a window if their base is the same register with the same value, give or take a constant. */
    private void findWindows() {
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
            if (is(operation)) {
                windows[i] = new Window(bases[Decoder.second(decoded) & 63], store(operation));
                accesses.merge(windows[i], 1, Integer::sum);
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

    /** Gives the variables of the windows their first values: no page. */
    void prologue() {
        for (int i = 0; i < windows.length; i++) {
            if (windows[i] != null && kept(i)) {
                for (String part : new String[]{"tag", "host"}) {
                    Part key = new Part(windows[i], part);
                    out.loadConstant(TranslationBuffer.NONE).lstore(code.variable(key));
                }
            }
        }
    }

    private boolean kept(int i) {
        return accesses.get(windows[i]) > 1 || code.shape.loops[i];
    }

    /** Writes the instruction at a position. */
    void write(int i, long decoded) {
        int operation = Decoder.operation(decoded);
        boolean store = store(operation);
        int address = code.variable("address");
        int immediate = Decoder.immediate(decoded);
        code.load(Decoder.second(decoded));
        if (immediate != 0) {
            out.loadConstant((long) immediate).ladd();
        }
        if (operation == Op.LDQ_U || operation == Op.STQ_U) {
            out.loadConstant(-8L).land();
        }
        out.lstore(address);
        if (operation == Op.LDL_L || operation == Op.LDQ_L || operation == Op.STL_C || operation == Op.STQ_C) {
            locked(i, decoded, operation, address);
            return;
        }
        reach(i, address, size(operation), store);
        if (internal) {
            out.getstatic(RegionLoader.ANCHOR, RegionLoader.UNSAFE_FIELD, RegionLoader.UNSAFE).aconst_null();
        }
        out.lload(address);
        if (store) {
            put(operation, Decoder.first(decoded));
        } else {
            get(operation, Decoder.destination(decoded));
        }
    }

    /** LDx_L and STx_C (AARM 4.2.4, 4.2.5), see {@link GuestState}. */
    private void locked(int i, long decoded, int operation, int address) {
        boolean store = store(operation);
        boolean quad = operation == Op.LDQ_L || operation == Op.STQ_C;
        int given = code.variable("given");
        out.lload(address).lstore(given);
        MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long);
        int to = Decoder.destination(decoded);
        if (!store) {
            reach(i, address, size(operation), false);
            out.aload(Code.STATE_SLOT).lload(given).lload(address);
            out.invokevirtual(Code.STATE, quad ? "loadQuadLocked" : "loadLongLocked", type);
            code.store(to);
            return;
        }
        Label fails = out.newLabel();
        Label end = out.newLabel();
        // An address that is not aligned traps whether or not it is locked.
        out.lload(address).loadConstant((long) size(operation) - 1).land().lconst_0().lcmp().ifne(code.refuse());
        out.aload(Code.STATE_SLOT).lload(given).invokevirtual(Code.STATE, "mayStore",
                MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_long)).ifeq(fails);
        reach(i, address, size(operation), true);
        out.aload(Code.STATE_SLOT).lload(address);
        code.load(Decoder.first(decoded));
        out.invokevirtual(Code.STATE, quad ? "storeQuadConditional" : "storeLongConditional", type);
        code.store(to);
        out.goto_(end).labelBinding(fails).lconst_0();
        code.store(to);
        out.labelBinding(end);
    }

    /** Turns the address in a variable into the host's, or leaves. */
    private void reach(int i, int address, int size, boolean store) {
        Label miss = code.refuse();
        int page = code.variable("page");
        out.lload(address).loadConstant(TranslationBuffer.PAGE_MASK | size - 1).land().lstore(page);
        int index = code.variable("index");
        if (!kept(i)) {
            lookUp(address, page, index, store, miss);
            out.lload(address);
            host(index);
            out.ladd().lstore(address);
            return;
        }
        int tag = code.variable(new Part(windows[i], "tag"));
        int host = code.variable(new Part(windows[i], "host"));
        Label hit = out.newLabel();
        out.lload(page).lload(tag).lcmp().ifeq(hit);
        lookUp(address, page, index, store, miss);
        out.lload(page).lstore(tag);
        host(index);
        out.lstore(host);
        out.labelBinding(hit);
        out.lload(address).lload(host).ladd().lstore(address);
    }

    private void lookUp(int address, int page, int index, boolean store, Label miss) {
        out.lload(address);
        if (internal) {
            // The entry's place as a number of bytes: it is inside by its computation, so nothing need be checked.
            out.loadConstant(TranslationBuffer.PAGE_SHIFT - ENTRY_SHIFT).lushr();
            out.loadConstant((long) TranslationBuffer.ENTRIES - 1 << ENTRY_SHIFT).land().lstore(index);
            entry(index, store ? 8 : 0);
        } else {
            out.loadConstant(TranslationBuffer.PAGE_SHIFT).lushr().l2i();
            out.loadConstant(TranslationBuffer.ENTRIES - 1).iand().iconst_2().ishl().istore(index);
            entry(index, store ? 1 : 0);
        }
        out.lload(page).lcmp().ifne(miss);
    }

    private void host(int index) {
        entry(index, internal ? 16 : 2);
    }

    /** Pushes a part of an entry of the translation buffer. */
    private void entry(int index, int part) {
        if (internal) {
            out.getstatic(RegionLoader.ANCHOR, RegionLoader.UNSAFE_FIELD, RegionLoader.UNSAFE).aload(Code.TLB);
            out.lload(index).loadConstant((long) RegionLoader.LONGS_OFFSET + part).ladd();
            access("getLong", MethodTypeDesc.of(ConstantDescs.CD_long, address()));
        } else {
            out.aload(Code.TLB).iload(index).loadConstant(part).ior().laload();
        }
    }

    private void get(int operation, int to) {
        switch (operation) {
            case Op.LDBU -> {
                access("getByte", MethodTypeDesc.of(ConstantDescs.CD_byte, address()));
                out.loadConstant(255).iand().i2l();
            }
            case Op.LDWU -> {
                access("getShort", MethodTypeDesc.of(ConstantDescs.CD_short, address()));
                out.loadConstant(0xFFFF).iand().i2l();
            }
            case Op.LDL -> {
                access("getInt", MethodTypeDesc.of(ConstantDescs.CD_int, address()));
                out.i2l();
            }
            case Op.LDS -> {
                access("getInt", MethodTypeDesc.of(ConstantDescs.CD_int, address()));
                out.invokestatic(SUPPORT, "fromS", FROM_S);
            }
            default -> access("getLong", MethodTypeDesc.of(ConstantDescs.CD_long, address()));
        }
        code.store(to);
    }

    private void put(int operation, int from) {
        code.load(from);
        switch (operation) {
            case Op.STB -> {
                out.l2i().i2b();
                access("putByte", MethodTypeDesc.of(ConstantDescs.CD_void, address(ConstantDescs.CD_byte)));
            }
            case Op.STW -> {
                out.l2i().i2s();
                access("putShort", MethodTypeDesc.of(ConstantDescs.CD_void, address(ConstantDescs.CD_short)));
            }
            case Op.STL -> {
                out.l2i();
                access("putInt", MethodTypeDesc.of(ConstantDescs.CD_void, address(ConstantDescs.CD_int)));
            }
            case Op.STS -> {
                out.invokestatic(SUPPORT, "toS", TO_S);
                access("putInt", MethodTypeDesc.of(ConstantDescs.CD_void, address(ConstantDescs.CD_int)));
            }
            default -> access("putLong", MethodTypeDesc.of(ConstantDescs.CD_void, address(ConstantDescs.CD_long)));
        }
    }

    private ClassDesc[] address(ClassDesc... more) {
        ClassDesc[] all = new ClassDesc[more.length + (internal ? 2 : 1)];
        int i = 0;
        if (internal) {
            all[i++] = ConstantDescs.CD_Object;
        }
        all[i++] = ConstantDescs.CD_long;
        System.arraycopy(more, 0, all, i, more.length);
        return all;
    }

    private void access(String name, MethodTypeDesc type) {
        if (internal) {
            out.invokevirtual(RegionLoader.UNSAFE, name, type);
        } else {
            out.invokestatic(ClassDesc.of(HostMemory.class.getName()), name, type);
        }
    }
}
