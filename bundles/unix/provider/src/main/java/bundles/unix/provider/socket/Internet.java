package bundles.unix.provider.socket;

import bundles.unix.provider.abi.ErrnoException;
import java.util.List;
import kernel.core.machine.Clock;

/**
 * Sockets of the Internet's families, where there is a network. It comes and goes with that: who has sockets of one that has gone
 * is told so by errors. Thread-safe.
 */
public interface Internet {

    /**
     * A socket.
     *
     * @param domain {@link Socket#AF_INET} or {@link Socket#AF_INET6}
     * @param type of socket
     * @param protocol 0: the usual one of the type
     * @param flags status flags
     * @param process in whose account of the network it is
     * @param command what that process runs, for people
     * @throws ErrnoException ESOCKTNOSUPPORT, EPROTONOSUPPORT
     */
    Socket socket(int domain, int type, int protocol, int flags, Clock clock, int process, String command)
            throws ErrnoException;

    /**
     * Something about interfaces and routes (netdevice(7)).
     *
     * @param request number of ioctl(2)
     * @param argument a structure as the request wants it, little endian, which is changed; null: the request is none of these
     * @return whether the structure is to be given back
     */
    boolean control(int request, java.nio.ByteBuffer argument) throws ErrnoException;

    /** Interfaces with their addresses, as {@code struct ifreq}s of 40 bytes (SIOCGIFCONF). */
    List<byte[]> interfaces();

    /** A table of {@code /proc/net}, such as {@code tcp}; null if there is none of this name. */
    String table(String name);
}
