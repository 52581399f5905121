package kernel.ext.net.api;

/**
 * An Internet address of 128 bits. An IPv4 address is kept as its IPv4-mapped form, {@code ::ffff:a.b.c.d} (RFC 4291
 * section 2.5.5.2), so that transports have one form for both. Immutable.
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

    private static final long MAPPED = 0xFFFF_0000_0000L;

    /** The IPv4 address whose 32 bits are these, the first byte in the highest. */
    public static IpAddress of(int v4) {
        return new IpAddress(0, MAPPED | v4 & 0xFFFF_FFFFL);
    }

    /** The lower half of the mapped form of an IPv4 address. */
    public static long mapped(int v4) {
        return MAPPED | v4 & 0xFFFF_FFFFL;
    }

    /**
     * Reads {@code a.b.c.d}.
     *
     * @throws IllegalArgumentException it is none; the message says so
     */
    public static IpAddress parse(String text) {
        String[] parts = text.strip().split("\\.", -1);
        int value = 0;
        for (String part : parts) {
            boolean digits = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            int number = digits ? Integer.parseInt(part) : 256;
            if (parts.length != 4 || number > 255) {
                throw new IllegalArgumentException(
                        "\"" + text
                                + "\" is no IPv4 address: four numbers from 0 to 255 are wanted, such as 10.0.2.15");
            }
            value = value << 8 | number;
        }
        return of(value);
    }

    /** Whether it is an IPv4 address. */
    public boolean isV4() {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** The 32 bits of an IPv4 address. */
    public int v4() {
        return (int) low;
    }

    /** Whether it is 0.0.0.0. */
    public boolean isAny() {
        return isV4() && v4() == 0;
    }

    /** Whether it is in 127.0.0.0/8. */
    public boolean isLoopback() {
        return isV4() && v4() >>> 24 == 127;
    }

    /** Whether it is in 224.0.0.0/4. */
    public boolean isMulticast() {
        return isV4() && v4() >>> 28 == 14;
    }

    @Override
    public String toString() {
        if (isV4()) {
            int a = v4();
            return (a >>> 24) + "." + (a >>> 16 & 255) + "." + (a >>> 8 & 255) + "." + (a & 255);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 7; i >= 0; i--) {
            long word = i >= 4 ? high >>> (i - 4) * 16 : low >>> i * 16;
            text.append(Long.toHexString(word & 0xFFFF)).append(i > 0 ? ":" : "");
        }
        return text.toString();
    }
}
