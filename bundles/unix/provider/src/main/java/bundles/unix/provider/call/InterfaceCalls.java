package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Internet;
import java.nio.ByteBuffer;
import java.util.List;

/** ioctl(2) of sockets: interfaces and routes (netdevice(7)). */
final class InterfaceCalls {

    /** linux/sockios.h. */
    private static final int SIOCADDRT = 0x890B, SIOCDELRT = 0x890C, SIOCGIFCONF = 0x8912, LAST = 0x89FF;
    /** Bytes of {@code struct ifreq} and {@code struct rtentry}. */
    private static final int IFREQ = 40, RTENTRY = 120;

    private InterfaceCalls() {}

    static void ioctl(UnixThread thread, int request, long address) throws ErrnoException {
        Internet internet = thread.kernel().internet();
        if (request < 0x8900 || request > LAST || internet == null) {
            throw Errno.ENOTTY.exception();
        }
        if (request == SIOCGIFCONF) {
            list(thread.memory(), internet.interfaces(), address);
            return;
        }
        int size = request == SIOCADDRT || request == SIOCDELRT ? RTENTRY : IFREQ;
        ByteBuffer argument = thread.memory().read(address, size);
        if (internet.control(request, argument)) {
            thread.memory().write(address, argument);
        }
    }

    /** {@code struct ifconf}: how many bytes there are room for, and where. */
    private static void list(UserMemory memory, List<byte[]> interfaces, long address) throws ErrnoException {
        ByteBuffer asked = memory.read(address, 16);
        long to = asked.getLong(8);
        int room = asked.getInt(0) / IFREQ;
        int count = to == 0 ? interfaces.size() : Math.min(room, interfaces.size());
        for (int i = 0; to != 0 && i < count; i++) {
            memory.write(to + (long) i * IFREQ, interfaces.get(i), 0, IFREQ);
        }
        memory.writeInt(address, count * IFREQ);
    }
}
