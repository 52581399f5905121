package kernel.ext.net.provider;

import java.util.Arrays;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.Icmp6Receive;
import kernel.ext.net.api.IcmpReceive;
import kernel.ext.net.api.IpReceive;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.UdpReceive;

/** A graph without a dispatcher, for a stack in a plain Java program: a table for each node, one handler for each key. */
public final class PlainGraph implements Graph {

    private final Table<EthernetReceive> ethernet = new Table<>();
    private final Table<IpReceive> ip = new Table<>();
    private final Table<IcmpReceive> icmp = new Table<>();
    private final Table<Icmp6Receive> icmp6 = new Table<>();
    private final Table<UdpReceive> udp = new Table<>();

    private final EthernetReceive ethernetNode = this::frame;
    private final IpReceive ipNode = this::packet;
    private final IcmpReceive icmpNode = this::message;
    private final Icmp6Receive icmp6Node = this::message6;
    private final Table<TransportDivert> doors = new Table<>();
    private final TransportDivert divertNode = this::diverted;
    private final UdpReceive udpNode = this::datagram;

    /** An empty graph. */
    public PlainGraph() {}

    /** Open addressing over keys of 16 bits; what is removed is filled up from behind. */
    private static final class Table<T> {
        private int[] keys = new int[32];
        private Object[] handlers = new Object[32];
        private int count;

        private static int home(int key, int size) {
            return (key * 0x9E3779B1 >>> 16) & size - 1;
        }

        @SuppressWarnings("unchecked") // only T is ever put there
        T get(int key) {
            int i = home(key, keys.length);
            while (handlers[i] != null && keys[i] != key) {
                i = i + 1 & keys.length - 1;
            }
            return (T) handlers[i];
        }

        Runnable put(int key, T handler) {
            if (get(key) != null) {
                throw new IllegalStateException("Somebody has bound to " + key + " already");
            }
            if (++count * 2 > keys.length) {
                int[] oldKeys = keys;
                Object[] oldHandlers = handlers;
                keys = new int[2 * oldKeys.length];
                handlers = new Object[keys.length];
                for (int i = 0; i < oldKeys.length; i++) {
                    if (oldHandlers[i] != null) {
                        insert(oldKeys[i], oldHandlers[i]);
                    }
                }
            }
            insert(key, handler);
            return () -> remove(key, handler);
        }

        private void insert(int key, Object handler) {
            int i = home(key, keys.length);
            while (handlers[i] != null) {
                i = i + 1 & keys.length - 1;
            }
            keys[i] = key;
            handlers[i] = handler;
        }

        private void remove(int key, T handler) {
            if (get(key) != handler) {
                return;
            }
            count--;
            int[] oldKeys = keys;
            Object[] oldHandlers = Arrays.copyOf(handlers, handlers.length);
            Arrays.fill(handlers, null);
            keys = new int[oldKeys.length];
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldHandlers[i] != null && oldKeys[i] != key) {
                    insert(oldKeys[i], oldHandlers[i]);
                }
            }
        }
    }

    @Override
    public EthernetReceive ethernet() {
        return ethernetNode;
    }

    private boolean frame(Packet packet, int type, long now) {
        EthernetReceive handler = ethernet.get(type);
        return handler != null && handler.received(packet, type, now);
    }

    @Override
    public IpReceive ip() {
        return ipNode;
    }

    private boolean packet(Packet packet, int protocol, long now) {
        IpReceive handler = ip.get(protocol);
        return handler != null && handler.received(packet, protocol, now);
    }

    @Override
    public IcmpReceive icmp() {
        return icmpNode;
    }

    private boolean message(Packet packet, int type, long now) {
        IcmpReceive handler = icmp.get(type);
        return handler != null && handler.received(packet, type, now);
    }

    @Override
    public Icmp6Receive icmp6() {
        return icmp6Node;
    }

    private boolean message6(Packet packet, int type, long now) {
        Icmp6Receive handler = icmp6.get(type);
        return handler != null && handler.received(packet, type, now);
    }

    @Override
    public UdpReceive udp() {
        return udpNode;
    }

    /** A handler of port 0 gets what nobody else does. */
    private boolean datagram(Packet packet, int port, long now) {
        UdpReceive handler = udp.get(port);
        handler = handler == null ? udp.get(0) : handler;
        return handler != null && handler.received(packet, port, now);
    }

    @Override
    public Runnable ethernet(int type, String name, EthernetReceive handler) {
        return ethernet.put(type, handler);
    }

    @Override
    public Runnable ip(int protocol, String name, IpReceive handler) {
        return ip.put(protocol, handler);
    }

    @Override
    public Runnable icmp(int type, String name, IcmpReceive handler) {
        return icmp.put(type, handler);
    }

    @Override
    public Runnable icmp6(int type, String name, Icmp6Receive handler) {
        return icmp6.put(type, handler);
    }

    @Override
    public Runnable udp(int port, String name, UdpReceive handler) {
        return udp.put(port, handler);
    }

    @Override
    public TransportDivert divert() {
        return divertNode;
    }

    private boolean diverted(Packet packet, int door, long now) {
        TransportDivert handler = doors.get(door);
        return handler != null && handler.received(packet, door, now);
    }

    @Override
    public Runnable divert(int door, String name, TransportDivert handler) {
        return doors.put(door, handler);
    }
}
