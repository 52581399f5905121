package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HostTimeTest {

    /** One computes, another sleeps, until the first has been seen to. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void timeOfThreadsOfThatNameCounts() throws Exception {
        Thread sleeps = Thread.ofPlatform().daemon().name("hosttime-sleep").start(() -> {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // that is its end
            }
        });
        HostTime ofSleeper = new HostTime("self", "hosttime-sleep");
        HostTime ofWorker = new HostTime("self", "hosttime-work");
        Thread works = Thread.ofPlatform().daemon().name("hosttime-work").start(() -> {
            while (!Thread.interrupted()) {
                Thread.onSpinWait();
            }
        });
        while (ofWorker.processors() == 0) {
            Thread.onSpinWait();
        }
        double worked = ofWorker.processors();
        works.interrupt();
        sleeps.interrupt();
        assertTrue(worked > 0 && worked < 1.1, "one thread has one processor at most, not " + worked);
        assertTrue(ofSleeper.processors() < worked, "who sleeps has none");
        assertEquals(0, new HostTime("self", "no such thread").processors());
    }
}
