package kernel.ext.net.provider;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The fuzzers' targets take the kept corpus: frames one by one, all in a row, and the messages within them, whole and cut. */
class FuzzTargetsTest {

    private static void each(byte[] message, Consumer<byte[]> target) {
        Random r = new Random(message.length);
        for (int length = 0; length <= message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            target.accept(cut);
            if (length > 0) {
                cut[r.nextInt(length)] = (byte) r.nextInt();
                target.accept(cut);
            }
        }
    }

    @Test
    void theKeptCorpusHarmsNothing() {
        FuzzSeeds.frames().forEach(FuzzTargets.Frames::fuzzerTestOneInput);
        for (byte[] message : FuzzSeeds.messages()) {
            each(message, FuzzTargets.Dns::fuzzerTestOneInput);
            each(message, FuzzTargets.Dhcp::fuzzerTestOneInput);
        }
    }
}
