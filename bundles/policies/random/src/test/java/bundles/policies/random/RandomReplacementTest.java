package bundles.policies.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import kernel.core.memory.ReclaimableFrames;
import org.junit.jupiter.api.Test;

class RandomReplacementTest {

    private static ReclaimableFrames frames(int total, Set<Integer> there) {
        return (ReclaimableFrames) Proxy.newProxyInstance(ReclaimableFrames.class.getClassLoader(),
                new Class<?>[]{ReclaimableFrames.class}, (_, method, arguments) -> switch (method.getName()) {
                    case "total" -> total;
                    case "contains" -> there.contains(arguments[0]);
                    case "oldest" -> there.isEmpty() ? ReclaimableFrames.NONE : there.iterator().next();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void onlyFramesThatMayBeTakenAreChosenAndAllOfThem() {
        Set<Integer> there = Set.of(1, 3, 4, 7);
        RandomReplacement policy = new RandomReplacement();
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            chosen.add(policy.choose(frames(8, there)));
        }
        assertEquals(there, chosen);
    }

    @Test
    void oneAmongVeryManyIsFound() {
        assertEquals(70_000, new RandomReplacement().choose(frames(1 << 20, Set.of(70_000))));
        assertTrue(new RandomReplacement().choose(frames(8, Set.of())) < 0);
    }
}
