package run.measure.soak.relink;

import java.util.Arrays;
import java.util.List;

/** Who ran in one raise, in order. Belongs to one raiser and is used again for its next raise. */
public final class Trace {

    private int[] visitors = new int[32];
    private int length;

    /** Forgets the last raise. */
    void begin() {
        length = 0;
    }

    /** A visitor ran. */
    void mark(int visitor) {
        if (length == visitors.length) {
            visitors = Arrays.copyOf(visitors, length * 2);
        }
        visitors[length++] = visitor;
    }

    int length() {
        return length;
    }

    int visitor(int at) {
        return visitors[at];
    }

    /** Where a visitor stands, or -1. */
    int position(int visitor) {
        for (int i = 0; i < length; i++) {
            if (visitors[i] == visitor) {
                return i;
            }
        }
        return -1;
    }

    List<Integer> toList() {
        return Arrays.stream(visitors, 0, length).boxed().toList();
    }
}
