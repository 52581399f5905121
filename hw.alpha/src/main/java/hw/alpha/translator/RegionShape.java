package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.translator.RegionFollower.Body;
import hw.alpha.translator.RegionFollower.Found;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The instructions that a region is made of and how control flows among them, in the order of their addresses, but for called
 * functions, which stand behind each call. Immutable once made.
 */
final class RegionShape {

    /** What an instruction does to the flow of control. */
    enum Flow {
        /** Goes on with the next. */
        NEXT,
        /** Goes to a known address. */
        BRANCH,
        /** Goes to a known address or on. */
        CONDITION,
        /** Calls a known address and comes back behind. */
        CALL,
        /** Calls an address in a register and comes back behind. */
        CALL_REGISTER,
        /** Calls, as one of the two above, a function that is part of the region here, or that the region begins with. */
        INLINED_CALL,
        /** Returns from that function. */
        INLINED_RETURN,
        /** Goes to an address in a register. */
        JUMP,
        /** Goes to an address in a register, which is a return: perhaps to where the function called itself. */
        RETURN,
        /** Is left to the interpreter. */
        LEAVE
    }

    /** The register that has a procedure's address when it is called through a register. */
    static final int PROCEDURE_VALUE = 27;
    /** Instructions in a small loop. */
    private static final int LOOP = 64;

    final long entry;
    final long[] pcs;
    final long[] decoded;
    final Flow[] flows;
    /** Position of the instruction that a branch or an inlined call or return goes to, -1 if that is outside. */
    final int[] targets;
    /** Position of the instruction behind, -1 if that is outside. */
    final int[] next;
    /** Whether control comes here from elsewhere than from the instruction before. */
    final boolean[] leader;
    /** Whether it may be part of a loop. */
    final boolean[] loops;
    /** Addresses that a jump or return is known to go to within the region, by its position. */
    final long[][] jumpTargets;
    /** Positions of these. */
    final int[][] jumpPositions;
    /** Whether it is a jump to more places than are followed, see {@link Found#open}. */
    final boolean[] open;
    /** Address that an inlined call goes to or an inlined return comes back to. */
    final long[] expected;
    private final Body body;
    private final int[] words;
    private final Set<Long> inlinedCalls = new HashSet<>();
    private final long[] pageSerials;
    private final long[] pages;

    /** The shape of a body that was followed. */
    RegionShape(Body body) {
        this.body = body;
        entry = body.entry;
        List<Body> bodies = new ArrayList<>();
        List<Found> all = RegionFollower.inOrder(body, bodies);
        int count = all.size();
        pcs = new long[count];
        decoded = new long[count];
        words = new int[count];
        flows = new Flow[count];
        targets = new int[count];
        next = new int[count];
        leader = new boolean[count];
        loops = new boolean[count];
        jumpTargets = new long[count][];
        jumpPositions = new int[count][];
        open = new boolean[count];
        expected = new long[count];
        for (int i = 0; i < count; i++) {
            pcs[i] = all.get(i).pc;
            decoded[i] = all.get(i).decoded;
            words[i] = all.get(i).word;
            flows[i] = flow(decoded[i]);
            open[i] = all.get(i).open;
        }
        pages = Arrays.stream(pcs).map(pc -> pc & TranslationBuffer.PAGE_MASK).sorted().distinct().toArray();
        pageSerials = new long[pages.length];
        for (int i = 0; i < count; i++) {
            connect(i, bodies.get(i), all.get(i));
        }
        lead(first());
        findReturns(bodies, all);
        findLoops();
    }

    static long target(long pc, long decoded) {
        return pc + 4 + ((long) Decoder.immediate(decoded) << 2);
    }

