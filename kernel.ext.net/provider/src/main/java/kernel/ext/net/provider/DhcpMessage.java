package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A message of DHCP for IPv4 over Ethernet (RFC 2131 section 2, RFC 2132). Immutable.
 *
 * @param reply whether a server sent it
 * @param id by which question and answer know each other
 * @param broadcast whether the answer is to go to all
 * @param client its address if it has one
 * @param yours the address that is offered
 * @param hardware address of the client, 48 bits
 * @param options by their numbers
 */
record DhcpMessage(boolean reply, int id, boolean broadcast, int client, int yours, long hardware,
        Map<Integer, byte[]> options) {

    /** Kinds ({@link #KIND}). */
    static final int DISCOVER = 1, OFFER = 2, REQUEST = 3, DECLINE = 4, ACK = 5, NAK = 6;
    /** Options. */
    static final int MASK = 1, ROUTER = 3, RESOLVERS = 6, WANTED = 50, LEASE = 51, KIND = 53, SERVER = 54, LIST = 55,
            RENEW = 58, REBIND = 59;
    /** Ports. */
    static final int SERVER_PORT = 67, CLIENT_PORT = 68;
    private static final int FIXED = 236, COOKIE = 0x63825363, LEAST = 300;

    /** The kind, 0 if it is none of DHCP. */
    int kind() {
        byte[] kind = options.get(KIND);
        return kind == null || kind.length != 1 ? 0 : kind[0];
    }

    /** A number of four bytes, or the one given if it is not said. */
    int number(int option, int otherwise) {
        byte[] bytes = options.get(option);
        return bytes == null || bytes.length < 4 ? otherwise : number(bytes, 0);
    }

    /** Numbers of four bytes. */
    List<Integer> numbers(int option) {
        byte[] bytes = options.getOrDefault(option, new byte[0]);
        List<Integer> all = new ArrayList<>();
        for (int at = 0; at + 4 <= bytes.length; at += 4) {
            all.add(number(bytes, at));
        }
        return all;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }

    /** A number as an option's value. */
    static byte[] bytes(int number) {
        return new byte[]{(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
    }

    /** Reads one; null if it is none, or is damaged. */
    static DhcpMessage read(byte[] b) {
        if (b.length < FIXED + 4 || b[0] != 1 && b[0] != 2 || b[1] != 1 || b[2] != 6 || number(b, FIXED) != COOKIE) {
            return null;
        }
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        for (int at = FIXED + 4; at < b.length && (b[at] & 0xFF) != 255;) {
            if (b[at] == 0) {
                at++;
                continue;
            }
            int length = at + 1 < b.length ? b[at + 1] & 0xFF : 256;
            if (at + 2 + length > b.length) {
                return null;
            }
            byte[] value = new byte[length];
            System.arraycopy(b, at + 2, value, 0, length);
            options.putIfAbsent(b[at] & 0xFF, value);
            at += 2 + length;
        }
        long hardware = (number(b, 28) & 0xFFFF_FFFFL) << 16 | number(b, 32) >>> 16;
        return new DhcpMessage(b[0] == 2, number(b, 4), (b[10] & 0x80) != 0, number(b, 12), number(b, 16), hardware,
                options);
    }

    /** As it is on the wire. */
    byte[] bytes() {
        int length = FIXED + 4 + 1;
        for (byte[] value : options.values()) {
            length += 2 + value.length;
        }
        byte[] b = new byte[Math.max(LEAST, length)];
        b[0] = (byte) (reply ? 2 : 1);
        b[1] = 1;
        b[2] = 6;
        System.arraycopy(bytes(id), 0, b, 4, 4);
        b[10] = (byte) (broadcast ? 0x80 : 0);
        System.arraycopy(bytes(client), 0, b, 12, 4);
        System.arraycopy(bytes(yours), 0, b, 16, 4);
        for (int i = 0; i < 6; i++) {
            b[28 + i] = (byte) (hardware >>> 40 - 8 * i);
        }
        System.arraycopy(bytes(COOKIE), 0, b, FIXED, 4);
        int at = FIXED + 4;
        for (Map.Entry<Integer, byte[]> one : options.entrySet()) {
            b[at] = (byte) (int) one.getKey();
            b[at + 1] = (byte) one.getValue().length;
            System.arraycopy(one.getValue(), 0, b, at + 2, one.getValue().length);
            at += 2 + one.getValue().length;
        }
        b[at] = (byte) 255;
        return b;
    }
}
