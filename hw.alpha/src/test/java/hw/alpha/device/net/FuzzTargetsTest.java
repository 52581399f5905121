package hw.alpha.device.net;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fuzzer's target takes the kept corpus: each input whole, cut at each length, and with bytes changed. */
class FuzzTargetsTest {

    private static final int CHANGES = 300;

    @Test
    void theKeptCorpusHarmsNothing() {
        Random r = new Random(1);
        for (byte[] seed : FuzzTargets.seeds()) {
            for (int length = 0; length <= seed.length; length += 1 + length / 200) {
                FuzzTargets.Cells.fuzzerTestOneInput(Arrays.copyOf(seed, length));
            }
            for (int i = 0; i < CHANGES; i++) {
                byte[] changed = seed.clone();
                for (int k = r.nextInt(4); k >= 0; k--) {
                    changed[r.nextInt(changed.length)] = (byte) r.nextInt();
                }
                FuzzTargets.Cells.fuzzerTestOneInput(changed);
            }
        }
    }
}
