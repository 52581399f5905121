package kernel.ext.sched.provider;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import org.osgi.service.component.annotations.Component;

/**
 * Strands that are platform threads of the host; the host schedules them. Thread-safe: the table of living strands is a
 * concurrent map, everything else is constant. Strands go on when this component is deactivated; only the table is lost.
 */
@Component
public final class HostStrands implements Strands {

    /** Bytes of stack that a strand asks the host for; kernel code is flat, user code has its own stack. */
    private static final long STACK = 512 * 1024;

    private final System.Logger log = System.getLogger(HostStrands.class.getName());
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentSkipListMap<Long, HostStrand> living = new ConcurrentSkipListMap<>();

    @Override
    public Strand fork(String name, Runnable body) {
        long id = lastId.incrementAndGet();
        var thread = new Thread(null, () -> run(id, name, body), name, STACK);
        thread.setDaemon(true);
        var strand = new HostStrand(id, thread, threads);
        living.put(id, strand);
        try {
            thread.start();
        } catch (RuntimeException | Error e) {
            living.remove(id);
            throw e;
        }
        return strand;
    }

    @Override
    public List<Strand> strands() {
        return List.copyOf(living.values());
    }

    private void run(long id, String name, Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            log.log(System.Logger.Level.ERROR, "strand {0} ({1}) ended by {2}", id, name, e);
            log.log(System.Logger.Level.DEBUG, "strand " + id, e);
        } finally {
            living.remove(id);
        }
    }
}
