package kernel.ext.net.provider;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;

/**
 * The extension headers of a packet (RFC 8200 section 4): found and skipped, or found wrong. At most 8 of them, and 16 options in one
 * (RFC 9673, RFC 8504 section 5.3). Used in the stack's strand; used again for each packet.
 */
final class Extensions {

    private static final int LIMIT = 8;
    private static final int OPTIONS = 16;

    /** What becomes of the packet. */
    enum Verdict {
        /** {@link #next} is at {@link #at}. */
        GOOD,
        /** A fragment header is at {@link #at}. */
        FRAGMENT,
        /** It is dropped. */
        DROP,
        /** It is dropped, and its sender is told {@link #code} and {@link #pointer}. */
        TELL
    }

    /** The protocol, or the header that was reached. */
    int next;
    /** Where it begins. */
    int at;
    /** Where it is named. */
    int named;
    /** Code of a parameter problem. */
    int code;
    /** Offset of what is wrong in the packet. */
    int pointer;
    /** Whether even the sender of a packet to a group is told. */
    boolean evenToGroups;

    private Verdict tell(int reason, int where, int network) {
        code = reason;
        pointer = where - network;
        evenToGroups = false;
        return Verdict.TELL;
    }

    /**
     * Goes through the headers of a packet.
     *
     * @param network where its IPv6 header begins
     * @param first what the header at {@code from} is
     * @param end where the packet ends
     * @param whole whether it was put together of fragments, and so must have no fragment header
     */
    Verdict walk(Packet p, int network, int first, int from, int end, boolean whole) {
        next = first;
        at = from;
        named = network + 6;
        for (int i = 0; i < LIMIT; i++) {
            if (next == Ipv6.FRAGMENT) {
                return whole || at + Ipv6.FRAGMENT_LENGTH > end ? Verdict.DROP : Verdict.FRAGMENT;
            }
            if (next == Ipv6.HOP_BY_HOP && i > 0) {
                return tell(Icmp6.NEXT_HEADER, named, network);
            }
            if (next != Ipv6.HOP_BY_HOP && next != Ipv6.DESTINATION && next != Ipv6.ROUTING) {
                return next == Ipv6.NONE ? Verdict.DROP : Verdict.GOOD;
            }
            if (at + 8 > end) {
                return Verdict.DROP;
            }
            int length = (p.u8(at + 1) + 1) * 8;
            if (at + length > end) {
                return Verdict.DROP;
            }
            if (next == Ipv6.ROUTING) {
                if (p.u8(at + 3) != 0) {
                    return tell(Icmp6.FIELD, at + 2, network); // segments are left: we know no kind of it (RFC 5095)
                }
            } else {
                Verdict options = options(p, network, at + 2, at + length);
                if (options != Verdict.GOOD) {
                    return options;
                }
            }
            named = at;
            next = p.u8(at);
            at += length;
        }
        return Verdict.DROP;
    }

    private Verdict options(Packet p, int network, int first, int end) {
        int place = first;
        for (int count = 0; place < end;) {
            int kind = p.u8(place);
            if (kind == 0) {
                place++;
                continue;
            }
            if (place + 2 > end || place + 2 + p.u8(place + 1) > end || ++count > OPTIONS) {
                return Verdict.DROP;
            }
            if (kind >>> 6 != 0) { // not known, and not to be skipped (RFC 8200 section 4.2)
                tell(Icmp6.OPTION, place, network);
                evenToGroups = kind >>> 6 == 2;
                return kind >>> 6 == 1 ? Verdict.DROP : Verdict.TELL;
            }
            place += 2 + p.u8(place + 1);
        }
        return Verdict.GOOD;
    }

    /** Whether the headers of a first fragment are all in it (RFC 7112). */
    static boolean complete(Packet p, int first, int from, int end) {
        int next = first;
        int at = from;
        for (int i = 0; i < LIMIT; i++) {
            if (next != Ipv6.DESTINATION && next != Ipv6.ROUTING) {
                return next == Ipv6.NONE || at + 8 <= end;
            }
            if (at + 8 > end) {
                return false;
            }
            next = p.u8(at);
            at += (p.u8(at + 1) + 1) * 8;
        }
        return false;
    }
}