    static Flow flow(long decoded) {
        return switch (Decoder.operation(decoded)) {
            case Op.BR -> Flow.BRANCH;
            case Op.BSR -> Decoder.destination(decoded) == Decoder.SINK ? Flow.BRANCH : Flow.CALL;
            case Op.BEQ, Op.BNE, Op.BLT, Op.BLE, Op.BGE, Op.BGT, Op.BLBC, Op.BLBS, Op.FBEQ, Op.FBNE, Op.FBLT, Op.FBLE,
                    Op.FBGE, Op.FBGT ->
                Flow.CONDITION;
            case Op.JSR -> Decoder.destination(decoded) == Decoder.SINK ? Flow.JUMP : Flow.CALL_REGISTER;
            case Op.JMP -> Flow.JUMP;
            case Op.RET, Op.JSR_COROUTINE -> Flow.RETURN;
            default -> Translatable.is(decoded) ? Flow.NEXT : Flow.LEAVE;
        };
    }

    private static int position(Body body, long pc) {
        Found found = body.found.get(pc);
        return found == null ? -1 : found.position;
    }

    private void connect(int i, Body body, Found found) {
        next[i] = position(body, pcs[i] + 4);
        targets[i] = -1;
        switch (flows[i]) {
            case BRANCH, CONDITION -> {
                targets[i] = position(body, target(i));
                lead(targets[i]);
                lead(next[i]);
            }
            case JUMP -> {
                jumpTargets[i] = Arrays.stream(found.known).filter(to -> position(body, to) >= 0).sorted().toArray();
                jumpPositions[i] = Arrays.stream(jumpTargets[i]).mapToInt(to -> position(body, to)).toArray();
                Arrays.stream(jumpPositions[i]).forEach(this::lead);
            }
            case CALL, CALL_REGISTER -> {
                lead(next[i]);
                if (found.callee != null || found.recursive) {
                    Body callee = found.recursive ? this.body : found.callee;
                    flows[i] = Flow.INLINED_CALL;
                    expected[i] = callee.entry;
                    targets[i] = position(callee, expected[i]);
                    lead(targets[i]);
                    inlinedCalls.add(pcs[i]);
                }
            }
            case RETURN -> {
                if (body.caller != null && Decoder.second(decoded[i]) == body.link
                        && Decoder.operation(decoded[i]) == Op.RET) {
                    flows[i] = Flow.INLINED_RETURN;
                    expected[i] = body.back;
                    targets[i] = position(body.caller, body.back);
                    lead(targets[i]);
                }
            }
            default -> {
                // goes on
            }
        }
        // What lies before an instruction in the region need not lie before it in memory.
        if (i > 0 && next[i - 1] != i) {
            leader[i] = true;
        }
    }

    /**
     * The function that the region begins with returns to where it called itself, as well as to whoever called it first. If it is not
     * known yet how it returns, what is behind such a call would not be reached: it calls itself as it would call others then.
     */
    private void findReturns(List<Body> bodies, List<Found> all) {
        TreeMap<Long, Integer> behind = new TreeMap<>();
        boolean returns = false;
        boolean[] reached = reached();
        for (int i = 0; i < pcs.length; i++) {
            if (all.get(i).recursive && next[i] >= 0) {
                behind.putIfAbsent(pcs[i] + 4, next[i]);
            }
            returns |= reached[i] && flows[i] == Flow.RETURN && bodies.get(i) == body;
        }
        for (int i = 0; i < pcs.length; i++) {
            if (flows[i] == Flow.RETURN) {
                boolean may = returns && bodies.get(i) == body;
                jumpTargets[i] = may ? behind.keySet().stream().mapToLong(Long::longValue).toArray() : new long[0];
                jumpPositions[i] = may ? behind.values().stream().mapToInt(Integer::intValue).toArray() : new int[0];
            } else if (all.get(i).recursive && !returns) {
                flows[i] = flow(decoded[i]);
                targets[i] = -1;
                inlinedCalls.remove(pcs[i]);
            }
        }
    }

