package kernel.ext.net.am;

import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * What is before a message: version 1 (one byte), zero (one byte), the handler, how many bytes follow, zero (two bytes each).
 *
 * @param handler 1 to 65535
 * @param count of bytes that follow
 */
record Header(int handler, int count) {

    private static final int VERSION = 0x100;

    /** Whether there is one, with all that follows. */
    static boolean valid(Packet p, int at) {
        return p.length() - at >= ActiveMessages.HEADER && p.u16(at) == VERSION && p.u16(at + 2) != 0
                && p.u16(at + 4) <= p.length() - at - ActiveMessages.HEADER && p.u16(at + 6) == 0;
    }

    static int handler(Packet p, int at) {
        return p.u16(at + 2);
    }

    static int count(Packet p, int at) {
        return p.u16(at + 4);
    }

    static Header of(Packet p, int at) {
        return new Header(handler(p, at), count(p, at));
    }

    static void write(PacketBuffer b, int at, int handler, int count) {
        b.put16(at, VERSION);
        b.put16(at + 2, handler);
        b.put16(at + 4, count);
        b.put16(at + 6, 0);
    }
}
