package kernel.ext.net.provider;

import java.util.function.IntPredicate;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ipv4;

/**
 * Options of an IPv4 header (RFC 791 section 3.1). They are checked, and those that are not known are passed over; who sends a packet on keeps
 * them as they are, but for routes that are recorded and timestamps, which he adds himself to. Routes that a sender wants (source routes)
 * are not followed (RFC 7126). One is used again for each packet that is sent with options. Used in the stack's strand.
 */
final class Options4 {

    /** Bytes that they may take, and what a buffer needs before a packet for them. */
    static final int MOST = 40, ROOM = 48;
    private static final int END = 0, SKIP = 1, RECORD = 7, TIMESTAMP = 68, LOOSE = 131, STRICT = 137;
    private static final int COPIED = 0x80;
    /** Of timestamps: alone, after addresses, of those whose addresses are there. */
    private static final int ALONE = 0, NAMED = 1, ASKED = 3;
    private static final long MILLISECOND = 1_000_000;

    /** What is found of a packet's options. */
    enum Found {
        GOOD, ROUTED, WRONG
    }

    private final byte[] bytes = new byte[MOST];
    private int length;
    /** Where the header is wrong, if it is. */
    int pointer;

    /** Checks the options of a packet. */
    Found look(Packet p, int at) {
        int end = Ipv4.headerLength(p, at);
        int i = Ipv4.LENGTH;
        while (i < end && p.u8(at + i) != END) {
            int kind = p.u8(at + i);
            if (kind == SKIP) {
                i++;
                continue;
            }
            int size = i + 1 < end ? p.u8(at + i + 1) : 0;
            boolean route = kind == LOOSE || kind == STRICT;
            if (size < (route ? 3 : 2) || i + size > end) {
                pointer = i + 1;
                return Found.WRONG;
            }
            if (route && p.u8(at + i + 2) <= size) { // not at its end
                return Found.ROUTED;
            }
            i += size;
        }
        return Found.GOOD;
    }

    /** Takes those of a packet that was looked at. */
    Options4 take(Packet p, int at) {
        length = Ipv4.headerLength(p, at) - Ipv4.LENGTH;
        p.copyTo(at + Ipv4.LENGTH, bytes, 0, length);
        return this;
    }

    /** Drops those that are not of the kinds. */
    private Options4 keep(IntPredicate kinds) {
        int to = 0;
        int size;
        for (int i = 0; i < length && bytes[i] != END; i += size) {
            size = bytes[i] == SKIP ? 1 : bytes[i + 1] & 0xFF;
            if (bytes[i] != SKIP && kinds.test(bytes[i] & 0xFF)) {
                System.arraycopy(bytes, i, bytes, to, size);
                to += size;
            }
        }
        while (to % 4 != 0) {
            bytes[to++] = END;
        }
        length = to;
        return this;
    }

    /** What the fragments behind the first one have of them. */
    Options4 copied() {
        Options4 others = new Options4();
        System.arraycopy(bytes, 0, others.bytes, 0, length);
        others.length = length;
        return others.keep(kind -> (kind & COPIED) != 0);
    }

    /** What is given back with an answer to an echo (RFC 1122 section 3.2.2.6): what was recorded. */
    Options4 recorded() {
        return keep(kind -> kind == RECORD || kind == TIMESTAMP);
    }

    /** Adds that it was here. @param own our address */
    Options4 stamp(int own, long now) {
        int size;
        for (int i = 0; i < length && bytes[i] != END; i += size) {
            size = bytes[i] == SKIP ? 1 : bytes[i + 1] & 0xFF;
            int next = size < 3 ? 0 : (bytes[i + 2] & 0xFF) - 1; // counts from 1
            if ((bytes[i] & 0xFF) == RECORD && next >= 3 && next + 4 <= size) {
                put(i + next, own);
                bytes[i + 2] += 4;
            } else if ((bytes[i] & 0xFF) == TIMESTAMP && size >= 4 && next >= 4) {
                time(i, size, next, own, now);
            }
        }
        return this;
    }

    private void time(int at, int size, int next, int own, long now) {
        int how = bytes[at + 3] & 15;
        int wanted = how == ALONE ? 4 : 8;
        int time = (int) (now / MILLISECOND) | 0x8000_0000; // not that of the day, which the highest bit says
        if (next + wanted > size) {
            if (how != ASKED && (bytes[at + 3] & 0xF0) != 0xF0) {
                bytes[at + 3] += 0x10; // how many could not
            }
        } else if (how == ALONE || how == NAMED || how == ASKED && get(at + next) == own) {
            put(at + next, how == ALONE ? time : own);
            if (how != ALONE) {
                put(at + next + 4, time);
            }
            bytes[at + 2] += (byte) wanted;
        }
    }

    private void put(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> 24 - 8 * i);
        }
    }

    private int get(int at) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }

    /** Bytes of them, a multiple of four. */
    int length() {
        return length;
    }

    /** Writes them behind a header without any, at the start of a packet, and its checksum anew. */
    void write(PacketBuffer b) {
        for (int i = 0; i < length; i++) {
            b.put8(Ipv4.LENGTH + i, bytes[i]);
        }
        b.put8(0, 0x40 | (Ipv4.LENGTH + length) / 4);
        b.put16(10, 0);
        b.put16(10, Checksum.of(b.packet().sum(0, 0, Ipv4.LENGTH + length)));
    }
}
