package kernel.ext.net.api.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpOutput;

/**
 * The connections of a stack, where they are found by their addresses and ports in constant time, and the order of their
 * deadlines. Used in the stack's strand.
 */
public final class TcpTable {

    /** What a connection may hold in each direction unless it is said otherwise, bytes. */
    public static final int BUFFER = 1 << 20;

    /** The way down, of the stack that has them. */
    public IpOutput output;
    /** The congestion control in force. */
    public CongestionControl congestion;
    /** What only this stack knows, from which sequence numbers, timestamps and cookies are made (RFC 6528). */
    public final long secret;
    /** What a connection may hold in each direction, bytes. */
    public final int bufferLimit;
    /** The segment that is being handled. */
    public final Segment segment = new Segment();
    /** What happened, for people. */
    public final TcpCounters counters = new TcpCounters();
    /** Challenges (RFC 5961 section 10). */
    public final PerSecond challenges = new PerSecond(100);

    /** Whether more segments that came together follow, after which {@link #deferred} are pushed. */
    public boolean together;

    private final ArrayDeque<Tcb> deferred = new ArrayDeque<>();
    private Tcb[] buckets = new Tcb[64];
    private int count;
    private Tcb[] heap = new Tcb[64];
    private int waiting;
    private final Map<Integer, List<TcpListening>> listeners = new HashMap<>();

    /** An empty table, that no stack has yet. */
    public TcpTable(long secret, int bufferLimit) {
        this.secret = secret;
        this.bufferLimit = bufferLimit;
    }

    /** Another stack has these connections from now on. */
    public void serve(IpOutput newOutput, CongestionControl newCongestion) {
        output = newOutput;
        congestion = newCongestion;
    }

    int hash(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        long h = secret ^ localLow * 0x9E3779B97F4A7C15L ^ localHigh;
        h = (h ^ h >>> 29) * 0xBF58476D1CE4E5B9L ^ remoteLow ^ remoteHigh * 0x94D049BB133111EBL;
        h = (h ^ h >>> 32) * 0x94D049BB133111EBL ^ ((long) localPort << 16 | remotePort);
        h = (h ^ h >>> 31) * 0xD6E8FEB86659FD93L;
        return (int) (h ^ h >>> 32);
    }

    /** The connection between these two, or null. */
    public Tcb find(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
        int hash = hash(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        Tcb tcb = buckets[hash & buckets.length - 1];
        while (tcb != null && !(tcb.hash == hash && tcb.localPort == localPort && tcb.remotePort == remotePort
                && tcb.remote.low() == remoteLow && tcb.local.low() == localLow && tcb.remote.high() == remoteHigh
                && tcb.local.high() == localHigh)) {
            tcb = tcb.nextInBucket;
        }
        return tcb;
    }

    /** Lists a connection. */
    public void add(Tcb tcb) {
        if (count == buckets.length) {
            Tcb[] old = buckets;
            buckets = new Tcb[2 * old.length];
            for (Tcb first : old) {
                for (Tcb one = first; one != null;) {
                    Tcb next = one.nextInBucket;
                    link(one);
                    one = next;
                }
            }
        }
        link(tcb);
        count++;
    }

    private void link(Tcb tcb) {
        int bucket = tcb.hash & buckets.length - 1;
        tcb.nextInBucket = buckets[bucket];
        buckets[bucket] = tcb;
    }

    /** Takes a connection off the list, if it is on it. */
    public void remove(Tcb tcb) {
        int bucket = tcb.hash & buckets.length - 1;
        Tcb before = null;
        for (Tcb one = buckets[bucket]; one != null; one = one.nextInBucket) {
            if (one == tcb) {
                if (before == null) {
                    buckets[bucket] = one.nextInBucket;
                } else {
                    before.nextInBucket = one.nextInBucket;
                }
                count--;
                break;
            }
            before = one;
        }
        tcb.stopTimers();
        schedule(tcb);
    }

    /** All connections. */
    public List<Tcb> all() {
        List<Tcb> all = new ArrayList<>(count);
        for (Tcb first : buckets) {
            for (Tcb one = first; one != null; one = one.nextInBucket) {
                all.add(one);
            }
        }
        return all;
    }

    /** How many connections. */
    public int count() {
        return count;
    }

    /** All that is listened to. */
    public List<TcpListening> listening() {
        return listeners.values().stream().flatMap(List::stream).toList();
    }

    /** Who listens there: at that address and port, else at that port, else at any; or null. */
    public TcpListening listener(long localHigh, long localLow, int localPort) {
        TcpListening found = null;
        for (TcpListening one : listeners.getOrDefault(localPort, List.of())) {
            if (one.takes(localHigh, localLow)) {
                if (!one.address.isAny()) {
                    return one;
                }
                found = one;
            }
        }
        return found != null || localPort == 0 ? found : listener(localHigh, localLow, 0);
    }

    /** Whether somebody listens there already. */
    public boolean taken(IpAddress address, boolean only6, int port) {
        return listeners.getOrDefault(port, List.of()).stream()
                .anyMatch(one -> TcpListening.meet(one.address, one.only6, address, only6));
    }

    /** Begins to listen. */
    public void listen(TcpListening listening) {
        listeners.computeIfAbsent(listening.port, _ -> new ArrayList<>()).add(listening);
    }

    /** Ends to listen. */
    public void forget(TcpListening listening) {
        List<TcpListening> there = listeners.getOrDefault(listening.port, new ArrayList<>());
        there.remove(listening);
        if (there.isEmpty()) {
            listeners.remove(listening.port);
        }
    }

    /** Notes a connection's earliest deadline after its timers were changed. */
    public void schedule(Tcb tcb) {
        long when = tcb.earliest();
        if (when == tcb.deadline) {
            return;
        }
        tcb.deadline = when;
        if (when == Tcb.NEVER) {
            if (tcb.heapIndex >= 0) {
                int hole = tcb.heapIndex;
                tcb.heapIndex = -1;
                Tcb last = heap[--waiting];
                heap[waiting] = null;
                if (last != tcb) {
                    place(last, hole);
                    settle(last);
                }
            }
            return;
        }
        if (tcb.heapIndex < 0) {
            if (waiting == heap.length) {
                heap = Arrays.copyOf(heap, 2 * waiting);
            }
            place(tcb, waiting++);
        }
        settle(tcb);
    }

    private void place(Tcb tcb, int index) {
        heap[index] = tcb;
        tcb.heapIndex = index;
    }

    private void settle(Tcb tcb) {
        int i = tcb.heapIndex;
        while (i > 0 && heap[i - 1 >> 1].deadline > tcb.deadline) {
            place(heap[i - 1 >> 1], i);
            i = i - 1 >> 1;
        }
        while (true) {
            int child = 2 * i + 1;
            if (child + 1 < waiting && heap[child + 1].deadline < heap[child].deadline) {
                child++;
            }
            if (child >= waiting || heap[child].deadline >= tcb.deadline) {
                break;
            }
            place(heap[child], i);
            i = child;
        }
        place(tcb, i);
    }

    /** What a connection is to send waits until all segments that came together are there. */
    public void defer(Tcb tcb) {
        if (!tcb.deferred) {
            tcb.deferred = true;
            deferred.addLast(tcb);
        }
    }

    /** Takes one of those that {@link #defer} was called for; null if there is none. */
    public Tcb deferred() {
        Tcb tcb = deferred.pollFirst();
        if (tcb != null) {
            tcb.deferred = false;
        }
        return tcb;
    }

    /** The connection with the earliest deadline, or null. */
    public Tcb first() {
        return waiting == 0 ? null : heap[0];
    }
}
