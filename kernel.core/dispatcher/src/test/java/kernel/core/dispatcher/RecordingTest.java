package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kernel.core.dispatcher.Sample.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordingTest {

    @TempDir
    private Path folder;

    @Test
    void theFlightRecorderSeesRelinksAndSlowHandlers() throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("kernel.Relink");
            recording.enable("kernel.SlowHandler");
            recording.start();
            assertTrue(kernel.core.dispatcher.Recording.wantsTimes());
            EventType type = Sample.event(Sum.class, TimeUnit.SECONDS.toNanos(1));
            type.meter(true);
            type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
            type.add(Sample.handler((Sum) (a, b) -> {
                try {
                    Thread.sleep(b);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 0;
            }, "sleeper", ""));
            ((Sum) type.stub()).sum(1, 0);
            ((Sum) type.stub()).sum(1, 5);
            recording.stop();
            recording.dump(file);
        }
        assertTrue(Files.size(file) > 0);
        List<RecordedEvent> all = RecordingFile.readAllEvents(file);
        List<RecordedEvent> slow = all.stream().filter(e -> e.getEventType().getName().equals("kernel.SlowHandler"))
                .toList();
        RecordedEvent last = slow.getLast(); // the first calls may be slow as well
        assertEquals("sleeper", last.getString("handler"));
        assertEquals(Sum.class.getName(), last.getString("event"));
        assertTrue(last.getDuration("took").toMillis() >= 5);
        assertTrue(all.stream().filter(e -> e.getEventType().getName().equals("kernel.Relink")).count() >= 3);
    }
}
