package bundles.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import kernel.core.machine.Clock;
import kernel.core.machine.Machine;
import kernel.core.memory.PhysAddr;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What {@code run/spin status} says about the machine. Thread-safe: it holds nothing that changes. */
@Component(service = MachineStatus.class)
public final class MachineStatus {

    private static final int MB = 1 << 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final Machine machine;
    private final PhysAddr memory;
    private final Clock clock;
    private final FileSystem files;

    /** Made by Declarative Services. */
    @Activate
    public MachineStatus(@Reference Machine machine, @Reference PhysAddr memory, @Reference Clock clock,
            @Reference(target = "(spin.filesystem=host)") FileSystem files) {
        this.machine = machine;
        this.memory = memory;
        this.clock = clock;
        this.files = files;
    }

    /**
     * A line a fact: name, colon, value.
     *
     * @param running programs that run
     * @param served programs that have ended
     */
    String lines(long running, long served) {
        long up = clock.monotonicTime();
        Instant since = Instant.ofEpochSecond(0, clock.realTime() - up);
        return "running: pid " + host("Pid:") + "\nsince: " + TIME.format(since.atZone(ZoneId.systemDefault())) + ", "
                + up / 1_000_000_000 + " s\nmachine: " + machine.name() + ", " + machine.processors()
                + " processors\nmemory: " + machine.memory() / MB + " MB, "
                + (long) memory.free() * memory.pageSize() / MB
                + " MB free; the host's process " + host("VmRSS:") + "\nprograms: " + running + " running, " + served
                + " served";
    }

    /** An entry of the host's table of processes about this one (proc(5)). */
    private String host(String name) {
        try {
            for (String line : Files.readAllLines(files.getPath("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(name)) {
                    return line.substring(name.length()).strip();
                }
            }
        } catch (IOException e) {
            // said below
        }
        return "unknown";
    }
}
