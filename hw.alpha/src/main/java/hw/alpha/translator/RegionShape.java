package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.TranslationBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The instructions that a region is made of, in the order of their addresses, and how control flows among them. Immutable
 * once made.
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
        /** Goes to an address in a register. */
        JUMP,
        /** Goes to an address in a register, which is a return. */
        RETURN,
        /** Is left to the interpreter. */
        LEAVE
    }

    /** Instructions in a small loop. */
    private static final int LOOP = 64;

    private record Found(long decoded, int word) {}

    final long entry;
    final long[] pcs;
    final long[] decoded;
    final Flow[] flows;
    /** Position of the instruction that a branch goes to, -1 if that is outside. */
    final int[] targets;
    /** Position of the instruction behind, -1 if that is outside. */
    final int[] next;
    /** Whether control comes here from elsewhere than from the instruction before. */
    final boolean[] leader;
    /** Whether it may be part of a loop. */
    final boolean[] loops;
    /** Addresses that a jump is known to go to, by position of the jump. */
    final long[][] jumpTargets;
    private final int[] words;
    private final long[] pageSerials;
    private final long[] pages;

    private RegionShape(long entry, TreeMap<Long, Found> found, LongFunction<long[]> jumps) {
        this.entry = entry;
        int count = found.size();
        pcs = new long[count];
        decoded = new long[count];
        words = new int[count];
        flows = new Flow[count];
        targets = new int[count];
        next = new int[count];
        leader = new boolean[count];
        loops = new boolean[count];
        jumpTargets = new long[count][];
        int i = 0;
        for (Map.Entry<Long, Found> one : found.entrySet()) {
            pcs[i] = one.getKey();
            decoded[i] = one.getValue().decoded;
            words[i] = one.getValue().word;
            flows[i] = flow(decoded[i]);
            i++;
        }
        pages = Arrays.stream(pcs).map(pc -> pc & TranslationBuffer.PAGE_MASK).distinct().toArray();
        pageSerials = new long[pages.length];
        connect(jumps);
        findLoops();
    }

    /**
     * Follows code from an address.
     *
     * @param limit instructions at most
     * @param eager whether to follow what was never executed as well
     * @param jumps addresses that the jump at an address has gone to
     * @return null if there is nothing to translate
     */
    static RegionShape follow(GuestState state, long entry, int limit, boolean eager, LongFunction<long[]> jumps) {
        TreeMap<Long, Found> found = new TreeMap<>();
        Deque<Long> starts = new ArrayDeque<>();
        starts.add(entry);
        while (!starts.isEmpty() && found.size() < limit) {
            long pc = starts.poll();
            while (found.size() < limit && !found.containsKey(pc)) {
                Found one = find(state, pc, eager || pc == entry);
                if (one == null) {
                    break;
                }
                found.put(pc, one);
                Flow flow = flow(one.decoded);
                if (flow == Flow.CONDITION || flow == Flow.BRANCH) {
                    starts.add(target(pc, one.decoded));
                }
                if (flow == Flow.JUMP) {
                    Arrays.stream(jumps.apply(pc)).forEach(starts::add);
                }
                if (flow == Flow.BRANCH || flow == Flow.JUMP || flow == Flow.RETURN || flow == Flow.LEAVE) {
                    break;
                }
                pc += 4;
            }
        }
        Found first = found.get(entry);
        return first == null || flow(first.decoded) == Flow.LEAVE ? null : new RegionShape(entry, found, jumps);
    }

    private static Found find(GuestState state, long pc, boolean eager) {
        CodePage page = state.codeAt(pc);
        if (page == null) {
            return null;
        }
        int index = (int) (pc >>> 2) & CodePage.INSTRUCTIONS - 1;
        // What was never executed has not been decoded either: it is not worth translating, and makes regions large.
        if (page.decoded[index] == 0 && !eager) {
            return null;
        }
        int word = page.word(index);
        return new Found(Decoder.decode(word), word);
    }

    private static long target(long pc, long decoded) {
        return pc + 4 + ((long) Decoder.immediate(decoded) << 2);
    }

    private static Flow flow(long decoded) {
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

    private void connect(LongFunction<long[]> jumps) {
        for (int i = 0; i < pcs.length; i++) {
            next[i] = position(pcs[i] + 4);
            targets[i] = -1;
            switch (flows[i]) {
                case BRANCH, CONDITION -> {
                    targets[i] = position(target(i));
                    lead(targets[i]);
                    lead(next[i]);
                }
                case JUMP -> {
                    jumpTargets[i] = Arrays.stream(jumps.apply(pcs[i])).filter(to -> position(to) >= 0).sorted()
                            .toArray();
                    for (long to : jumpTargets[i]) {
                        lead(position(to));
                    }
                }
                case CALL, CALL_REGISTER -> lead(next[i]);
                default -> {
                    // goes on
                }
            }
            // What lies before an instruction in the region need not lie before it in memory.
            if (i > 0 && pcs[i - 1] + 4 != pcs[i]) {
                leader[i] = true;
            }
        }
        lead(position(entry));
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
            if (jumpTargets[i] != null) {
                for (long to : jumpTargets[i]) {
                    loop(position(to), i);
                }
            }
        }
    }

    private void loop(int from, int to) {
        if (from >= 0 && from <= to && to - from < LOOP) {
            Arrays.fill(loops, from, to + 1, true);
        }
    }

    /** Position of the instruction at an address, or -1. */
    int position(long pc) {
        int i = Arrays.binarySearch(pcs, pc);
        return i < 0 ? -1 : i;
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
        int limit = Math.max(1, size() * 2 / 3);
        TreeMap<Long, Found> found = new TreeMap<>();
        Deque<Long> starts = new ArrayDeque<>();
        starts.add(entry);
        while (!starts.isEmpty()) {
            int i = position(starts.poll());
            while (i >= 0 && found.size() < limit
                    && found.putIfAbsent(pcs[i], new Found(decoded[i], words[i])) == null) {
                if (targets[i] >= 0 && flows[i] != Flow.CALL) {
                    starts.add(pcs[targets[i]]);
                }
                if (jumpTargets[i] != null) {
                    Arrays.stream(jumpTargets[i]).forEach(starts::add);
                }
                boolean on = flows[i] == Flow.NEXT || flows[i] == Flow.CONDITION || flows[i] == Flow.CALL
                        || flows[i] == Flow.CALL_REGISTER;
                i = on ? next[i] : -1;
            }
        }
        Map<Long, long[]> known = new java.util.HashMap<>();
        for (int i = 0; i < size(); i++) {
            if (jumpTargets[i] != null) {
                known.put(pcs[i], jumpTargets[i]);
            }
        }
        RegionShape shape = new RegionShape(entry, found, pc -> known.getOrDefault(pc, new long[0]));
        for (int p = 0; p < shape.pages.length; p++) {
            shape.pageSerials[p] = pageSerials[Arrays.binarySearch(pages, shape.pages[p])];
        }
        return shape;
    }

    /** Whether the code that an address space has now is what this was made from. */
    boolean matches(GuestState state) {
        for (int p = 0; p < pages.length; p++) {
            CodePage page = state.codeAt(pages[p]);
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
