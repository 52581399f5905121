package bundles.unix.provider.inet;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.socket.Caller;
import bundles.unix.provider.socket.Receiving;
import bundles.unix.provider.socket.Sending;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.machine.Clock;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;

/**
 * A UDP socket (udp(7)). The monitor guards what has come and was not received; the network puts it there with its own lock held,
 * so nothing of the network's is called with the monitor held. {@link #setup} guards the port.
 */
final class InetDatagrams extends Socket {

    private static final int ROOM = 212_992, OVERHEAD = 64, UDP = 17;

    private record Datagram(byte[] bytes, byte[] from) {}

    private final ProcessNetwork network;
    private final boolean six;
    private final InetOptions numbers;
    private final ReentrantLock setup = new ReentrantLock();
    private volatile UdpEndpoint endpoint;
    private volatile InetAddress local;
    private volatile InetAddress remote;
    private volatile boolean noMoreIn;
    private volatile boolean noMoreOut;
    private final ArrayDeque<Datagram> come = new ArrayDeque<>();
    private int used;

    InetDatagrams(ProcessNetwork network, boolean six, int flags, Clock clock) {
        super(six ? AF_INET6 : AF_INET, DATAGRAM, UDP, flags, clock, ROOM);
        this.six = six;
        numbers = new InetOptions(six);
        local = InetAddress.none(six);
        this.network = network;
    }

    @Override
    public void bind(byte[] address, Caller caller) throws ErrnoException {
        InetAddress wanted = InetAddress.of(address, six);
        setup.lock();
        try {
            if (endpoint != null || numbers.only6() && wanted.address().isV4()) {
                throw Errno.EINVAL.exception();
            }
            boolean ours = wanted.address().isAny() || wanted.address().isLoopback()
                    || wanted.address().equals(IpAddress.BROADCAST)
                    || wanted.address().equals(source(wanted.address()));
            if (!ours) {
                throw Errno.EADDRNOTAVAIL.exception();
            }
            take(wanted);
        } finally {
            setup.unlock();
        }
    }

    /** Where datagrams for an address would come from; null: there is no way to it. @throws ErrnoException ENETDOWN: it was stopped */
    private IpAddress source(IpAddress to) throws ErrnoException {
        try {
            return network.sourceFor(to);
        } catch (NoHandlerException e) {
            throw Errno.ENETDOWN.exception();
        }
    }

    /** Takes a port. With {@link #setup} held. */
    private void take(InetAddress wanted) throws ErrnoException {
        try {
            local = wanted;
            UdpEndpoint made = network.bind(wanted.port(), (packet, _, _) -> received(packet));
            made.onTrouble(this::troubled);
            local = new InetAddress(wanted.address(), made.port());
            endpoint = made;
        } catch (IOException e) {
            local = InetAddress.none(six);
            throw InetAddress.exception(e);
        } catch (NoHandlerException e) {
            local = InetAddress.none(six);
            throw Errno.ENETDOWN.exception(); // it was stopped
        }
    }

    private void takeAny() throws ErrnoException {
        if (endpoint == null) {
            setup.lock();
            try {
                if (endpoint == null) {
                    take(InetAddress.none(six));
                }
            } finally {
                setup.unlock();
            }
        }
    }

    /** A datagram has come; in the stack's strand. */
    private boolean received(Packet packet) {
        int at = packet.transport();
        InetAddress from = new InetAddress(packet.source(), Udp.source(packet, at));
        InetAddress other = remote;
        IpAddress mine = local.address();
        boolean another = from.address().isV4() ? numbers.only6() : !six;
        if (another || other != null && !other.equals(from) || !mine.isAny() && !mine.equals(packet.destination())) {
            return false;
        }
        byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
        packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
        synchronized (this) {
            if (used + bytes.length + OVERHEAD > ROOM) {
                return true;
            }
            come.add(new Datagram(bytes, from.bytes(six)));
            used += bytes.length + OVERHEAD;
        }
        changed();
        return true;
    }

    private void troubled(NetworkException trouble) {
        if (remote != null || trouble.reason() == NetworkException.Reason.DOWN) {
            fail(InetAddress.errno(trouble.reason()));
            changed();
        }
    }

