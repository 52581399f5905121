package run.measure.strands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** When the Java virtual machine stopped all its threads, and for what, by the flight recorder. For one thread. */
final class JvmPauses implements AutoCloseable {

    /** What stops threads, and how long it took until they had stopped. */
    private static final List<String> EVENTS = List.of("jdk.ExecuteVMOperation", "jdk.SafepointStateSynchronization");

    /** A pause. @param from by {@link System#nanoTime} @param what the virtual machine's name for it */
    record Pause(long from, long to, String what) {}

    private final Recording recording = new Recording();
    private final Instant instant;
    private final long nanos;

    /** Begins to record. */
    JvmPauses() {
        EVENTS.forEach(event -> recording.enable(event).withThreshold(Duration.ZERO).withoutStackTrace());
        recording.start();
        instant = Instant.now();
        nanos = System.nanoTime();
    }

    /** What was recorded so far, in no order. */
    List<Pause> pauses() throws IOException {
        Path file = Files.createTempFile("pauses-", ".jfr");
        try {
            recording.dump(file);
            List<Pause> all = new ArrayList<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                if (!event.hasField("safepoint") || event.getBoolean("safepoint")) {
                    all.add(new Pause(at(event.getStartTime()), at(event.getEndTime()),
                            event.hasField("operation") ? event.getString("operation") : "stopping"));
                }
            }
            return all;
        } finally {
            Files.delete(file);
        }
    }

    private long at(Instant time) {
        return nanos + Duration.between(instant, time).toNanos();
    }

    @Override
    public void close() {
        recording.close();
    }
}
