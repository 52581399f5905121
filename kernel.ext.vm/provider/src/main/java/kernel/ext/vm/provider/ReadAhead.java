package kernel.ext.vm.provider;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.core.strand.Strands;

/**
 * Fetches pages that will probably be touched next, in a strand of its own. It takes no frame from anybody: only frames that are free
 * anyway, and no more than a sixteenth of all. When frames are taken from their owners, what was fetched ahead and is not used yet goes
 * first, the last first. The strand has the usual priority: others wait for pages that it is fetching, and must not wait because it is of
 * no importance.
 *
 * <p>Thread-safe: the monitor guards requests and the list of unused pages, and is the last lock; pages and spaces are called without it.
 */
final class ReadAhead {

    private static final System.Logger LOG = System.getLogger("kernel.ext.vm");
    private static final int REQUESTS = 64;
    private static final int PART = 16;

    final LongAdder fetched = new LongAdder();
    final LongAdder used = new LongAdder();
    final LongAdder given = new LongAdder();

    private record Request(Space space, Streams.Range range) {}

    private final PhysAddr memory;
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    /** Pages that were fetched, the last one last; some have been used since. */
    private final ArrayDeque<Page> pages = new ArrayDeque<>();
    /** How many were fetched and neither used nor given back. */
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean running;
    private volatile Strands strands;
    private volatile boolean forbidden;

    /** @param memory whose frames are used */
    ReadAhead(PhysAddr memory) {
        this.memory = memory;
    }

    void begin(Strands by) {
        strands = by;
    }

    void end(Strands by) {
        if (strands == by) {
            strands = null;
        }
    }

    /** Whether nothing is to be fetched. */
    void forbid(boolean never) {
        forbidden = never;
    }

    /** Pages of a space are worth fetching. Does not wait; forgets it when too much is to be done. */
    void request(Space space, Streams.Range range) {
        Strands by = strands;
        if (by == null || forbidden) {
            return;
        }
        synchronized (this) {
            if (requests.size() == REQUESTS) {
                return;
            }
            requests.add(new Request(space, range));
            if (running) {
                return;
            }
            running = true;
        }
        try {
            by.fork("read-ahead", this::work);
        } catch (RuntimeException e) {
            stop(); // the scheduler does not admit it: then nothing is fetched ahead
        }
    }

    private synchronized void stop() {
        running = false;
        requests.clear();
    }

    private void work() {
        boolean done = false;
        try {
            for (Request next = next(); next != null; next = next()) {
                fetch(next);
            }
            done = true;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "pages cannot be fetched ahead: {0}", e);
        } finally {
            if (!done) {
                stop();
            }
        }
    }

    private synchronized Request next() {
        Request next = requests.poll();
        running = next != null;
        return next;
    }

    private void fetch(Request request) {
        Resolver resolver = new Resolver(request.space);
        for (long at = request.range.from(); at < request.range.to(); at += memory.pageSize()) {
            if (memory.free() <= memory.low() || waiting.get() >= memory.total() / PART || !resolver.ahead(at)) {
                return;
            }
        }
    }

    /** A page was fetched ahead. */
    void has(Page page) {
        fetched.increment();
        waiting.incrementAndGet();
        synchronized (this) {
            pages.add(page);
            if (pages.size() > 2 * Math.max(Streams.MOST, memory.total() / PART)) {
                pages.poll();
            }
        }
    }

    /** One of them is used. */
    void isUsed() {
        used.increment();
        waiting.decrementAndGet();
    }

    /** One of them has lost its frame before it was used. */
    void isGiven() {
        given.increment();
        waiting.decrementAndGet();
    }

    /** A frame that nobody has used yet, or null. Nothing is promised: it may be used meanwhile. */
    Frame offer() {
        while (true) {
            Page last;
            synchronized (this) {
                last = pages.pollLast();
            }
            Frame frame = last == null ? null : last.unused();
            if (last == null || frame != null) {
                return frame;
            }
        }
    }
}