    @Override
    public void connect(Waiter waiter, byte[] address, Caller caller) throws ErrnoException {
        if (address.length >= 2 && family(address) == AF_UNSPEC) {
            remote = null;
            return;
        }
        InetAddress wanted = InetAddress.of(address, six);
        wanted = new InetAddress(InetAddress.reachable(wanted.address()), wanted.port());
        if (wanted.address().equals(IpAddress.BROADCAST) && !options().broadcast) {
            throw Errno.EACCES.exception();
        }
        if (numbers.only6() && wanted.address().isV4() || source(wanted.address()) == null) {
            throw Errno.ENETUNREACH.exception();
        }
        takeAny();
        remote = wanted;
    }

    @Override
    public byte[] local() throws ErrnoException {
        InetAddress mine = local;
        InetAddress other = remote;
        IpAddress source = mine.address().isAny() && other != null ? source(other.address()) : null;
        return InetAddress.bytes(source == null ? mine.address() : source, mine.port(), six);
    }

    @Override
    public byte[] peer() throws ErrnoException {
        InetAddress other = remote;
        if (other == null) {
            throw Errno.ENOTCONN.exception();
        }
        return other.bytes(six);
    }

    @Override
    public void shutdown(boolean in, boolean out) throws ErrnoException {
        if (remote == null) {
            throw Errno.ENOTCONN.exception();
        }
        noMoreIn |= in;
        noMoreOut |= out;
        changed();
    }

    @Override
    protected int trySend(Sending sending) throws ErrnoException {
        check();
        InetAddress to = sending.to() == null ? remote : InetAddress.of(sending.to(), six);
        if (to == null) {
            throw Errno.EDESTADDRREQ.exception();
        }
        if (noMoreOut) {
            throw Errno.EPIPE.exception();
        }
        if (to.port() == 0) {
            throw Errno.EINVAL.exception();
        }
        if (to.address().equals(IpAddress.BROADCAST) && !options().broadcast) {
            throw Errno.EACCES.exception();
        }
        if (numbers.only6() && to.address().isV4()) {
            throw Errno.ENETUNREACH.exception();
        }
        takeAny();
        try {
            endpoint.send(InetAddress.reachable(to.address()), to.port(), sending.bytes(),
                    sending.offset(), sending.length());
        } catch (IOException e) {
            throw InetAddress.exception(e);
        }
        return sending.length();
    }

    @Override
    protected int tryReceive(Receiving room) throws ErrnoException {
        check();
        synchronized (this) {
            Datagram first = room.peek() ? come.peek() : come.poll();
            if (first == null) {
                return noMoreIn ? 0 : WAIT;
            }
            if (!room.peek()) {
                used -= first.bytes.length + OVERHEAD;
            }
            int count = Math.min(room.length(), first.bytes.length);
            System.arraycopy(first.bytes, 0, room.bytes(), room.offset(), count);
            room.set(count, first.bytes.length, first.from);
            return count;
        }
    }

    @Override
    public synchronized int available() {
        return come.isEmpty() ? 0 : come.peek().bytes.length;
    }

    @Override
    public byte[] option(int level, int name) throws ErrnoException {
        return numbers.get(level, name, false);
    }

    @Override
    public void setOption(int level, int name, byte[] value) throws ErrnoException {
        if (level == InetOptions.IPV6 && name == InetOptions.V6ONLY && endpoint != null) {
            throw Errno.EINVAL.exception();
        }
        numbers.set(level, name, value, false);
    }

    @Override
    public int events() {
        boolean some;
        synchronized (this) {
            some = !come.isEmpty();
        }
        return (some || noMoreIn ? Events.IN | Events.READ_NORMAL : 0)
                | (noMoreIn ? Events.READ_HANG_UP : 0) | (noMoreIn && noMoreOut ? Events.HANG_UP : 0)
                | (failed() ? Events.ERROR : 0) | Events.OUT | Events.WRITE_NORMAL;
    }

    @Override
    protected void close() {
        UdpEndpoint mine = endpoint;
        if (mine != null) {
            mine.close();
        }
    }
}
