package hw.alpha.device.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a wire is ordered with, and what becomes of frames on one with faults. */
class FaultsTest {

    private static final long MS = 1_000_000;

    private static Faults faults(String options) {
        return NetworkOrder.parse("wire:unix:/w," + options).faults();
    }

    /** Sends frames, one each millisecond, each of them its number in four bytes and zeros; answers what arrives, as text. */
    private static List<String> fates(Faults faults, int frames, int length) {
        List<String> fates = new ArrayList<>();
        long[] now = new long[1];
        FaultyLine line = new FaultyLine(faults, faults.seed(), (frame, offset, count) -> {
            byte[] own = Arrays.copyOfRange(frame, offset, offset + count);
            fates.add(now[0] / MS + ":" + Arrays.hashCode(own));
        });
        for (int i = 0; i < frames; i++) {
            now[0] = i * MS;
            line.poll(now[0]);
            byte[] frame = new byte[length];
            frame[0] = (byte) (i >> 8);
            frame[1] = (byte) i;
            line.enter(frame, 0, length, now[0]);
        }
        while (line.next() != Long.MAX_VALUE) {
            now[0] = line.next();
            line.poll(now[0]);
        }
        return fates;
    }

    @Test
    void ordersAreUnderstood() {
        NetworkOrder order = NetworkOrder.parse(
                "wire:127.0.0.1:4000,address=10.1.0.2/24,gateway=10.1.0.1,mtu=9000,loss=1%,delay=5ms,rate=10M,seed=7");
        assertEquals("wire:127.0.0.1:4000", order.wire());
        assertEquals("10.1.0.2/24", order.address());
        assertEquals("10.1.0.1", order.route());
        assertEquals(9000, order.mtu());
        assertEquals(new Faults(0.01, 0, 0, 0, 5 * MS, 0, 10_000_000, 0, 7), order.faults());
        assertEquals("loss=1% delay=5ms rate=10M", order.faults().toString());
        NetworkOrder tap = NetworkOrder.parse("tap:tap0:10.1.0.2/24:10.1.0.1,dup=2%");
        assertEquals("tap:tap0 10.1.0.2/24 10.1.0.1", tap.wire() + " " + tap.address() + " " + tap.route());
        assertTrue(NetworkOrder.parse("gateway").faults().none());
    }

    @Test
    void holesSwallowWhatIsTooLong() {
        List<Integer> passed = new ArrayList<>();
        FaultyLine line = new FaultyLine(faults("hole=1200"), 1, (_, _, length) -> passed.add(length));
        for (int length : new int[]{60, 1214, 1215, 1514, 1000}) {
            line.enter(new byte[length], 0, length, 0);
        }
        assertEquals(List.of(60, 1214, 1000), passed);
        assertEquals("lost 2", line.toString());
        assertEquals("hole=1200", faults("hole=1200").toString());
    }

    @Test
    void whatIsWrongWithAnOrderIsSaid() {
        for (String[] bad : new String[][]{{"string", "is wanted"}, {"wire:unix:/w,loss=1", "loss=1: a share"},
                {"wire:unix:/w,delay=5", "delay=5: a time"}, {"wire:unix:/w,rate=fast", "rate=fast: bits"},
                {"wire:unix:/w,colour=red", "no option colour"}, {"wire:unix:/w,loss=1%,loss=2%", "said twice"},
                {"wire:unix:/w,mtu=20", "mtu must be"}, {"wire:unix:/w,address=here", "address=here: such as"}}) {
            String said = assertThrows(IllegalArgumentException.class, () -> NetworkOrder.parse(bad[0])).getMessage();
            assertTrue(said.contains(bad[1]), said);
        }
    }

    @Test
    void theFateOfFramesFollowsFromTheSeed() {
        String all = "loss=5%,dup=5%,corrupt=5%,reorder=5%,delay=3ms,jitter=2ms,rate=10M,seed=";
        List<String> once = fates(faults(all + 3), 1000, 100);
        assertEquals(once, fates(faults(all + 3), 1000, 100));
        assertNotEquals(once, fates(faults(all + 4), 1000, 100));
    }

    @Test
    void sharesAreKept() {
        int lost = 4000 - fates(faults("loss=25%"), 4000, 10).size();
        assertTrue(lost > 900 && lost < 1100, lost + " of 4,000 lost at 25%");
        int doubled = fates(faults("dup=25%"), 4000, 10).size() - 4000;
        assertTrue(doubled > 900 && doubled < 1100, doubled + " of 4,000 doubled at 25%");
        assertEquals(4000, fates(faults("corrupt=100%,reorder=10%"), 4000, 10).size());
    }

    @Test
    void delayAndRateHoldFramesUp() {
        List<String> clean = fates(Faults.NONE, 100, 1250);
        List<String> late = fates(faults("delay=20ms"), 100, 1250);
        for (int i = 0; i < 100; i++) {
            String[] parts = clean.get(i).split(":");
            assertEquals(Long.parseLong(parts[0]) + 20 + ":" + parts[1], late.get(i));
        }
        // 10,000 bits take 10 ms at a million a second, and one comes each millisecond
        assertTrue(fates(faults("rate=1M"), 100, 1250).getLast().startsWith("1000:"));
    }

    @Test
    void reorderedFramesAreOvertaken() {
        List<String> order = fates(faults("reorder=10%,delay=5ms"), 1000, 10);
        List<String> sorted = fates(faults("delay=5ms"), 1000, 10);
        assertEquals(sorted.size(), order.size());
        String[] a = order.stream().map(one -> one.replaceAll(".*:", "")).toArray(String[]::new);
        String[] b = sorted.stream().map(one -> one.replaceAll(".*:", "")).toArray(String[]::new);
        assertTrue(!Arrays.equals(a, b), "nothing was overtaken");
        Arrays.sort(a);
        Arrays.sort(b);
        assertArrayEquals(b, a);
    }

    @Test
    void oneBitIsChanged() {
        FaultyLine line = new FaultyLine(faults("corrupt=100%"), 1, (frame, offset, length) -> {
            int bits = 0;
            for (int i = 0; i < length; i++) {
                bits += Integer.bitCount(frame[offset + i] & 0xFF);
            }
            assertEquals(1, bits);
        });
        byte[] zeros = new byte[64];
        for (int i = 0; i < 100; i++) {
            line.enter(zeros, 0, 64, 0);
        }
        assertArrayEquals(new byte[64], zeros, "the sender's own bytes were changed");
    }
}
