package kernel.ext.net.rpc.provider;

import java.io.IOException;
import java.util.Arrays;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrWriter;

/**
 * Records in a stream (RFC 5531 section 11): fragments, each after its length, of which the highest bit says that it is the record's
 * last. One strand reads; one at a time writes.
 */
final class Records {

    /** Bytes of the longest record that is taken. */
    static final int LONGEST = 1 << 20;
    private static final int FRAGMENTS = 1024;
    private static final int LAST = 0x8000_0000;

    private final TcpConnection connection;
    private final byte[] header = new byte[4];
    private byte[] bytes = new byte[4096];

    Records(TcpConnection connection) {
        this.connection = connection;
    }

    /** The record that was read last. */
    byte[] bytes() {
        return bytes;
    }

    /** Reads a record. @return its length; -1 if no more comes */
    int read() throws IOException {
        int length = 0;
        for (int i = 0; i < FRAGMENTS; i++) {
            if (!fill(header, 0, 4)) {
                if (i == 0) {
                    return -1;
                }
                throw new XdrException("the stream ends within a record");
            }
            int mark = header[0] << 24 | (header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | header[3] & 0xFF;
            int count = mark & ~LAST;
            if (count > LONGEST - length) {
                throw new XdrException("a record is longer than " + LONGEST + " bytes");
            }
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
            }
            if (!fill(bytes, length, count)) {
                throw new XdrException("the stream ends within a record");
            }
            length += count;
            if ((mark & LAST) != 0) {
                return length;
            }
        }
        throw new XdrException("a record of more than " + FRAGMENTS + " fragments");
    }

    /** @return false if the stream ended before the first byte */
    private boolean fill(byte[] into, int offset, int count) throws IOException {
        int have = 0;
        while (have < count) {
            int some = connection.read(into, offset + have, count - have);
            if (some < 0) {
                if (have == 0) {
                    return false;
                }
                throw new XdrException("the stream ends within a record");
            }
            have += some;
        }
        return true;
    }

    /** Makes room for a record's header. */
    static void begin(XdrWriter out) {
        out.putInt(0);
    }

    /** Writes a record that was begun so. */
    void write(XdrWriter out) throws IOException {
        int mark = LAST | out.length() - 4;
        byte[] all = out.bytes();
        all[0] = (byte) (mark >> 24);
        all[1] = (byte) (mark >> 16);
        all[2] = (byte) (mark >> 8);
        all[3] = (byte) mark;
        connection.write(all, 0, out.length());
    }
}
