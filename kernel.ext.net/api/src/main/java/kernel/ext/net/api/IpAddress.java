package kernel.ext.net.api;

import java.util.Arrays;

/**
 * An Internet address of 128 bits. An IPv4 address is kept as its IPv4-mapped form, {@code ::ffff:a.b.c.d} (RFC 4291
 * section 2.5.5.2), so that transports have one form for both; on no wire does an IPv6 packet carry such an address.
 *
 * <p>An address that means something on one link alone ({@code fe80::/10}, {@code ff01::/16}, {@code ff02::/16}) has that link's
 * number in the second of its eight words, which is 0 on the wire: so one value says where a packet goes, and two neighbours with
 * the same address on two links are two (the scope zones of RFC 4007, kept as BSD's KAME kept them). Immutable.
 *
 * @param high bits 127 to 64
 * @param low bits 63 to 0
 */
public record IpAddress(long high, long low) {

    /** 0.0.0.0. */
    public static final IpAddress ANY = of(0);
    /** 127.0.0.1. */
    public static final IpAddress LOOPBACK = of(0x7F000001);
    /** 255.255.255.255. */
    public static final IpAddress BROADCAST = of(-1);
    /** {@code ::}. Who listens there takes connections of both families. */
    public static final IpAddress ANY6 = new IpAddress(0, 0);
    /** {@code ::1}. */
    public static final IpAddress LOOPBACK6 = new IpAddress(0, 1);

    private static final long MAPPED = 0xFFFF_0000_0000L;
    private static final long SCOPE = 0xFFFF_0000_0000L;
    private static final int WORDS = 8;

    /** The IPv4 address whose 32 bits are these, the first byte in the highest. */
    public static IpAddress of(int v4) {
        return new IpAddress(0, MAPPED | v4 & 0xFFFF_FFFFL);
    }

    /** The lower half of the mapped form of an IPv4 address. */
    public static long mapped(int v4) {
        return MAPPED | v4 & 0xFFFF_FFFFL;
    }

    /**
     * Reads {@code a.b.c.d} or, after RFC 4291 section 2.2, an IPv6 address, perhaps with the number of its link: {@code fe80::1%2}.
     *
     * @throws IllegalArgumentException it is none; the message says so
     */
    public static IpAddress parse(String text) {
        String trimmed = text.strip();
        return trimmed.indexOf(':') >= 0 ? six(trimmed) : of(four(trimmed, text));
    }

    private static int four(String digits, String whole) {
        String[] parts = digits.split("\\.", -1);
        int value = 0;
        for (String part : parts) {
            boolean number = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            int one = number ? Integer.parseInt(part) : 256;
            if (parts.length != 4 || one > 255) {
                throw new IllegalArgumentException(
                        "\"" + whole
                                + "\" is no IPv4 address: four numbers from 0 to 255 are wanted, such as 10.0.2.15");
            }
            value = value << 8 | one;
        }
        return value;
    }

    private static IllegalArgumentException noSix(String text) {
        return new IllegalArgumentException("\"" + text
                + "\" is no IPv6 address: eight groups of four hexadecimal digits are wanted, such as fd00::15 or fe80::1%2");
    }

    private static IpAddress six(String text) {
        String[] halves = text.split("%", -1);
        int gap = halves[0].indexOf("::");
        int[] words = new int[WORDS];
        if (gap < 0) {
            int[] all = words(halves[0], true, text);
            if (all.length != WORDS) {
                throw noSix(text);
            }
            words = all;
        } else {
            int[] before = words(halves[0].substring(0, gap), false, text);
            int[] after = words(halves[0].substring(gap + 2), true, text);
            if (before.length + after.length >= WORDS) {
                throw noSix(text);
            }
            System.arraycopy(before, 0, words, 0, before.length);
            System.arraycopy(after, 0, words, WORDS - after.length, after.length);
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | words[i];
            low = low << 16 | words[4 + i];
        }
        IpAddress address = new IpAddress(high, low);
        if (halves.length == 1) {
            return address;
        }
        if (halves.length > 2 || !halves[1].matches("[0-9]{1,5}") || !address.isScoped()) {
            throw noSix(text);
        }
        return address.scoped(Integer.parseInt(halves[1]) & 0xFFFF);
    }

