package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Writes loads and stores (AARM 4.2, 4.8). */
final class MemoryWriter {

    private static final ClassDesc SUPPORT = ClassDesc.of(Support.class.getName());
    private static final MethodTypeDesc FROM_S = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_int);
    private static final MethodTypeDesc TO_S = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_long);

    private final Code code;
    private final CodeBuilder out;
    private final boolean internal;
    private final Reach reach;

    /** @param groups null if there are no windows */
    MemoryWriter(Code code, boolean internal, AccessGroups groups) {
        this.code = code;
        this.out = code.out;
        this.internal = internal;
        reach = groups == null ? new BufferReach(code) : new WindowReach(code, this, groups);
    }

    /** Whether an operation is one of those written here. */
    static boolean is(int operation) {
        return size(operation) != 0;
    }

    /** Bytes of an access, 0 if it is none. */
    static int size(int operation) {
        return switch (operation) {
            case Op.LDBU, Op.STB -> 1;
            case Op.LDWU, Op.STW -> 2;
            case Op.LDL, Op.STL, Op.LDS, Op.STS, Op.LDL_L, Op.STL_C -> 4;
            case Op.LDQ, Op.LDQ_U, Op.STQ, Op.STQ_U, Op.LDT, Op.STT, Op.LDQ_L, Op.STQ_C -> 8;
            default -> 0;
        };
    }

    /** Whether it is LDx_L or STx_C. */
    static boolean locked(int operation) {
        return operation == Op.LDL_L || operation == Op.LDQ_L || operation == Op.STL_C || operation == Op.STQ_C;
    }

    /** Whether an access is one to store. */
    static boolean store(int operation) {
        return switch (operation) {
            case Op.STB, Op.STW, Op.STL, Op.STQ, Op.STQ_U, Op.STS, Op.STT, Op.STL_C, Op.STQ_C -> true;
            default -> false;
        };
    }

    /** Written where the region begins. */
    void prologue() {
        reach.prologue();
    }

    /** Writes the instruction at a position. */
    void write(int i, long decoded) {
        int operation = Decoder.operation(decoded);
        if (locked(operation)) {
            locked(i, decoded, operation);
            return;
        }
        reach.check(i, decoded);
        unsafe();
        reach.host(i, decoded);
        if (store(operation)) {
            put(operation, Decoder.first(decoded));
        } else {
            get(operation, Decoder.destination(decoded));
        }
    }

    /** Pushes what {@link #access} wants below an address. */
    CodeBuilder unsafe() {
        return internal
                ? out.getstatic(RegionLoader.ANCHOR, RegionLoader.UNSAFE_FIELD, RegionLoader.UNSAFE).aconst_null()
                : out;
    }

    /** LDx_L and STx_C (AARM 4.2.4, 4.2.5), see {@link GuestState}. */
    private void locked(int i, long decoded, int operation) {
        boolean store = store(operation);
        boolean quad = operation == Op.LDQ_L || operation == Op.STQ_C;
        int given = code.variable("given");
        Reach.address(code, decoded);
        out.lstore(given);
        MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long);
        int to = Decoder.destination(decoded);
        if (!store) {
            reach.check(i, decoded);
            out.aload(Code.STATE_SLOT).lload(given);
            reach.host(i, decoded);
            out.invokevirtual(Code.STATE, quad ? "loadQuadLocked" : "loadLongLocked", type);
            code.store(to);
            return;
        }
        Label fails = out.newLabel();
        Label end = out.newLabel();
        // An address that is not aligned traps whether or not it is locked.
        out.lload(given).loadConstant((long) size(operation) - 1).land().lconst_0().lcmp().ifne(code.refuse());
        out.aload(Code.STATE_SLOT).lload(given).invokevirtual(Code.STATE, "mayStore",
                MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_long)).ifeq(fails);
        reach.check(i, decoded);
        out.aload(Code.STATE_SLOT);
        reach.host(i, decoded);
        code.load(Decoder.first(decoded));
        out.invokevirtual(Code.STATE, quad ? "storeQuadConditional" : "storeLongConditional", type);
        code.store(to);
        out.goto_(end).labelBinding(fails).lconst_0();
        code.store(to);
        out.labelBinding(end);
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

    /** Types of {@link #access}'s first parameters, and of others. */
    ClassDesc[] address(ClassDesc... more) {
        ClassDesc[] all = new ClassDesc[more.length + (internal ? 2 : 1)];
        int i = 0;
        if (internal) {
            all[i++] = ConstantDescs.CD_Object;
        }
        all[i++] = ConstantDescs.CD_long;
        System.arraycopy(more, 0, all, i, more.length);
        return all;
    }

    /** Calls what reads or writes the host's memory. */
    void access(String name, MethodTypeDesc type) {
        if (internal) {
            out.invokevirtual(RegionLoader.UNSAFE, name, type);
        } else {
            out.invokestatic(ClassDesc.of(HostMemory.class.getName()), name, type);
        }
    }
}
