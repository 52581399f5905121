package hw.alpha.device.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A segment by UDP: one process has the port, on whichever host has the address, and sends what it is sent on to the
 * others. A datagram is the word SPIN, a byte that says what it is, and a frame. The others say each second that they are there;
 * who was not heard for {@value #PATIENCE} milliseconds is gone. Whoever can send to that port is on the wire. Thread-safe: its
 * thread reads, whoever sends writes.
 */
final class UdpSegment extends Segment {

    private static final int MAGIC = 0x5350_494E;
    private static final byte FRAME = 1, HELLO = 2, WELCOME = 3, BYE = 4;
    private static final int HEADER = 5;
    private static final long PULSE = 1000, PATIENCE = 3500;
    /** Bytes of the longest frame that fits a datagram. */
    static final int LONGEST_FRAME = 65507 - HEADER;

    private final String host;
    private final int port;
    /** Who is there, and when each was last heard, in milliseconds; if we listen. */
    private final Map<SocketAddress, Long> others = new ConcurrentHashMap<>();
    private volatile DatagramChannel channel;
    private volatile Selector selector;
    private volatile SocketAddress listener;
    private volatile String role = "not there yet";
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    /** Of who sends, which is its lock as well: the socket takes one at a time in any case. */
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(HEADER + LONGEST_FRAME);

    UdpSegment(String host, int port, FaultyLine.Exit arrivals) {
        super(host + ":" + port, arrivals);
        this.host = host;
        this.port = port;
    }

    @Override
    void serve() throws IOException {
        try (Selector own = Selector.open(); DatagramChannel socket = DatagramChannel.open()) {
            InetSocketAddress place = new InetSocketAddress(InetAddress.getByName(host), port);
            boolean first = bind(socket, place);
            socket.configureBlocking(false);
            socket.register(own, SelectionKey.OP_READ);
            listener = first ? null : place;
            selector = own;
            channel = socket;
            role = first ? "listens" : "looks for who listens";
            loop(own, socket, first);
        } catch (UnknownHostException e) {
            throw new IOException("there is no host " + host, e);
        } finally {
            channel = null;
            selector = null;
            others.clear();
            role = "cut";
        }
    }

    private static boolean bind(DatagramChannel socket, InetSocketAddress place) throws IOException {
        try {
            socket.bind(place);
            return true;
        } catch (BindException e) { // taken, or an address of another host
            socket.connect(place);
            return false;
        }
    }

    private static long milliseconds() {
        return System.nanoTime() / 1_000_000;
    }

    private void loop(Selector own, DatagramChannel socket, boolean first) throws IOException {
        ByteBuffer input = ByteBuffer.allocate(HEADER + LONGEST_FRAME);
        long heard = milliseconds();
        long pulse = heard - PULSE;
        while (!off) {
            long now = milliseconds();
            if (now - pulse >= PULSE) {
                pulse = now;
                if (first) {
                    others.values().removeIf(last -> now - last > PATIENCE);
                } else {
                    tell(socket, listener, HELLO);
                }
            }
            if (!first && now - heard > PATIENCE) {
                return; // who listened is gone
            }
            own.select(Math.max(1, pulse + PULSE - now));
            own.selectedKeys().clear();
            try {
                SocketAddress from;
                while ((from = socket.receive(input.clear())) != null) {
                    heard = milliseconds();
                    take(socket, from, input.flip(), first, heard);
                }
            } catch (PortUnreachableException e) {
                return; // nobody listens there: perhaps we can
            }
        }
        if (first) {
            others.keySet().forEach(one -> tell(socket, one, BYE));
        } else {
            tell(socket, listener, BYE);
        }
    }

    private void take(DatagramChannel socket, SocketAddress from, ByteBuffer input, boolean first, long now)
            throws IOException {
        if (input.remaining() < HEADER || input.getInt() != MAGIC) {
            foreign.incrementAndGet();
            return;
        }
        byte what = input.get();
        if (what == BYE) {
            others.remove(from);
            if (!first) {
                throw new PortUnreachableException();
            }
            return;
        }
        if (first) {
            if (!others.containsKey(from) && others.size() >= MOST) {
                return;
            }
            others.put(from, now);
        } else {
            role = "connected";
        }
        if (what == HELLO) {
            tell(socket, from, WELCOME);
        } else if (what == FRAME && input.hasRemaining()) {
            for (SocketAddress one : first ? others.keySet() : java.util.Set.<SocketAddress>of()) {
                if (!one.equals(from)) {
                    write(socket, one, input.duplicate().rewind());
                }
            }
            arrived(input.array(), input.position(), input.remaining());
        }
    }

    private void tell(DatagramChannel socket, SocketAddress to, byte what) {
        write(socket, to, ByteBuffer.allocate(HEADER).putInt(MAGIC).put(what).flip());
    }

    private void write(DatagramChannel socket, SocketAddress to, ByteBuffer bytes) {
        try {
            if (socket.send(bytes, to) == 0) {
                lost.incrementAndGet();
            }
        } catch (IOException e) {
            lost.incrementAndGet(); // the thread learns of it when it reads
        }
    }

    @Override
    void send(byte[] frame, int offset, int length) {
        DatagramChannel socket = channel;
        SocketAddress to = listener;
        if (socket == null || length > LONGEST_FRAME) {
            lost.incrementAndGet();
            return;
        }
        synchronized (outgoing) {
            outgoing.clear().putInt(MAGIC).put(FRAME).put(frame, offset, length).flip();
            if (to != null) {
                write(socket, to, outgoing);
                return;
            }
            for (SocketAddress one : others.keySet()) {
                write(socket, one, outgoing.rewind());
            }
        }
    }

    @Override
    public void off() {
        off = true;
        Selector own = selector;
        if (own != null) {
            own.wakeup();
        }
    }

    @Override
    String details() {
        return this + ", " + role + (role.equals("listens") ? ", others: " + others.size() : "")
                + (lost.get() > 0 ? ", lost " + lost : "") + (foreign.get() > 0 ? ", not understood " + foreign : "");
    }

    @Override
    public String toString() {
        return "wire " + host + ":" + port;
    }
}