    /** Which instructions are reached before anything has returned to where it was called from. */
    private boolean[] reached() {
        boolean[] reached = new boolean[pcs.length];
        ArrayDeque<Integer> todo = new ArrayDeque<>();
        todo.add(first());
        while (!todo.isEmpty()) {
            int i = todo.poll();
            if (i < 0 || reached[i]) {
                continue;
            }
            reached[i] = true;
            if (flows[i] != Flow.LEAVE && flows[i] != Flow.RETURN) {
                todo.add(targets[i]);
                boolean on = flows[i] == Flow.NEXT || flows[i] == Flow.CONDITION || flows[i] == Flow.CALL
                        || flows[i] == Flow.CALL_REGISTER;
                todo.add(on ? next[i] : -1);
                for (int to : flows[i] == Flow.JUMP ? jumpPositions[i] : new int[0]) {
                    todo.add(to);
                }
            }
        }
        return reached;
    }

    /** Whether an instruction is {@code ldah rX,N(rY)}, which begins to compute where the program's globals are. */
    private boolean bases(int i, int register) {
        return i >= 0 && Decoder.operation(decoded[i]) == Op.LDAH && Decoder.second(decoded[i]) == register;
    }

    /**
     * Whether the region begins with a function that computes where its globals are from its own address, in r27 by the calling standard. Who
     * calls it otherwise gets its first instruction interpreted; for all others the address of each global is a constant.
     */
    boolean ownAddress(int i) {
        return i == first() && bases(i, PROCEDURE_VALUE);
    }

    /** Whether where the call at a position comes back to, that is computed again from the return address. */
    boolean returnAddress(int i) {
        return calls(i) && bases(next[i], Decoder.destination(decoded[i]));
    }

    private boolean calls(int i) {
        return flows[i] == Flow.CALL || flows[i] == Flow.CALL_REGISTER || flows[i] == Flow.INLINED_CALL;
    }

    private void lead(int position) {
        if (position >= 0) {
            leader[position] = true;
        }
    }

    /** Only small ones: in a large one what is kept of one access is gone until the next. */
    private void findLoops() {
        for (int i = 0; i < pcs.length; i++) {
            loop(targets[i], i);
            if (jumpPositions[i] != null) {
                for (int to : jumpPositions[i]) {
                    loop(to, i);
                }
            }
        }
    }

    private void loop(int from, int to) {
        if (from >= 0 && from <= to && to - from < LOOP) {
            Arrays.fill(loops, from, to + 1, true);
        }
    }

    /** All instructions, those of called functions that are part of it included. */
    List<Found> instructions() {
        return RegionFollower.inOrder(body, new ArrayList<>());
    }

    /** Position of the entry. */
    int first() {
        return position(body, entry);
    }

    /** Whether the region, called functions apart, has the instruction at an address. */
    boolean has(long pc) {
        return body.found.containsKey(pc);
    }

    /** Whether a call at an address is one of a function that is part of the region. */
    boolean inlines(long pc) {
        return inlinedCalls.contains(pc);
    }

    /** Whether it ends at a jump to more places than are followed. */
    boolean ends() {
        for (boolean one : open) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    /** Address that the branch at a position goes to. */
    long target(int i) {
        return target(pcs[i], decoded[i]);
    }

    int size() {
        return pcs.length;
    }

    /** The same with fewer instructions: those that are nearest to the entry as control flows. */
    RegionShape smaller() {
        RegionShape shape = RegionFollower.smaller(body, Math.max(1, size() * 2 / 3));
        for (int p = 0; p < shape.pages.length; p++) {
            shape.pageSerials[p] = pageSerials[Arrays.binarySearch(pages, shape.pages[p])];
        }
        return shape;
    }

    /** Whether the code that an address space has now is what this was made from. */
    boolean matches(CodeSpace space) {
        for (int p = 0; p < pages.length; p++) {
            CodePage page = space.codeAt(pages[p]);
            if (page == null) {
                return false;
            }
            // A page that was compared once need not be compared again: it would be stale if it had changed.
            if (page.serial() != pageSerials[p]) {
                for (int i = 0; i < pcs.length; i++) {
                    if ((pcs[i] & TranslationBuffer.PAGE_MASK) == pages[p]
                            && page.word((int) (pcs[i] >>> 2) & CodePage.INSTRUCTIONS - 1) != words[i]) {
                        return false;
                    }
                }
                pageSerials[p] = page.serial();
            }
        }
        return true;
    }
}
