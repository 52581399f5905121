package kernel.ext.net.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes frames as a capture file that Wireshark opens (pcapng, draft-ietf-opsawg-pcapng): one section, an interface block for each name,
 * times in nanoseconds. Thread-safe: by its monitor.
 */
public final class Pcapng {

    /** Link types (LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_SUNATM). */
    public static final int ETHERNET = 1, RAW = 101, SUNATM = 123;
    private static final int SECTION = 0x0A0D0D0A, INTERFACE = 1, PACKET = 6;
    private static final int SNAP = 262144;

    private final OutputStream out;
    private final Map<String, Integer> interfaces = new HashMap<>();

    /** Begins a file. */
    public Pcapng(OutputStream out) throws IOException {
        this.out = out;
        ByteBuffer body = buffer(16);
        body.putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0).putLong(-1);
        block(SECTION, body);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void block(int type, ByteBuffer body) throws IOException {
        int length = 12 + body.capacity();
        ByteBuffer all = buffer(length);
        all.putInt(type).putInt(length).put(body.flip()).position(length - 4);
        all.putInt(length);
        out.write(all.array());
    }

    private int interfaceOf(String name, int link) throws IOException {
        Integer known = interfaces.get(name);
        if (known == null) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            int padded = text.length + 3 & ~3;
            ByteBuffer body = buffer(8 + 4 + padded + 8 + 4);
            body.putShort((short) link).putShort((short) 0).putInt(SNAP);
            body.putShort((short) 2).putShort((short) text.length).put(text).position(12 + padded); // if_name
            body.putShort((short) 9).putShort((short) 1).put((byte) 9).position(12 + padded + 8); // if_tsresol: 10^-9 s
            body.putInt(0);
            block(INTERFACE, body);
            known = interfaces.size();
            interfaces.put(name, known);
        }
        return known;
    }

    /**
     * Writes a frame.
     *
     * @param by name of the interface
     * @param link {@link #ETHERNET}, {@link #RAW} or {@link #SUNATM}
     * @param nanoseconds since 1970
     * @param sent whether it went, else it came
     */
    public synchronized void write(String by, int link, long nanoseconds, boolean sent, byte[] bytes, int offset,
            int length) throws IOException {
        int padded = length + 3 & ~3;
        int index = interfaceOf(by, link);
        ByteBuffer body = buffer(20 + padded + 12);
        body.putInt(index).putInt((int) (nanoseconds >>> 32)).putInt((int) nanoseconds).putInt(length).putInt(length);
        body.put(bytes, offset, length).position(20 + padded);
        body.putShort((short) 2).putShort((short) 4).putInt(sent ? 2 : 1).putInt(0); // epb_flags: direction
        block(PACKET, body);
    }
}
