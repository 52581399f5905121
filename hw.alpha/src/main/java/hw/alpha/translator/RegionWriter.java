package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Instruction;
import hw.alpha.isa.Op;
import hw.alpha.mmu.PageTable;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes the class of a region: control flow, and what does not belong to the other writers. */
final class RegionWriter {

    private static final ClassDesc BUFFER = ClassDesc.of("hw.alpha.mmu.TranslationBuffer");
    private static final ClassDesc FENCES = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_long, Code.STATE, Code.LONGS,
            ConstantDescs.CD_int);
    private static final MethodTypeDesc POLL = MethodTypeDesc.of(ConstantDescs.CD_int);
    private static final MethodTypeDesc CALLEE = MethodTypeDesc.of(Code.REGION, ConstantDescs.CD_long,
            ConstantDescs.CD_int);
    private static final MethodTypeDesc FOLLOW = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_int);
    private final Code code;
    private final CodeBuilder out;
    private final RegionShape shape;
    private final RegionFlow flow;
    private final IntegerWriter integers;
    private final MemoryWriter memory;
    private final FloatWriter floats;
    private final Label[] labels;
    /**
     * Where branches back go. Who polled goes round by {@link #labels}, before it: so these are two loops for the second compiler, and
     * the inner one is one that it knows to end, in which it need not look whether the virtual machine wants it to stop.
     */
    private final Label[] again;
    /** Where those of them go that are to poll. */
    private final Label[] polls;

    private RegionWriter(CodeBuilder out, RegionShape shape, boolean internal, Registers registers) {
        this.out = out;
        this.shape = shape;
        boolean keeps = registers != Registers.FILE;
        AccessGroups groups = internal && PageTable.windows() ? new AccessGroups(shape, keeps) : null;
        flow = new RegionFlow(shape, groups, registers);
        code = new Code(out, shape, flow);
        integers = new IntegerWriter(code, new Ranges(shape), keeps ? new Comparisons(shape, flow) : null,
                keeps ? new Rotations(shape, flow) : null);
        memory = new MemoryWriter(code, internal, groups);
        floats = new FloatWriter(code);
        labels = new Label[shape.size()];
        again = new Label[shape.size()];
        polls = new Label[shape.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = shape.leader[i] ? out.newLabel() : null;
            again[i] = flow.polls[i] ? out.newLabel() : null;
            polls[i] = flow.polls[i] ? out.newLabel() : null;
        }
    }

    /**
     * The class file of a region.
     *
     * @param internal whether the virtual machine's own access to memory may be used
     * @param registers where to have registers: {@link Registers#FILE} for what the first compiler makes soon, which is faster then as
     *        well, else what the second one makes fast
     */
    static byte[] write(RegionShape shape, boolean internal, Registers registers) {
        return ClassFile.of().build(RegionLoader.name(shape.entry), type -> type
                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Code.REGION)
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC,
                        body -> body.aload(0)
                                .invokespecial(Code.REGION, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
                .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC,
                        body -> new RegionWriter(body, shape, internal, registers).write()));
    }

    private void write() {
        out.loadConstant(Code.INTERVAL).istore(Code.LEFT);
        out.iconst_0().istore(Code.BEFORE);
        long needs = 0;
        for (long decoded : shape.decoded) {
            needs |= FloatWriter.needs(decoded);
        }
        int first = shape.first();
        code.at = first;
        if (needs != 0) {
            floats.prologue(needs, code.exit(shape.entry | Region.REFUSED, 0, 0));
        }
        memory.prologue();
        if (flow.polls()) {
            out.aload(Code.STATE_SLOT).getfield(Code.STATE, "buffer", BUFFER).astore(code.variable("buffer"));
        }
        code.reload(flow.live[first]);
        if (first != 0) {
            out.goto_(labels[first]);
        }
        boolean falls = first == 0;
        for (int i = 0; i < shape.size(); i++) {
            if (shape.leader[i]) {
                if (falls) {
                    code.count(code.done);
                }
                code.done = 0;
                out.labelBinding(labels[i]);
                if (again[i] != null) {
                    out.nop().labelBinding(again[i]);
                }
                floats.join();
            }
            code.at = i;
            i += instruction(i);
            falls = falls(i);
        }
        for (int i = 0; i < shape.size(); i++) {
            if (polls[i] != null) {
                out.labelBinding(polls[i]);
                poll(i);
            }
        }
        code.writeExits();
    }

    /** Whether what was written last goes on to what is written next. */
    private boolean falls(int i) {
        return switch (shape.flows[i]) {
            case NEXT, CONDITION, CALL, CALL_REGISTER -> shape.next[i] == i + 1;
            default -> false;
        };
    }

    /** Writes an instruction. @return how many more than one were written */
    private int instruction(int i) {
        long decoded = shape.decoded[i];
        switch (shape.flows[i]) {
            case NEXT -> {
                if (flow.keeps && shape.ownAddress(i)) {
                    unless(RegionShape.PROCEDURE_VALUE, shape.entry, code.refuse());
                }
                if (fuses(i)) {
                    fused(i);
                    return 1;
                }
                operation(i, decoded);
                code.done++;
                if (shape.next[i] != i + 1) {
                    go(shape.pcs[i] + 4, shape.next[i], i);
                }
            }
            case BRANCH -> {
                link(decoded, i);
                code.done++;
                branch(i);
            }
            case CONDITION -> {
                int tested = integers.tested(i);
                if (tested >= 0) {
                    Opcode holds = integers.compare(tested);
                    code.done++;
                    decide(i, holds, Decoder.first(decoded));
                    return 0;
                }
                Opcode holds = Decoder.first(decoded) >= Decoder.FLOATING
                        ? floats.condition(Decoder.operation(decoded), Decoder.first(decoded))
                        : integers.condition(Decoder.operation(decoded), Decoder.first(decoded));
                code.done++;
                condition(i, holds);
            }
            case CALL, CALL_REGISTER -> call(i, decoded);
            case INLINED_CALL -> inlinedCall(i, decoded);
            case INLINED_RETURN -> inlinedReturn(i, decoded);
            case JUMP -> jump(i, decoded);
            case RETURN -> returns(i, decoded);
            case LEAVE -> out.goto_(code.refuse());
        }
        return 0;
    }

    private void operation(int i, long decoded) {
        int operation = Decoder.operation(decoded);
        if (MemoryWriter.is(operation)) {
            memory.write(i, decoded);
            floats.forget(Decoder.destination(decoded));
            return;
        }
        switch (operation) {
            case Op.MB -> out.invokestatic(FENCES, "fullFence", ConstantDescs.MTD_void);
            case Op.WMB -> out.invokestatic(FENCES, "storeStoreFence", ConstantDescs.MTD_void);
            case Op.TRAPB, Op.EXCB, Op.FETCH, Op.FETCH_M, Op.ECB, Op.WH64, Op.WH64EN -> {
                // traps are precise, hints are hints
            }
            case Op.RDUNIQUE -> {
                out.aload(Code.STATE_SLOT).getfield(Code.STATE, "unique", ConstantDescs.CD_long);
                code.store(Decoder.destination(decoded));
            }
            case Op.WRUNIQUE -> {
                out.aload(Code.STATE_SLOT);
                code.load(Decoder.first(decoded));
                out.putfield(Code.STATE, "unique", ConstantDescs.CD_long);
            }
            default -> {
                if (GROUPS[operation] == Instruction.Group.FLOATING) {
                    floats.write(decoded);
                } else {
                    integers.write(decoded);
                }
            }
        }
    }

    private static final Instruction.Group[] GROUPS = new Instruction.Group[256];

    static {
        for (Instruction instruction : Instruction.values()) {
            GROUPS[instruction.ordinal()] = instruction.group();
        }
    }

    // Compare and branch

    /** Whether an integer comparison is followed by a branch on its result, and nobody can come in between. */
    private boolean fuses(int i) {
        int operation = Decoder.operation(shape.decoded[i]);
        if (operation < Op.CMPEQ || operation > Op.CMPULE || i + 1 >= shape.size() || shape.leader[i + 1]) {
            return false;
        }
        int branch = Decoder.operation(shape.decoded[i + 1]);
        int to = Decoder.destination(shape.decoded[i]);
        return to != Decoder.SINK && (branch == Op.BEQ || branch == Op.BNE)
                && Decoder.first(shape.decoded[i + 1]) == to;
    }

    private void fused(int i) {
        long comparison = shape.decoded[i];
        int to = Decoder.destination(comparison);
        Opcode holds = integers.compare(Decoder.operation(comparison), Decoder.first(comparison),
                Decoder.second(comparison));
        code.done += 2;
        code.at = i + 1;
        decide(i + 1, holds, to);
    }

    /**
     * Branches on a comparison, whose result is known on both ways then.
     *
     * @param holds the branch that is taken when it holds, with what it wants on the stack
     * @param to register of the result
     */
    private void decide(int i, Opcode holds, int to) {
        boolean ifTrue = Comparisons.ifHolds(Decoder.operation(shape.decoded[i]));
        boolean wanted = flow.wants(i, to);
        Label taken = out.newLabel();
        out.branch(ifTrue ? holds : IntegerWriter.opposite(holds), taken);
        // The other edge first, as it may fall through.
        Label other = out.newLabel();
        out.goto_(other);
        out.labelBinding(taken);
        if (wanted) {
            out.loadConstant(ifTrue ? 1L : 0L);
            code.store(to);
        }
        branch(i);
        out.labelBinding(other);
        if (wanted) {
            out.loadConstant(ifTrue ? 0L : 1L);
            code.store(to);
        }
        onward(i);
    }

    // Branches

    private void link(long decoded, int i) {
        int to = Decoder.destination(decoded);
        if (to != Decoder.SINK) {
            out.loadConstant(shape.pcs[i] + 4);
            code.store(to);
        }
    }

    /** Goes where the branch at a position goes when it is taken. */
    private void branch(int i) {
        branch(i, shape.target(i));
    }

    private void branch(int i, long pc) {
        go(pc, shape.targets[i], i);
    }

    /** Goes on with the instruction behind, unless it is written next. */
    private void onward(int i) {
        if (shape.next[i] == i + 1) {
            return;
        }
        go(shape.pcs[i] + 4, shape.next[i], i);
    }

    /** Goes to an address, whose position may be outside, after the instruction at {@code i}. */
    private void go(long pc, int position, int i) {
        if (position < 0) {
            out.goto_(code.exit(pc, flow.dirtyAfter(i), code.done));
            return;
        }
        code.count(code.done);
        if (position <= i) {
            out.iload(Code.LEFT).ifgt(again[position]).goto_(polls[position]);
        } else {
            out.goto_(labels[position]);
        }
    }

    /**
     * Polls for whoever goes back to a position, begins to count anew, and goes there. For all of them together, and at the end: the second
     * compiler would compute what two ways have in common before they part, which is where nobody polls.
     */
    private void poll(int position) {
        code.executed();
        out.istore(Code.BEFORE).loadConstant(Code.INTERVAL).istore(Code.LEFT);
        // First what is volatile: nothing behind it is read before. What two polls read at the same time the second compiler reads for
        // both where they part, in each turn of the loop.
        out.aload(code.variable("buffer")).invokevirtual(BUFFER, "poll", POLL);
        // Negative if there were more than it may execute at a time.
        out.aload(Code.THIS).getfield(Code.REGION, "limit", ConstantDescs.CD_int);
        out.iload(Code.BEFORE).isub().loadConstant(Integer.SIZE - 1).ishr().ior();
        out.ifne(code.exit(shape.pcs[position], flow.dirty[position], 0));
        out.goto_(labels[position]);
    }

    private void condition(int i, Opcode holds) {
        int target = shape.targets[i];
        if (target < 0) {
            out.branch(holds, code.exit(shape.target(i), flow.dirtyAfter(i), code.done));
        } else {
            Label not = out.newLabel();
            out.branch(IntegerWriter.opposite(holds), not);
            branch(i);
            out.labelBinding(not);
        }
        onward(i);
    }

    // Calls and jumps

    private void call(int i, long decoded) {
        long back = shape.pcs[i] + 4;
        boolean known = shape.flows[i] == RegionShape.Flow.CALL;
        if (known) {
            out.loadConstant(shape.target(i));
        } else {
            code.load(Decoder.second(decoded));
            out.loadConstant(~3L).land();
        }
        out.lstore(Code.NEXT);
        link(decoded, i);
        code.done++;
        code.count(code.done);
        code.done = 0;
        code.writeBack(flow.dirtyAfter(i));
        // Where there is no callee that may be run, one is that does nothing.
        out.aload(Code.STATE_SLOT).lload(Code.NEXT).iload(Code.DEPTH).invokevirtual(Code.STATE, "callee", CALLEE);
        out.aload(Code.STATE_SLOT).aload(Code.REGISTERS).iload(Code.DEPTH).iconst_1().iadd();
        out.invokevirtual(Code.REGION, "run", RUN).lstore(Code.NEXT);
        if (shape.next[i] < 0) {
            code.leaveWriting(0);
            return;
        }
        Label came = out.newLabel();
        out.lload(Code.NEXT).loadConstant(back).lcmp().ifeq(came);
        // The callee is more than one region, or has none yet.
        out.aload(Code.STATE_SLOT).lload(Code.NEXT).loadConstant(back).iload(Code.DEPTH);
        out.invokevirtual(Code.STATE, "follow", FOLLOW).lstore(Code.NEXT);
        out.lload(Code.NEXT).loadConstant(back).lcmp().ifne(code.stub(0));
        out.labelBinding(came);
        code.reload(flow.liveAt(shape.next[i]));
        if (flow.keeps && shape.returnAddress(i)) {
            unless(Decoder.destination(decoded), back, code.exit(back, 0, 0));
        }
        onward(i);
    }

    /** Goes on at a label unless a register has a value, which the compiler then knows if registers are kept in variables. */
    private void unless(int register, long value, Label otherwise) {
        code.load(register);
        out.loadConstant(value).lcmp().ifne(otherwise);
        if (flow.keeps && register < 31) {
            out.loadConstant(value);
            code.store(register);
        }
    }

    private void inlinedCall(int i, long decoded) {
        if (Decoder.operation(decoded) == Op.BSR) {
            link(decoded, i);
            code.done++;
            branch(i, shape.expected[i]);
        } else {
            expected(i, decoded, true);
        }
    }

    private void inlinedReturn(int i, long decoded) {
        expected(i, decoded, false);
    }

    /** Goes where control went whenever the code was followed, and leaves if the register has another address. */
    private void expected(int i, long decoded, boolean tell) {
        Label other = out.newLabel();
        code.done++;
        unless(Decoder.second(decoded), shape.expected[i], other);
        link(decoded, i);
        branch(i, shape.expected[i]);
        out.labelBinding(other);
        next(i, decoded);
        code.count(code.done);
        if (tell) {
            code.tellLeaving(shape.pcs[i]);
        }
        code.leaveWriting(flow.dirtyAfter(i));
    }

    /** Returns: to where the region's function called itself, or to whoever called it. */
    private void returns(int i, long decoded) {
        code.done++;
        for (int k = 0; k < shape.jumpTargets[i].length; k++) {
            Label other = out.newLabel();
            unless(Decoder.second(decoded), shape.jumpTargets[i][k], other);
            link(decoded, i);
            go(shape.jumpTargets[i][k], shape.jumpPositions[i][k], i);
            out.labelBinding(other);
        }
        next(i, decoded);
        code.count(code.done);
        code.leaveWriting(flow.dirtyAfter(i));
    }

    /** Finds where a jump by register goes. */
    private void next(int i, long decoded) {
        code.load(Decoder.second(decoded));
        out.loadConstant(~3L).land().lstore(Code.NEXT);
        link(decoded, i);
    }

    private void jump(int i, long decoded) {
        next(i, decoded);
        code.done++;
        code.count(code.done);
        knownTargets(i);
        if (!shape.open[i]) {
            code.tellLeaving(shape.pcs[i]);
        }
        code.leaveWriting(flow.dirtyAfter(i));
    }

    private void knownTargets(int i) {
        long[] known = shape.jumpTargets[i];
        if (known.length == 0) {
            return;
        }
        List<SwitchCase> cases = new ArrayList<>();
        Label other = out.newLabel();
        List<Runnable> later = new ArrayList<>();
        long high = known[0] >>> 32;
        int before = code.done;
        code.done = 0;
        for (int k = 0; k < known.length; k++) {
            long pc = known[k];
            int position = shape.jumpPositions[i][k];
            if (pc >>> 32 == high) {
                Label found = out.newLabel();
                cases.add(SwitchCase.of((int) pc, found));
                later.add(() -> {
                    out.labelBinding(found);
                    go(pc, position, i);
                });
            }
        }
        out.lload(Code.NEXT).loadConstant(32).lushr().loadConstant(high).lcmp().ifne(other);
        out.lload(Code.NEXT).l2i().lookupswitch(other, cases);
        later.forEach(Runnable::run);
        out.labelBinding(other);
        code.done = before;
    }
}
