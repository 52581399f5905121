package hw.alpha.translator;

import java.util.Arrays;

/**
 * The blocks of a region: instructions that are executed one after the other, and which block goes on with which. Blocks are
 * numbered in the order in which they are written. Immutable once made.
 */
final class RegionBlocks {

    /** In {@link #from}: control comes back from a call. */
    static final int CALLED = -1;

    /** Position of each block's first instruction. */
    final int[] first;
    /** Position of each block's last instruction. */
    final int[] last;
    /** Blocks that can be reached from the entry, each behind one of those that go to it at least. */
    final int[] order;
    /** Blocks that go to a block, or {@link #CALLED}; one that does so in two ways is there twice. */
    final int[][] from;
    private final RegionShape shape;
    /** Block of each instruction. */
    private final int[] of;

    RegionBlocks(RegionShape shape) {
        this.shape = shape;
        int size = shape.size();
        of = new int[size];
        int[] begins = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || shape.leader[i]) {
                begins[count++] = i;
            }
            of[i] = count - 1;
        }
        first = Arrays.copyOf(begins, count);
        last = new int[count];
        for (int b = 0; b < count; b++) {
            last[b] = (b + 1 < count ? first[b + 1] : size) - 1;
        }
        from = new int[count][0];
        int[] found = new int[count];
        order = new int[walk(of[shape.first()], new boolean[count], found, count, 0)];
        System.arraycopy(found, count - order.length, order, 0, order.length);
    }

    /** Visits a block and all that it goes to, and puts it before those. @return how many were visited so far */
    private int walk(int block, boolean[] seen, int[] found, int count, int visited) {
        if (seen[block]) {
            return visited;
        }
        seen[block] = true;
        int soFar = visited;
        int i = last[block];
        switch (shape.flows[i]) {
            case NEXT -> soFar = edge(block, shape.next[i], seen, found, soFar);
            case BRANCH, INLINED_CALL, INLINED_RETURN -> soFar = edge(block, shape.targets[i], seen, found, soFar);
            case CONDITION -> {
                soFar = edge(block, shape.targets[i], seen, found, soFar);
                soFar = edge(block, shape.next[i], seen, found, soFar);
            }
            case CALL, CALL_REGISTER -> soFar = edge(CALLED, shape.next[i], seen, found, soFar);
            case JUMP, RETURN -> {
                for (int to : shape.jumpPositions[i]) {
                    soFar = edge(block, to, seen, found, soFar);
                }
            }
            default -> {
                // leaves the region
            }
        }
        found[count - 1 - soFar] = block;
        return soFar + 1;
    }

    private int edge(int block, int position, boolean[] seen, int[] found, int visited) {
        if (position < 0) {
            return visited;
        }
        int to = of[position];
        from[to] = Arrays.copyOf(from[to], from[to].length + 1);
        from[to][from[to].length - 1] = block;
        return walk(to, seen, found, first.length, visited);
    }

    /** The only block that goes to this one, whose end is this one's beginning then; or -1. */
    int before(int block) {
        return from[block].length == 1 && from[block][0] != CALLED && first[block] != shape.first()
                ? from[block][0]
                : -1;
    }
}
