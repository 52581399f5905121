package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.TcpProtocol;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;

/** Stacks on a wire, in a time of their own: the same seed, the same run. */
final class Simulation {

    static final long MS = 1_000_000, SECOND = 1_000_000_000;

    /** What a wire does to frames. */
    static final class Wire {
        double loss;
        double duplicate;
        double corrupt;
        double reorder;
        long delay = MS;
        long jitter;
        /** Bits a second, 0 for no limit; frames that wait for it. */
        long rate;
        int queue = 1000;
        /** Frames longer than this vanish without a word. */
        int blackHole = Integer.MAX_VALUE;
        long[] free = new long[4];
    }

    private record Happening(long time, long order, Runnable what) {}

    final Random random;
    final Wire wire = new Wire();
    final List<Stack> stacks = new ArrayList<>();
    final List<byte[]> frames = new ArrayList<>();
    boolean keepFrames;
    /** Frames that arrive within so many nanoseconds come together. */
    long together;
    TcpProtocol tcp = new TcpEngine();
    CongestionControl congestion = new NewReno();
    private final PriorityQueue<Happening> happenings = new PriorityQueue<>(
            (a, b) -> a.time != b.time ? Long.compare(a.time, b.time) : Long.compare(a.order, b.order));
    private long order;
    long now = SECOND;
    long carried;

    Simulation(long seed) {
        random = new Random(seed);
    }

    /** What a stack calls goes through here, so that protocols can be swapped under it. */
    private final TcpProtocol swappable = (TcpProtocol) java.lang.reflect.Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[]{TcpProtocol.class}, (_, m, a) -> m.invoke(tcp, a));
    private final CongestionControl swappableCongestion = (CongestionControl) java.lang.reflect.Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[]{CongestionControl.class}, (_, m, a) -> m.invoke(congestion, a));

    /** Adds stack number n with addresses 10.0.0.(n + 1)/24 and fd00::(n + 1)/64. */
    Stack addBoth(int mtu, int buffers) {
        Stack stack = add(mtu, buffers);
        stack.enable6(1);
        stack.configure(1, address6(stacks.size() - 1), 64);
        return stack;
    }

    static IpAddress address6(int n) {
        return IpAddress.parse("fd00::" + (n + 1));
    }

    /** Adds stack number n with address 10.0.0.(n + 1)/24. */
    Stack add(int mtu, int buffers) {
        int n = stacks.size();
        Stack stack = new Stack(new PlainGraph(), swappable, swappableCongestion, random.nextLong(), buffers);
        stacks.add(stack);
        return begin(n, mtu, stack);
    }

    /**
     * A stack is followed by another, which gets its connections and what it has learnt of its link.
     *
     * @return the one that was there before, which has given everything back
     */
    Stack replace(int n) {
        Stack before = stacks.get(n);
        Link link = before.links().get(1);
        List<String> learnt = Learnt.of(before, link, now);
        before.close();
        Stack after = new Stack(new PlainGraph(), swappable, before.connections(), swappableCongestion,
                random.nextLong());
        stacks.set(n, after);
        begin(n, link.mtu, after);
        Learnt.restore(after, after.links().get(1), learnt, 0, now);
        return before;
    }

    private Stack begin(int n, int mtu, Stack stack) {
        int link = stack.add("eth0", hardware(n), mtu, false,
                (frame, offset, length) -> carry(n, frame, offset, length));
        stack.configure(link, address(n), 24);
        return stack;
    }

    static IpAddress address(int n) {
        return IpAddress.parse("10.0.0." + (n + 1));
    }

    static long hardware(int n) {
        return 0x0800_2B00_0000L + n + 1;
    }

    private void carry(int from, byte[] bytes, int offset, int length) {
        byte[] frame = Arrays.copyOfRange(bytes, offset, offset + length);
        carried++;
        if (keepFrames) {
            frames.add(frame);
        }
        // who asks for neighbours gives up after three tries: that is spared
        boolean discovery = frame.length > 54 && frame[20] == 58 && (frame[54] & 0xFF) >= 133;
        boolean ip = frame[12] == 8 && frame[13] == 0 || frame[12] == (byte) 0x86 && !discovery;
        if (ip && random.nextDouble() < wire.loss || length > wire.blackHole) {
            return;
        }
        long start = now;
        if (wire.rate > 0) {
            long takes = length * 8L * SECOND / wire.rate;
            start = Math.max(now, wire.free[from]);
            if ((start - now) / Math.max(1, takes) > wire.queue) {
                return;
            }
            start += takes;
            wire.free[from] = start;
        }
        int copies = random.nextDouble() < wire.duplicate ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            byte[] one = frame.clone();
            if (ip && random.nextDouble() < wire.corrupt) {
                one[14 + random.nextInt(one.length - 14)] ^= (byte) (1 << random.nextInt(8));
            }
            long arrives = start + wire.delay + (wire.jitter > 0 ? random.nextLong(wire.jitter) : 0);
            arrives += random.nextDouble() < wire.reorder ? random.nextLong(4 * wire.delay + 1) : 0;
            at(arrives, () -> deliver(from, one));
        }
    }

    private void deliver(int from, byte[] frame) {
        for (int n = 0; n < stacks.size(); n++) {
            if (n != from) {
                stacks.get(n).frame(1, frame, 0, frame.length, now);
            }
        }
    }

    void at(long time, Runnable what) {
        happenings.add(new Happening(time, order++, what));
    }

    /** Runs until nothing is waited for, or until then. */
    void runUntil(long end) {
        while (true) {
            long next = happenings.isEmpty() ? Long.MAX_VALUE : happenings.peek().time;
            for (Stack stack : stacks) {
                next = Math.min(next, stack.nextDeadline());
            }
            if (next > end) {
                now = Math.max(now, end);
                return;
            }
            now = Math.max(now, next + together);
            if (together > 0) {
                stacks.forEach(Stack::begin);
            }
            while (!happenings.isEmpty() && happenings.peek().time <= now) {
                happenings.poll().what.run();
            }
            if (together > 0) {
                stacks.forEach(stack -> stack.end(now));
            }
            for (Stack stack : stacks) {
                if (stack.nextDeadline() <= now) {
                    stack.poll(now);
                }
            }
        }
    }

    void run(long nanoseconds) {
        runUntil(now + nanoseconds);
    }
}
