package kernel.ext.net.api.tcp;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Tcp;

/**
 * A segment taken apart, options included (RFC 9293 section 3.2, RFC 7323, RFC 2018). One for each table, used again for each
 * segment. Options that are not known are skipped; what is malformed ends the options.
 */
public final class Segment {

    /** The packet that it is in. */
    public Packet packet;
    /** Where its data begins, and how much there is. */
    public int dataAt, length;
    /** Ports. */
    public int source, destination;
    /** Sequence number, acknowledgment, flags, window as it stands there. */
    public int sequence, acknowledgment, flags, window;
    /** Sequence number behind the data that is urgent: what it is if {@link Tcp#URG} is set. */
    public int urgentTo;
    /** Options: largest segment, 0 if not given; shift of the window, -1 if not given. */
    public int mss, scale;
    /** Options: whether there are timestamps, and the two; whether selective acknowledgments are permitted. */
    public boolean timestamps, sackPermitted;
    /** See {@link #timestamps}. */
    public int tsValue, tsEcho;
    /** Ranges that the other side has. */
    public int sacks;
    /** See {@link #sacks}. */
    public final int[] sackFrom = new int[4], sackTo = new int[4];

    /** Whether a flag is set. */
    public boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** Sequence numbers that it takes. */
    public int span() {
        return length + (is(Tcp.SYN) ? 1 : 0) + (is(Tcp.FIN) ? 1 : 0);
    }

    /**
     * Takes a segment apart.
     *
     * @return whether it is whole
     */
    public boolean read(Packet from) {
        int at = from.transport();
        packet = from;
        if (from.end() - at < Tcp.LENGTH) {
            return false;
        }
        int header = Tcp.headerLength(from, at);
        if (header < Tcp.LENGTH || header > from.end() - at) {
            return false;
        }
        source = Tcp.source(from, at);
        destination = Tcp.destination(from, at);
        sequence = Tcp.sequence(from, at);
        acknowledgment = Tcp.acknowledgment(from, at);
        flags = Tcp.flags(from, at);
        window = Tcp.window(from, at);
        urgentTo = sequence + Tcp.urgent(from, at);
        dataAt = at + header;
        length = from.end() - dataAt;
        mss = 0;
        scale = -1;
        timestamps = false;
        sackPermitted = false;
        sacks = 0;
        if (header == 32 && from.i32(at + 20) == 0x0101080A) { // the usual case
            timestamps(at + 24);
        } else if (header > Tcp.LENGTH) {
            options(at + Tcp.LENGTH, dataAt);
        }
        return true;
    }

    private void timestamps(int at) {
        timestamps = true;
        tsValue = packet.i32(at);
        tsEcho = packet.i32(at + 4);
    }

    private void options(int first, int end) {
        int at = first;
        while (at < end) {
            int kind = packet.u8(at);
            if (kind == 0) {
                return;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int size = at + 1 < end ? packet.u8(at + 1) : 0;
            if (size < 2 || at + size > end) {
                return;
            }
            option(kind, size, at + 2);
            at += size;
        }
    }

    private void option(int kind, int size, int at) {
        switch (kind << 8 | size) {
            case 0x204 -> mss = packet.u16(at);
            case 0x303 -> scale = Math.min(14, packet.u8(at));
            case 0x402 -> sackPermitted = true;
            case 0x80A -> timestamps(at);
            default -> {
                if (kind == 5 && (size - 2) % 8 == 0) {
                    for (int i = 0; i < (size - 2) / 8 && sacks < 4; i++) {
                        sackFrom[sacks] = packet.i32(at + 8 * i);
                        sackTo[sacks++] = packet.i32(at + 8 * i + 4);
                    }
                }
            }
        }
    }
}