    /** Groups between colons; the address's last may be an IPv4 address, which makes two. */
    private static int[] words(String part, boolean last, String whole) {
        if (part.isEmpty()) {
            return new int[0];
        }
        String[] groups = part.split(":", -1);
        int[] words = new int[groups.length + 1];
        int count = 0;
        for (int i = 0; i < groups.length; i++) {
            if (last && i == groups.length - 1 && groups[i].indexOf('.') >= 0) {
                int v4 = four(groups[i], whole);
                words[count++] = v4 >>> 16;
                words[count++] = v4 & 0xFFFF;
            } else if (groups[i].matches("[0-9a-fA-F]{1,4}")) {
                words[count++] = Integer.parseInt(groups[i], 16);
            } else {
                throw noSix(whole);
            }
        }
        return Arrays.copyOf(words, count);
    }

    /** The sixteen bytes of one, in the order of the wire. */
    public static IpAddress of(byte[] bytes, int offset) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | bytes[offset + i] & 0xFF;
            low = low << 8 | bytes[offset + 8 + i] & 0xFF;
        }
        return new IpAddress(high, low);
    }

    /** Its sixteen bytes, in the order of the wire, without the number of a link. */
    public byte[] bytes() {
        byte[] bytes = new byte[16];
        long wire = wire(high);
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (wire >>> 56 - 8 * i);
            bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
        }
        return bytes;
    }

    /** Whether it is an IPv4 address. */
    public boolean isV4() {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** Whether these are the halves of an IPv4 address. */
    public static boolean isV4(long high, long low) {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** The 32 bits of an IPv4 address. */
    public int v4() {
        return (int) low;
    }

    /** Whether it is 0.0.0.0 or {@code ::}. */
    public boolean isAny() {
        return isV4() ? v4() == 0 : (high | low) == 0;
    }

    /** Whether it is in 127.0.0.0/8, or {@code ::1}. */
    public boolean isLoopback() {
        return isV4() ? v4() >>> 24 == 127 : high == 0 && low == 1;
    }

    /** Whether it is in 224.0.0.0/4 or {@code ff00::/8}. */
    public boolean isMulticast() {
        return isV4() ? v4() >>> 28 == 14 : high >>> 56 == 0xFF;
    }

    /** Whether it is in {@code fe80::/10}. */
    public boolean isLinkLocal() {
        return high >>> 54 == 0x3FA;
    }

    /** Whether it means something on one link alone. */
    public boolean isScoped() {
        return isScoped(high);
    }

    /** Whether an address with this higher half means something on one link alone. */
    public static boolean isScoped(long high) {
        return high >>> 54 == 0x3FA || (high >>> 48 & 0xFF0F) == 0xFF01 || (high >>> 48 & 0xFF0F) == 0xFF02;
    }

    /** The higher half of an address as it is on the wire. */
    public static long wire(long high) {
        return isScoped(high) ? high & ~SCOPE : high;
    }

    /** Number of the link that a scoped address is on; 0 if that is not said, or is of no meaning. */
    public int scope() {
        return isScoped() ? (int) (high >>> 32) & 0xFFFF : 0;
    }

    /** The same on another link, 1 to 65535, or 0 for none in particular; what is not scoped stays as it is. */
    public IpAddress scoped(int link) {
        return isScoped() ? new IpAddress(high & ~SCOPE | (long) link << 32, low) : this;
    }

    /** As people write it (RFC 5952), without the number of a link's. */
    private String words() {
        int bestAt = -1;
        int best = 1;
        for (int i = 0; i < WORDS; i++) {
            int run = 0;
            while (i + run < WORDS && word(i + run) == 0) {
                run++;
            }
            if (run > best) {
                best = run;
                bestAt = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS; i++) {
            if (i == bestAt) {
                text.append("::");
                i += best - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(word(i)));
            }
        }
        return text.toString();
    }

    private int word(int i) {
        return (int) (i < 4 ? wire(high) >>> (3 - i) * 16 : low >>> (7 - i) * 16) & 0xFFFF;
    }

    @Override
    public String toString() {
        if (isV4()) {
            int a = v4();
            return (a >>> 24) + "." + (a >>> 16 & 255) + "." + (a >>> 8 & 255) + "." + (a & 255);
        }
        return scope() == 0 ? words() : words() + "%" + scope();
    }
}
