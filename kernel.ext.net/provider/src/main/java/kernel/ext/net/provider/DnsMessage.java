package kernel.ext.net.provider;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kernel.ext.net.api.IpAddress;

/** Questions and answers about names (RFC 1035 section 4, RFC 3596). Stateless. */
final class DnsMessage {

    /** Types of records. */
    static final int A = 1, CNAME = 5, AAAA = 28;
    private static final int IN = 1, HEADER = 12;
    private static final int LONGEST_NAME = 253, LONGEST_LABEL = 63;
    /** Names that one may stand for another, and jumps within a name. */
    private static final int CHAIN = 16, JUMPS = 32;
    private static final int RECORDS = 256;
    private static final long DAY = 86400;

    private DnsMessage() {}

    /**
     * What was answered.
     *
     * @param code of the answer: 0 none is wrong, 3 there is no such name
     * @param cut whether it did not fit, and is to be asked for by TCP
     * @param addresses of the name
     * @param seconds for which that holds
     */
    record Answer(int code, boolean cut, List<IpAddress> addresses, long seconds) {}

    /** A question. @throws IllegalArgumentException it cannot be a name */
    static byte[] question(int id, String name, int type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{(byte) (id >>> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}); // recursion desired
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (plain.isEmpty() || plain.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a host: 1 to 253 characters are wanted");
        }
        for (String label : plain.split("\\.", -1)) {
            if (!label.matches("[A-Za-z0-9_-]{1," + LONGEST_LABEL + "}")) {
                throw new IllegalArgumentException("\"" + name
                        + "\" is no name of a host: letters, digits and hyphens between points are wanted");
            }
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[]{0, 0, (byte) type, 0, IN});
        return out.toByteArray();
    }

    private static int u16(byte[] b, int at) {
        return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
    }

    /** Reads an answer; null if it is none to this question, or is damaged. */
    static Answer answer(byte[] b, int id, String name, int type) {
        try {
            if (u16(b, 0) != id || (b[2] & 0xF8) != 0x80 || u16(b, 4) != 1) {
                return null; // of another question, or no answer to one
            }
            StringBuilder asked = new StringBuilder();
            int at = name(b, HEADER, asked);
            String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            if (!asked.toString().equals(plain.toLowerCase(Locale.ROOT)) || u16(b, at) != type
                    || u16(b, at + 2) != IN) {
                return null;
            }
            boolean cut = (b[2] & 2) != 0;
            return cut ? new Answer(0, true, List.of(), 0) : records(b, at + 4, asked.toString(), type);
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    private record Entry(String name, int type, long seconds, int at, int length) {}

    private static Answer records(byte[] b, int first, String asked, int type) {
        int code = b[3] & 15;
        List<Entry> all = new ArrayList<>();
        int at = first;
        for (int i = Math.min(u16(b, 6), RECORDS); i > 0; i--) {
            StringBuilder owner = new StringBuilder();
            at = name(b, at, owner);
            long seconds = (long) u16(b, at + 4) << 16 | u16(b, at + 6);
            int length = u16(b, at + 8);
            if (at + 10 + length > b.length) {
                throw new IndexOutOfBoundsException();
            }
            if (u16(b, at + 2) == IN) {
                all.add(new Entry(owner.toString(), u16(b, at), seconds > 0x7FFF_FFFFL ? 0 : Math.min(seconds, DAY),
                        at + 10, length));
            }
            at += 10 + length;
        }
        String name = asked;
        long life = DAY;
        List<IpAddress> found = new ArrayList<>();
        for (int i = 0; i < CHAIN && found.isEmpty(); i++) {
            String next = null;
            for (Entry one : all) {
                if (!one.name.equals(name)) {
                    continue;
                }
                if (one.type == type && one.length == (type == A ? 4 : 16)) {
                    IpAddress address = type == A
                            ? IpAddress.of(u16(b, one.at) << 16 | u16(b, one.at + 2))
                            : IpAddress.of(b, one.at);
                    if (type == A || !address.isV4()) {
                        found.add(address);
                    }
                    life = Math.min(life, one.seconds);
                } else if (one.type == CNAME) {
                    StringBuilder other = new StringBuilder();
                    name(b, one.at, other);
                    next = other.toString();
                    life = Math.min(life, one.seconds);
                }
            }
            if (next == null) {
                break;
            }
            name = found.isEmpty() ? next : name;
        }
        return new Answer(code, false, found, life);
    }

    /** Reads a name, in small letters. @return where it ends */
    private static int name(byte[] b, int first, StringBuilder into) {
        int at = first;
        int end = -1;
        for (int jumps = 0; jumps < JUMPS;) {
            int length = b[at] & 0xFF;
            if (length >>> 6 == 3) {
                end = end < 0 ? at + 2 : end;
                at = u16(b, at) & 0x3FFF;
                jumps++;
                continue;
            }
            if (length == 0) {
                return end < 0 ? at + 1 : end;
            }
            if (length > LONGEST_LABEL || into.length() + length > LONGEST_NAME) {
                break;
            }
            into.append(into.isEmpty() ? "" : ".");
            for (int i = 1; i <= length; i++) {
                into.append((char) Character.toLowerCase(b[at + i] & 0xFF));
            }
            at += length + 1;
        }
        throw new IndexOutOfBoundsException(); // too long, or it goes round in circles
    }
}
