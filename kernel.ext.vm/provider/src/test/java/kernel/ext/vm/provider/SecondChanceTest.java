package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kernel.core.memory.ReclaimableFrames;
import org.junit.jupiter.api.Test;

class SecondChanceTest {

    /** Frames 0 to 3. */
    private static final class Frames implements ReclaimableFrames {
        final List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        final Set<Integer> used = new HashSet<>();

        @Override
        public int size() {
            return order.size();
        }

        @Override
        public int total() {
            return 4;
        }

        @Override
        public int oldest() {
            return order.isEmpty() ? NONE : order.getFirst();
        }

        @Override
        public int after(int frame) {
            int next = order.indexOf(frame) + 1;
            return next < order.size() ? order.get(next) : NONE;
        }

        @Override
        public boolean contains(int frame) {
            return order.contains(frame);
        }

        @Override
        public boolean used(int frame) {
            return used.remove(frame);
        }

        @Override
        public boolean changed(int frame) {
            return false;
        }

        @Override
        public void requeue(int frame) {
            order.remove((Object) frame);
            order.add(frame);
        }
    }

    private final Frames frames = new Frames();
    private final SecondChance policy = new SecondChance(null);

    @Test
    void theOldestThatWasNotUsedIsChosenAndThoseThatWereBecomeTheYoungest() {
        frames.used.addAll(Set.of(0, 1, 3));
        assertEquals(2, policy.choose(frames));
        assertEquals(List.of(2, 3, 0, 1), frames.order);
        assertEquals(Set.of(3), frames.used);
    }

    @Test
    void whenAllWereUsedTheOldestIsChosen() {
        frames.used.addAll(Set.of(0, 1, 2, 3));
        assertEquals(0, policy.choose(frames));
        assertEquals(Set.of(), frames.used);
    }

    @Test
    void whenThereIsNoneNoneIsChosen() {
        frames.order.clear();
        assertEquals(ReclaimableFrames.NONE, policy.choose(frames));
    }
}
