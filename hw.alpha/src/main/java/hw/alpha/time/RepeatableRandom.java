package hw.alpha.time;

import java.util.Random;
import kernel.core.machine.RandomSource;

/** Random numbers of a seed. No secrets: who knows the seed knows all. Thread-safe. */
public final class RepeatableRandom implements RandomSource {

    private Random random = new Random(0);

    /** Sets the seed. */
    public synchronized void reseed(long seed) {
        random = new Random(seed);
    }

    @Override
    public synchronized void fill(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
