package bundles.unix.provider.inet;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.socket.Internet;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Clock;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Sockets on the kernel's network. The only class that Declarative Services make of the network's types: where there is no
 * network there is no such component, and nothing else notices. Thread-safe: holds nothing that changes.
 */
@Component(service = Internet.class)
public final class KernelInternet implements Internet {

    private static final int TCP = 6, UDP = 17;
    /** linux/sockios.h. */
    private static final int ADDRT = 0x890B, DELRT = 0x890C, GIFNAME = 0x8910, GIFFLAGS = 0x8913, SIFFLAGS = 0x8914,
            GIFADDR = 0x8915, SIFADDR = 0x8916, GIFDSTADDR = 0x8917, GIFBRDADDR = 0x8919, SIFBRDADDR = 0x891a,
            GIFNETMASK = 0x891b, SIFNETMASK = 0x891c, GIFMETRIC = 0x891d, GIFMTU = 0x8921, GIFHWADDR = 0x8927,
            GIFINDEX = 0x8933, GIFTXQLEN = 0x8942, GIFMAP = 0x8970;
    private static final int NAME = 16, IFREQ = 40;
    private static final int UP = 1, BROADCAST = 2, LOOPBACK = 8, RUNNING = 0x40, MULTICAST = 0x1000;
    private static final int ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772;

    private final Network network;

    /** @param network whose sockets these are */
    @Activate
    public KernelInternet(@Reference(target = Binding.STUB_ONLY) Network network) {
        this.network = network;
    }

    @Override
    public Socket socket(int domain, int type, int protocol, int flags, Clock clock, int process, String command)
            throws ErrnoException {
        int usual = switch (type) {
            case Socket.STREAM -> TCP;
            case Socket.DATAGRAM -> UDP;
            case Socket.RAW -> throw Errno.EPERM.exception();
            default -> throw Errno.ESOCKTNOSUPPORT.exception();
        };
        if (protocol != 0 && protocol != usual) {
            throw Errno.EPROTONOSUPPORT.exception();
        }
        boolean six = domain == Socket.AF_INET6;
        ProcessNetwork own = new ProcessNetwork(network, process, command);
        return type == Socket.STREAM
                ? new InetStream(own, six, flags, clock)
                : new InetDatagrams(own, six, flags, clock);
    }

    @Override
    public List<byte[]> interfaces() {
        return network.interfaces().stream().filter(one -> one.address() != null).map(one -> {
            ByteBuffer request = ByteBuffer.allocate(IFREQ).order(ByteOrder.LITTLE_ENDIAN);
            request.put(one.name().getBytes(StandardCharsets.US_ASCII)).position(NAME);
            request.put(InetAddress.bytes(one.address(), 0));
            return request.array();
        }).toList();
    }

    @Override
    public boolean control(int request, ByteBuffer argument) throws ErrnoException {
        if (request == ADDRT || request == DELRT) {
            route(request == ADDRT, argument);
            return false;
        }
        List<Network.Interface> all = network.interfaces();
        if (request == GIFNAME) {
            int index = argument.getInt(NAME);
            if (index < 1 || index > all.size()) {
                throw Errno.ENODEV.exception();
            }
            argument.put(0, Arrays.copyOf(all.get(index - 1).name().getBytes(StandardCharsets.US_ASCII), NAME));
            return true;
        }
        byte[] bytes = new byte[NAME];
        argument.get(0, bytes);
        String name = new String(bytes, StandardCharsets.US_ASCII).split("\0|:", 2)[0];
        int index = all.stream().map(Network.Interface::name).toList().indexOf(name);
        if (index < 0) {
            throw Errno.ENODEV.exception();
        }
        if (request == SIFFLAGS || request == SIFADDR || request == SIFNETMASK || request == SIFBRDADDR) {
            change(request, all.get(index), argument);
            return false;
        }
        tell(request, index, all.get(index), argument);
        return true;
    }

    private static void tell(int request, int index, Network.Interface one, ByteBuffer argument)
            throws ErrnoException {
        boolean loopback = one.hardware() == 0;
        int mask = one.prefix() == 0 ? 0 : -1 << 32 - one.prefix();
        int address = one.address() == null ? 0 : one.address().v4();
        switch (request) {
            case GIFFLAGS -> argument.putShort(NAME, (short) ((one.up() ? UP | RUNNING : 0)
                    | (loopback ? LOOPBACK : BROADCAST | MULTICAST)));
            case GIFINDEX -> argument.putInt(NAME, index + 1);
            case GIFMTU -> argument.putInt(NAME, one.mtu());
            case GIFMETRIC -> argument.putInt(NAME, 0);
            case GIFTXQLEN -> argument.putInt(NAME, 1000);
            case GIFMAP -> argument.put(NAME, new byte[IFREQ - NAME]);
            case GIFHWADDR -> {
                argument.putShort(NAME, (short) (loopback ? ARPHRD_LOOPBACK : ARPHRD_ETHER));
                for (int i = 0; i < 6; i++) {
                    argument.put(NAME + 2 + i, (byte) (one.hardware() >>> 40 - 8 * i));
                }
            }
            case GIFADDR, GIFDSTADDR, GIFNETMASK, GIFBRDADDR -> {
                if (one.address() == null) {
                    throw Errno.EADDRNOTAVAIL.exception();
                }
                int value = request == GIFNETMASK ? mask : request == GIFBRDADDR ? address | ~mask : address;
                argument.put(NAME, InetAddress.bytes(IpAddress.of(loopback && request == GIFBRDADDR ? 0 : value), 0));
            }
            default -> throw Errno.EINVAL.exception();
        }
    }

    private static IpAddress address(ByteBuffer argument, int at) throws ErrnoException {
        byte[] bytes = new byte[16];
        argument.get(at, bytes);
        return InetAddress.of(bytes).address();
    }

    private void change(int request, Network.Interface one, ByteBuffer argument) throws ErrnoException {
        try {
            switch (request) {
                case SIFADDR -> network.configure(one.name(), address(argument, NAME),
                        one.prefix() == 0 ? 24 : one.prefix());
                case SIFNETMASK -> network.configure(one.name(),
                        one.address() == null ? IpAddress.ANY : one.address(),
                        Integer.bitCount(address(argument, NAME).v4()));
                default -> {
                    // An interface is up when it has an address; what a broadcast is follows from that.
                }
            }
        } catch (IOException e) {
            throw Errno.EINVAL.exception();
        }
    }

    /** {@code struct rtentry}: destination at 8, gateway at 24, mask at 40. */
    private void route(boolean add, ByteBuffer argument) throws ErrnoException {
        IpAddress to = address(argument, 8);
        int prefix = argument.getShort(40) == 0 ? to.isAny() ? 0 : 32 : Integer.bitCount(address(argument, 40).v4());
        try {
            if (add) {
                network.addRoute(to, prefix, address(argument, 24));
            } else {
                network.removeRoute(to, prefix);
            }
        } catch (IOException e) {
            throw (add ? Errno.ENETUNREACH : Errno.ESRCH).exception();
        }
    }

    @Override
    public String table(String name) {
        return NetworkTables.of(network, name);
    }
}
