package bundles.unix.provider.inet;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Options of IP, IPv6 and TCP (ip(7), ipv6(7), tcp(7)) that are numbers. Most are remembered, of no effect. Thread-safe. */
final class InetOptions {

    /** Levels. */
    static final int IP = 0, TCP = 6, IPV6 = 41;
    /** Option of IPv6 that has an effect. */
    static final int V6ONLY = 26;
    /** Options of TCP that have an effect. */
    static final int TCP_NODELAY = 1, TCP_MAXSEG = 2, TCP_KEEPIDLE = 4;
    private static final int IP_TTL = 2, IP_MULTICAST_TTL = 33, IP_MULTICAST_LOOP = 34;
    /** TOS, TTL, packet information, path MTU, errors, TTL and TOS received, free binding, groups' TTL and loop. */
    private static final Set<Integer> OF_IP = Set.of(1, IP_TTL, 8, 10, 11, 12, 13, 15, 24, IP_MULTICAST_TTL,
            IP_MULTICAST_LOOP);
    /** NODELAY, MAXSEG, CORK, KEEPIDLE, KEEPINTVL, KEEPCNT, SYNCNT, LINGER2, DEFER_ACCEPT, QUICKACK, USER_TIMEOUT. */
    private static final Set<Integer> OF_TCP = Set.of(TCP_NODELAY, TCP_MAXSEG, 3, TCP_KEEPIDLE, 5, 6, 7, 8, 9, 12, 18);
    /** What they are at first; others are 0. */
    private static final Map<Integer, Integer> FIRST_IP = Map.of(IP_TTL, 64, IP_MULTICAST_TTL, 1, IP_MULTICAST_LOOP, 1,
            10, 1);
    private static final Map<Integer, Integer> FIRST_TCP = Map.of(TCP_MAXSEG, 536, TCP_KEEPIDLE, 7200, 5, 75, 6, 9, 7,
            6, 8, 60, 12, 1);

    /**
     * UNICAST_HOPS, MULTICAST_IF, MULTICAST_HOPS, MULTICAST_LOOP, MTU_DISCOVER, MTU, RECVERR, V6ONLY, RECVPKTINFO, RECVHOPLIMIT,
     * RECVTCLASS, TCLASS, AUTOFLOWLABEL, ADDR_PREFERENCES, DONTFRAG.
     */
    private static final Set<Integer> OF_IPV6 = Set.of(16, 17, 18, 19, 23, 24, 25, V6ONLY, 49, 51, 62, 66, 67, 70, 72);
    private static final Map<Integer, Integer> FIRST_IPV6 = Map.of(16, 64, 18, 1, 19, 1, 23, 1, 70, 1, 24, 65536);

    private final boolean six;
    private final Map<Integer, Integer> ipv6 = new ConcurrentHashMap<>(FIRST_IPV6);
    private final Map<Integer, Integer> ip = new ConcurrentHashMap<>(FIRST_IP);
    private final Map<Integer, Integer> tcp = new ConcurrentHashMap<>(FIRST_TCP);

    /** @param six whether they are of a socket of IPv6 */
    InetOptions(boolean six) {
        this.six = six;
    }

    /** Whether the socket is for IPv6 alone. */
    boolean only6() {
        return six && ipv6.getOrDefault(V6ONLY, 0) != 0;
    }

    private Map<Integer, Integer> values(int level, int name, boolean stream) throws ErrnoException {
        if (level == IP && OF_IP.contains(name)) {
            return ip;
        }
        if (level == IPV6 && six && OF_IPV6.contains(name)) {
            return ipv6;
        }
        if (level == TCP && stream && OF_TCP.contains(name)) {
            return tcp;
        }
        throw (level == IP || level == IPV6 && six || level == TCP && stream ? Errno.ENOPROTOOPT : Errno.EOPNOTSUPP)
                .exception();
    }

    /** An option's value as getsockopt(2) gives it. */
    byte[] get(int level, int name, boolean stream) throws ErrnoException {
        return UserMemory.struct(4).putInt(values(level, name, stream).getOrDefault(name, 0)).array();
    }

    /** Sets an option; of IP a byte will do. @return its value */
    int set(int level, int name, byte[] value, boolean stream) throws ErrnoException {
        Map<Integer, Integer> values = values(level, name, stream);
        if (value.length < (level == IP ? 1 : 4)) {
            throw Errno.EINVAL.exception();
        }
        int number = value.length < 4 ? value[0] & 0xFF : UserMemory.struct(4).put(value, 0, 4).getInt(0);
        values.put(name, number);
        return number;
    }

    /** A number of TCP. */
    int tcp(int name) {
        return tcp.getOrDefault(name, 0);
    }
}
