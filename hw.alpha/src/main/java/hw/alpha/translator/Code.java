package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the writers of a region's method share: where registers are, and the ways out. Integer registers are in {@code long}
 * variables, floating ones in {@code double} variables, and only those that {@link RegionFlow} says to be wanted; or all stay
 * in the register file, and nothing need be written back on leaving.
 */
final class Code {

    static final ClassDesc STATE = ClassDesc.of(GuestState.class.getName());
    static final ClassDesc REGION = ClassDesc.of(Region.class.getName());
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    static final ClassDesc DOUBLE_CLASS = ConstantDescs.CD_Double;
    private static final MethodTypeDesc TO_BITS = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double);
    private static final MethodTypeDesc FROM_BITS = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long);

    /** Instructions between two polls, about; some hundred nanoseconds. */
    static final int INTERVAL = 500;
    /**
     * Variables of the method: its parameters, then where to go next, how many instructions are left until it polls, and how many were
     * executed when it began to count these.
     */
    static final int THIS = 0, STATE_SLOT = 1, REGISTERS = 2, DEPTH = 3, NEXT = 4, LEFT = 6, BEFORE = 7;
    private static final int FIRST = 8;

    /** Where a check goes when it fails: the instruction is left to the interpreter. */
    private record Exit(Label label, long next, long dirty, int count) {}

    final CodeBuilder out;
    final RegionShape shape;
    final RegionFlow flow;
    private final int[] slots = new int[64];
    private final List<Exit> exits = new ArrayList<>();
    private final Map<Long, Label> stubs = new LinkedHashMap<>();
    private final Map<Object, Integer> temporaries = new HashMap<>();
    private int free = FIRST;

    /** Position of the instruction that is being written. */
    int at;
    /** Instructions of its block that are behind it already. */
    int done;

    Code(CodeBuilder out, RegionShape shape, RegionFlow flow) {
        this.out = out;
        this.shape = shape;
        this.flow = flow;
    }

    /** A variable of two slots, the same for the same key. */
    int variable(Object key) {
        return temporaries.computeIfAbsent(key, k -> {
            int slot = free;
            free += 2;
            return slot;
        });
    }

    /** The variable that an integer register or zero is in, or is copied to now. @param spare one to copy it to */
    int readable(int register, Object spare) {
        if (flow.keeps && register < 31) {
            return slot(register);
        }
        int copy = variable(spare);
        load(register);
        out.lstore(copy);
        return copy;
    }

    private int slot(int register) {
        if (slots[register] == 0) {
            slots[register] = free;
            free += 2;
        }
        return slots[register];
    }

    static boolean floating(int register) {
        return register >= Decoder.FLOATING && register < 64;
    }

    // Registers

    /** Pushes a register's bits, a literal, or zero. */
    void load(int register) {
        if (register >= Decoder.LITERALS) {
            out.loadConstant((long) (register - Decoder.LITERALS));
        } else if (register == 31 || register == 63) {
            out.lconst_0();
        } else if (!flow.keeps) {
            out.aload(REGISTERS).loadConstant(register).laload();
        } else if (floating(register)) {
            out.dload(slot(register));
            toBits();
        } else {
            out.lload(slot(register));
        }
    }

    /** Pushes a floating register as a double. */
    void loadDouble(int register) {
        if (register == 63) {
            out.dconst_0();
        } else if (!flow.keeps) {
            load(register);
            fromBits();
        } else {
            out.dload(slot(register));
        }
    }

    /** Pops bits into a register. */
    void store(int register) {
        put(register);
        storeAlso(register);
    }

    /** The same, where {@link #storeAlso} follows. */
    void put(int register) {
        if (register >= 64) {
            out.pop2();
        } else if (!flow.keeps) {
            int value = variable("stored");
            out.lstore(value).aload(REGISTERS).loadConstant(register).lload(value).lastore();
        } else if (floating(register)) {
            fromBits();
            out.dstore(slot(register));
        } else {
            out.lstore(slot(register));
        }
    }

    /** Pops a double into a floating register. */
    void storeDouble(int register) {
        putDouble(register);
        storeAlso(register);
    }

    /** The same, where {@link #storeAlso} follows. */
    void putDouble(int register) {
        if (register >= 64) {
            out.pop2();
        } else if (!flow.keeps) {
            toBits();
            put(register);
        } else {
            out.dstore(slot(register));
        }
    }

    void toBits() {
        out.invokestatic(DOUBLE_CLASS, "doubleToRawLongBits", TO_BITS);
    }

    void fromBits() {
        out.invokestatic(DOUBLE_CLASS, "longBitsToDouble", FROM_BITS);
    }

    /** Loads registers from the register file. */
    void reload(long mask) {
        for (int register = 0; register < 64; register++) {
            if ((mask >>> register & 1) != 0) {
                out.aload(REGISTERS).loadConstant(register).laload();
                if (floating(register)) {
                    fromBits();
                    out.dstore(slot(register));
                } else {
                    out.lstore(slot(register));
                }
            }
        }
    }

    /** Stores a register that the present instruction has changed to the register file, if it is to be there at once. */
    void storeAlso(int register) {
        if (flow.stores(at, register)) {
            storeToFile(register);
        }
    }

    /** Stores registers to the register file. */
    void writeBack(long mask) {
        for (int register = 0; register < 64; register++) {
            if ((mask >>> register & 1) != 0) {
                storeToFile(register);
            }
        }
    }

    private void storeToFile(int register) {
        out.aload(REGISTERS).loadConstant(register);
        if (floating(register)) {
            out.dload(slot(register));
            toBits();
        } else {
            out.lload(slot(register));
        }
        out.lastore();
    }

    // Ways out

    /** Label to go to when the present instruction must be left to the interpreter. Nothing may have been changed by it. */
    Label refuse() {
        return refuse(0);
    }

    /** The same. @param wanted see {@link Refusal} */
    Label refuse(long wanted) {
        return exit(shape.pcs[at] | Region.PERFORM | wanted, flow.dirty[at], done);
    }

    /** Label to go to for leaving to a known address with these registers to be written back. */
    Label exit(long next, long dirty, int count) {
        for (Exit e : exits) {
            if (e.next == next && e.dirty == dirty && e.count == count) {
                return e.label;
            }
        }
        Exit exit = new Exit(out.newLabel(), next, dirty, count);
        exits.add(exit);
        return exit.label;
    }

    /** Counts instructions: down, so that a branch back compares with zero, and needs no second variable. */
    void count(int instructions) {
        if (instructions != 0) {
            out.iinc(LEFT, -instructions);
        }
    }

    /** Leaves with {@link #NEXT} set and all registers in their places. */
    private void leave() {
        int before = variable("before");
        int after = variable("after");
        Label end = out.newLabel();
        out.aload(STATE_SLOT).getfield(STATE, "executed", ConstantDescs.CD_long).lstore(before);
        executed();
        out.i2l().lload(before).ladd().lstore(after);
        out.aload(STATE_SLOT).lload(after).putfield(STATE, "executed", ConstantDescs.CD_long);
        // The region is read by all processors, so it is not written to each time.
        out.lload(before).lload(after).lxor().loadConstant((long) -Region.GRAIN).land().l2i().ifeq(end);
        out.aload(THIS).dup().getfield(REGION, "work", ConstantDescs.CD_long);
        out.lload(after).loadConstant((long) -Region.GRAIN).land().ladd();
        out.lload(before).loadConstant((long) -Region.GRAIN).land().lsub().putfield(REGION, "work",
                ConstantDescs.CD_long);
        out.labelBinding(end).lload(NEXT).lreturn();
    }

    /** Pushes how many instructions were executed. */
    void executed() {
        out.iload(BEFORE).loadConstant(INTERVAL).iadd().iload(LEFT).isub();
    }

    /** Goes to where registers are written back and the region is left with {@link #NEXT} set. */
    void leaveWriting(long dirty) {
        out.goto_(stub(dirty));
    }

    /** Label to go to for the same. */
    Label stub(long dirty) {
        return stubs.computeIfAbsent(dirty, d -> out.newLabel());
    }

    /** Tells the trampoline that the region was left where it need not have been. Address of the jump, or 0. */
    void tellLeaving(long jump) {
        out.aload(STATE_SLOT).aload(THIS).putfield(STATE, "leaving", REGION);
        if (jump != 0) {
            out.aload(STATE_SLOT).loadConstant(jump).putfield(STATE, "leavingAt", ConstantDescs.CD_long);
        }
    }

    /** Writes all exits that were asked for; to be called last. */
    void writeExits() {
        for (Exit exit : exits) {
            out.labelBinding(exit.label);
            count(exit.count);
            if ((exit.next & 3) == 0 && !shape.has(exit.next)) {
                tellLeaving(0);
            }
            out.loadConstant(exit.next).lstore(NEXT);
            leaveWriting(exit.dirty);
        }
        List<Long> masks = new ArrayList<>(stubs.keySet());
        masks.sort((a, b) -> Integer.compare(Long.bitCount(a), Long.bitCount(b)));
        Map<Long, Label> written = new LinkedHashMap<>();
        Label end = out.newLabel();
        for (long mask : masks) {
            // The rest of the way may be another's: the largest that writes nothing which this does not.
            long best = 0;
            for (long other : written.keySet()) {
                if ((other & ~mask) == 0 && Long.bitCount(other) >= Long.bitCount(best)) {
                    best = other;
                }
            }
            out.labelBinding(stubs.get(mask));
            writeBack(mask & ~best);
            out.goto_(best == 0 ? end : written.get(best));
            if (mask != 0) {
                written.put(mask, stubs.get(mask));
            }
        }
        out.labelBinding(end);
        leave();
    }

    /** Gives the variable of a key a first value; all variables must have one where control may join. */
    void initialize(int slot, TypeKind kind, long value) {
        if (kind == TypeKind.INT) {
            out.loadConstant((int) value).istore(slot);
        } else {
            out.loadConstant(value).lstore(slot);
        }
    }
}
