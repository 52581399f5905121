package kernel.ext.net.atm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.core.machine.AtmAdapter;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Atm;
import kernel.ext.net.api.AtmReceive;
import kernel.ext.net.api.Capture;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.Pcapng;

/**
 * The circuits of all ATM adapters. What an adapter brings is raised as {@link AtmReceive} in the adapter's strand. Thread-safe:
 * tables by its monitor, which is not held while packets go.
 */
public final class Circuits implements Atm, Capture {

    private final System.Logger log = System.getLogger(Circuits.class.getName());
    private final AtmNode node;
    private final AtmReceive receive;
    private final Clock clock;
    private final Map<String, Port> ports = new HashMap<>();
    private final Map<Integer, Taken> taken = new HashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private int lastIndex;

    /** An adapter; of its strand but for the index. */
    private static final class Port {
        final AtmAdapter adapter;
        final int index;
        final PacketBuffer arriving = new PacketBuffer();
        volatile Packet current;
        int failures;

        Port(AtmAdapter adapter, int index) {
            this.adapter = adapter;
            this.index = index;
        }
    }

    /** @param node where packets are raised */
    public Circuits(AtmNode node, Clock clock) {
        this.node = node;
        this.clock = clock;
        receive = node.receive();
    }

    /** An adapter is there. */
    public void add(AtmAdapter adapter) {
        Port port;
        synchronized (this) {
            port = new Port(adapter, lastIndex++ & 0x7F);
            ports.put(adapter.name(), port);
        }
        adapter.connect((vpi, vci, bytes, offset, length) -> received(port, vpi, vci, bytes, offset, length));
    }

    /** An adapter goes; its circuits are closed. */
    public void remove(AtmAdapter adapter) {
        adapter.connect(null);
        List<Taken> open;
        synchronized (this) {
            ports.remove(adapter.name());
            open = taken.values().stream().filter(one -> one.port.adapter == adapter).toList();
        }
        open.forEach(Taken::close);
    }

    private void received(Port port, int vpi, int vci, byte[] bytes, int offset, int length) {
        watch(port, vpi, vci, false, bytes, offset, length);
        PacketBuffer b = port.arriving.wrap(bytes, offset, length);
        b.arrived(port.index, 0, port.adapter.intact());
        port.current = b.packet();
        try {
            receive.received(b.packet(), key(port, vpi, vci), clock.monotonicTime());
        } catch (RuntimeException e) {
            if (port.failures++ < 10) {
                log.log(System.Logger.Level.ERROR, "a packet was dropped since its handler failed", e);
            }
        } finally {
            port.current = null;
        }
    }

    private static int key(Port port, int vpi, int vci) {
        return port.index << 24 | vpi << 16 | vci;
    }

    private final class Taken implements Circuit {
        final Port port;
        final int vpi;
        final int vci;
        private Runnable unbind;
        private volatile boolean closed;

        Taken(Port port, int vpi, int vci) {
            this.port = port;
            this.vpi = vpi;
            this.vci = vci;
        }

        @Override
        public int key() {
            return Circuits.key(port, vpi, vci);
        }

        @Override
        public void send(byte[] packet, int offset, int length) {
            if (!closed) {
                watch(port, vpi, vci, true, packet, offset, length);
                port.adapter.transmit(vpi, vci, packet, offset, length);
            }
        }

        @Override
        public void close() {
            synchronized (Circuits.this) {
                if (closed) {
                    return;
                }
                closed = true;
                taken.remove(key());
            }
            port.adapter.close(vpi, vci);
            unbind.run();
        }
    }

    @Override
    public Circuit open(String adapter, int vpi, int vci, String name, AtmReceive handler) throws IOException {
        if (vpi < 0 || vpi > 255 || vci < 0 || vci > 65535) {
            throw new IOException(vpi + "." + vci + " is no circuit: 0.0 to 255.65535 are");
        }
        Taken one;
        synchronized (this) {
            Port port = ports.get(adapter);
            if (port == null) {
                throw new IOException("There is no ATM adapter " + adapter);
            }
            one = new Taken(port, vpi, vci);
            if (taken.putIfAbsent(one.key(), one) != null) {
                throw new IOException("Somebody has the circuit " + vpi + "." + vci + " of " + adapter);
            }
            // who raises the node's event himself brings no packet of an adapter
            one.unbind = node.bind(one.key(), name,
                    (packet, circuit, now) -> packet == port.current && handler.received(packet, circuit, now));
        }
        one.port.adapter.open(vpi, vci);
        return one;
    }

    @Override
    public synchronized List<String> adapters() {
        return new ArrayList<>(ports.keySet());
    }

    @Override
    public Watching watch(Watcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    @Override
    public int linkType(String by) {
        return Pcapng.SUNATM;
    }

    /** Shows a packet after the header of LINKTYPE_SUNATM: direction and kind, path, channel. */
    private void watch(Port port, int vpi, int vci, boolean sent, byte[] bytes, int offset, int length) {
        if (watchers.isEmpty()) {
            return;
        }
        byte[] shown = new byte[4 + length];
        shown[0] = (byte) ((sent ? 0x80 : 0) | 2); // 2: LLC
        shown[1] = (byte) vpi;
        shown[2] = (byte) (vci >> 8);
        shown[3] = (byte) vci;
        System.arraycopy(bytes, offset, shown, 4, length);
        watchers.forEach(one -> one.frame(port.adapter.name(), sent, shown, 0, shown.length));
    }
}
