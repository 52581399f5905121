package kernel.ext.net.am;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import kernel.ext.net.api.ActiveMessage;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;

/**
 * Active messages without OSGi. Thread-safe: numbers by the table's monitor, which is held while nothing else is called; what
 * arrives is handled in the stack's strand.
 */
public class PlainMessages implements ActiveMessages, AutoCloseable {

    /** Ethernet type for experiments of one's own (IEEE 802, local experimental 1). */
    public static final int TYPE = 0x88B5;

    private final Network network;
    private final AmNode node;
    private final ActiveMessage receive;
    private final EthernetEndpoint frames;
    private final Map<Integer, Bound> taken = new HashMap<>();
    /** For messages that are being sent: no lock, since who sends may hold the stack's or wait for it. */
    private final ArrayBlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(16);
    private final AtomicLong sent = new AtomicLong();
    private volatile Packet current;
    // of the stack's strand; who asks for counts may see older ones
    private byte[] answering = new byte[2048];
    private long received;
    private long unwanted;
    private long damaged;

    /** @throws IOException somebody has the Ethernet type */
    public PlainMessages(Network network, AmNode node) throws IOException {
        this.network = network;
        this.node = node;
        receive = node.receive();
        frames = network.bindEthernet(TYPE, "active messages", this::frame);
    }

    @Override
    public void close() {
        frames.close();
    }

    private boolean frame(Packet frame, int type, long now) {
        if (!Header.valid(frame, Ethernet.LENGTH)) {
            damaged++;
            return true;
        }
        received++;
        current = frame;
        try {
            if (!receive.received(frame, Header.handler(frame, Ethernet.LENGTH), Header.count(frame, Ethernet.LENGTH),
                    now)) {
                unwanted++;
            }
        } finally {
            current = null;
        }
        return true;
    }

    private final class Bound implements Endpoint {
        private final int handler;
        private Runnable unbind;

        Bound(int handler) {
            this.handler = handler;
        }

        @Override
        public void send(Peer to, int there, byte[] bytes, int offset, int count) throws IOException {
            check(there);
            byte[] message = buffers.poll();
            message = message == null || message.length < HEADER + count
                    ? new byte[Math.max(2048, HEADER + count)]
                    : message;
            write(message, there, bytes, offset, count);
            try {
                frames.send(to.by(), to.hardware(), message, 0, HEADER + count);
            } finally {
                buffers.offer(message);
            }
            sent.incrementAndGet();
        }

        @Override
        public void answer(Packet message, int there, byte[] bytes, int offset, int count) throws IOException {
            if (message != current) {
                throw new IOException("This message is not being handled");
            }
            check(there);
            answering = answering.length < HEADER + count ? new byte[HEADER + count] : answering;
            write(answering, there, bytes, offset, count);
            frames.answer(message, answering, 0, HEADER + count);
            sent.incrementAndGet();
        }

        @Override
        public void close() {
            synchronized (taken) {
                if (!taken.remove(handler, this)) {
                    return;
                }
            }
            unbind.run();
        }
    }

    private static void write(byte[] to, int handler, byte[] bytes, int offset, int count) {
        Header.write(new PacketBuffer().wrap(to, 0, to.length), 0, handler, count);
        System.arraycopy(bytes, offset, to, HEADER, count);
    }

    private static void check(int handler) throws IOException {
        if (handler < 1 || handler > 65535) {
            throw new IOException(handler + " is no number of a handler: 1 to 65535 are");
        }
    }

    @Override
    public Endpoint bind(int handler, String name, ActiveMessage own) throws IOException {
        check(handler);
        Bound bound = new Bound(handler);
        synchronized (taken) {
            if (taken.putIfAbsent(handler, bound) != null) {
                throw new IOException("Somebody has the handler number " + handler);
            }
        }
        // who raises the node's event himself brings no message of an interface
        bound.unbind = node.bind(handler, name, (message, number, count, now) -> message == current
                && own.received(message, number, count, now));
        return bound;
    }

    @Override
    public Peer find(IpAddress address, long timeout) throws IOException {
        for (int tries = 0; tries < 2; tries++) {
            for (Network.Neighbour one : network.neighbours()) {
                if (one.address().equals(address) && one.hardware() >= 0) {
                    return new Peer(one.by(), one.hardware());
                }
            }
            network.ping(address, 1, 0, timeout);
        }
        throw new IOException(address + " is not near by an Ethernet interface, or does not answer");
    }

    @Override
    public Counts counts() {
        return new Counts(received, unwanted, damaged, sent.get());
    }
}
