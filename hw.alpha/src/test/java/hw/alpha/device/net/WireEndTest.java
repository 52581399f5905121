package hw.alpha.device.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.NetworkAdapter;
import org.junit.jupiter.api.Test;

/** A wire within the machine hands over what has come meanwhile in one go. */
class WireEndTest {

    @Test
    void framesThatCameTogetherAreToldToHaveDoneSo() throws InterruptedException {
        WireEnd[] ends = WireEnd.pair("a", 1, "b", 2, 1500);
        try {
            List<String> calls = new CopyOnWriteArrayList<>();
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch sent = new CountDownLatch(1);
            CountDownLatch last = new CountDownLatch(1);
            ends[1].connect(new NetworkAdapter.Receiver() {
                @Override
                public void received(byte[] frame, int offset, int length) {
                    calls.add("" + frame[offset]);
                    first.countDown();
                    await(sent);
                }

                @Override
                public void begun() {
                    calls.add("(");
                }

                @Override
                public void ended() {
                    calls.add(")");
                    if (calls.contains("5")) {
                        last.countDown();
                    }
                }
            });
            ends[0].transmit(new byte[]{1}, 0, 1);
            await(first);
            for (byte i = 2; i <= 5; i++) { // while the other side is busy with the first
                ends[0].transmit(new byte[]{i}, 0, 1);
            }
            sent.countDown();
            await(last);
            assertEquals(List.of("(", "1", ")", "(", "2", "3", "4", "5", ")"), calls);
        } finally {
            ends[0].off();
            ends[1].off();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
