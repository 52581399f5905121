package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.NoHandlerException;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.Icmp6Receive;
import kernel.ext.net.api.IcmpReceive;
import kernel.ext.net.api.IpReceive;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.UdpReceive;
import org.osgi.framework.Bundle;

/**
 * The graph of the kernel's stack: events, whose intrinsic handlers take nothing, so that a packet nobody wants is answered as such.
 * Binding makes this bundle their owner, so others need its consent, which nobody gives.
 */
final class DispatchedGraph implements Graph {

    private final Dispatcher dispatcher;
    private final Bundle bundle;
    private final List<Bound> nobody = new ArrayList<>();
    private final EthernetReceive ethernet;
    private final IpReceive ip;
    private final IcmpReceive icmp;
    private final Icmp6Receive icmp6;
    private final UdpReceive udp;
    private final TransportDivert divert;

    DispatchedGraph(Dispatcher dispatcher, Bundle bundle) {
        this.dispatcher = dispatcher;
        this.bundle = bundle;
        nobody.add(dispatcher.bind(Binding.intrinsic(EthernetReceive.class, (_, _, _) -> false).name("nobody")));
        nobody.add(dispatcher.bind(Binding.intrinsic(IpReceive.class, (_, _, _) -> false).name("nobody")));
        nobody.add(dispatcher.bind(Binding.intrinsic(IcmpReceive.class, (_, _, _) -> false).name("nobody")));
        nobody.add(dispatcher.bind(Binding.intrinsic(Icmp6Receive.class, (_, _, _) -> false).name("nobody")));
        nobody.add(dispatcher.bind(Binding.intrinsic(UdpReceive.class, (_, _, _) -> false).name("nobody")));
        nobody.add(dispatcher.bind(Binding.intrinsic(TransportDivert.class, (_, _, _) -> false).name("nobody")));
        EthernetReceive ethernetStub = dispatcher.stub(EthernetReceive.class);
        ethernet = (packet, key, now) -> {
            try {
                return ethernetStub.received(packet, key, now) || stops();
            } catch (NoHandlerException e) {
                return true;
            }
        };
        IpReceive ipStub = dispatcher.stub(IpReceive.class);
        ip = (packet, key, now) -> {
            try {
                return ipStub.received(packet, key, now) || stops();
            } catch (NoHandlerException e) {
                return true;
            }
        };
        IcmpReceive icmpStub = dispatcher.stub(IcmpReceive.class);
        icmp = (packet, key, now) -> {
            try {
                return icmpStub.received(packet, key, now) || stops();
            } catch (NoHandlerException e) {
                return true;
            }
        };
        Icmp6Receive icmp6Stub = dispatcher.stub(Icmp6Receive.class);
        icmp6 = (packet, key, now) -> {
            try {
                return icmp6Stub.received(packet, key, now) || stops();
            } catch (NoHandlerException e) {
                return true;
            }
        };
        UdpReceive udpStub = dispatcher.stub(UdpReceive.class);
        udp = (packet, key, now) -> {
            try {
                return udpStub.received(packet, key, now) || stops();
            } catch (NoHandlerException e) {
                return true;
            }
        };
        TransportDivert divertStub = dispatcher.stub(TransportDivert.class);
        divert = (packet, key, now) -> {
            try {
                return divertStub.received(packet, key, now) || stops();
            } catch (NoHandlerException e) {
                return true;
            }
        };
    }

    /**
     * Whether this bundle stops, perhaps since it is updated: its bindings go first, one by one. Then packets are lost, and nobody is told that
     * nobody wants them.
     */
    @Override
    public boolean stops() {
        return bundle.getState() == Bundle.STOPPING;
    }

    void close() {
        nobody.forEach(Bound::close);
    }

    private <E> Runnable bind(Class<E> node, String key, int value, String name, E handler) {
        return dispatcher.bind(Binding.handler(node, handler).key(key, value).name(name))::close;
    }

    @Override
    public EthernetReceive ethernet() {
        return ethernet;
    }

    @Override
    public IpReceive ip() {
        return ip;
    }

    @Override
    public IcmpReceive icmp() {
        return icmp;
    }

    @Override
    public Icmp6Receive icmp6() {
        return icmp6;
    }

    @Override
    public UdpReceive udp() {
        return udp;
    }

    @Override
    public Runnable ethernet(int type, String name, EthernetReceive handler) {
        return bind(EthernetReceive.class, "type", type, name, handler);
    }

    @Override
    public Runnable ip(int protocol, String name, IpReceive handler) {
        return bind(IpReceive.class, "protocol", protocol, name, handler);
    }

    @Override
    public Runnable icmp(int type, String name, IcmpReceive handler) {
        return bind(IcmpReceive.class, "type", type, name, handler);
    }

    @Override
    public Runnable icmp6(int type, String name, Icmp6Receive handler) {
        return bind(Icmp6Receive.class, "type", type, name, handler);
    }

    @Override
    public Runnable udp(int port, String name, UdpReceive handler) {
        return bind(UdpReceive.class, "port", port, name, handler);
    }

    @Override
    public TransportDivert divert() {
        return divert;
    }

    @Override
    public Runnable divert(int door, String name, TransportDivert handler) {
        return bind(TransportDivert.class, "door", door, name, handler);
    }
}
