package hw.alpha.device.net;

/**
 * AAL5 (ITU-T I.363.5): a packet is filled up to whole cells, the last of which ends with a trailer of its length and a CRC-32 over
 * everything.
 */
final class Aal5 {

    /** Bytes of the trailer. */
    static final int TRAILER = 8;
    private static final int POLYNOMIAL = 0x04C1_1DB7;
    private static final int[][] CRC = new int[4][256];

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ (crc < 0 ? POLYNOMIAL : 0);
            }
            CRC[0][i] = crc;
        }
        for (int k = 1; k < 4; k++) {
            for (int i = 0; i < 256; i++) {
                CRC[k][i] = CRC[k - 1][i] << 8 ^ CRC[0][CRC[k - 1][i] >>> 24];
            }
        }
    }

    private Aal5() {}

    /** The CRC-32 of bytes, the highest bit first (which is not java.util.zip's order). */
    static int crc(byte[] bytes, int offset, int count) {
        int crc = -1;
        int i = offset;
        for (int end = offset + (count & ~3); i < end; i += 4) {
            crc ^= (bytes[i] & 0xFF) << 24 | (bytes[i + 1] & 0xFF) << 16 | (bytes[i + 2] & 0xFF) << 8
                    | bytes[i + 3] & 0xFF;
            crc = CRC[3][crc >>> 24] ^ CRC[2][crc >>> 16 & 0xFF] ^ CRC[1][crc >>> 8 & 0xFF] ^ CRC[0][crc & 0xFF];
        }
        for (; i < offset + count; i++) {
            crc = crc << 8 ^ CRC[0][(crc >>> 24 ^ bytes[i]) & 0xFF];
        }
        return ~crc;
    }

    /** How many cells a packet of so many bytes becomes. */
    static int cells(int length) {
        return (length + TRAILER + AtmCell.PAYLOAD - 1) / AtmCell.PAYLOAD;
    }

    /** Writes padding and trailer after a packet of so many bytes at the beginning; answers the length of everything. */
    static int close(byte[] pdu, int length) {
        int all = cells(length) * AtmCell.PAYLOAD;
        java.util.Arrays.fill(pdu, length, all - 6, (byte) 0); // padding, user-to-user byte, common part indicator
        pdu[all - 6] = (byte) (length >> 8);
        pdu[all - 5] = (byte) length;
        int crc = crc(pdu, 0, all - 4);
        pdu[all - 4] = (byte) (crc >> 24);
        pdu[all - 3] = (byte) (crc >> 16);
        pdu[all - 2] = (byte) (crc >> 8);
        pdu[all - 1] = (byte) crc;
        return all;
    }

    /** Checks what was put together. @return the packet's length, -1 if the CRC is wrong, -2 if the length is */
    static int length(byte[] pdu, int all) {
        int crc = (pdu[all - 4] & 0xFF) << 24 | (pdu[all - 3] & 0xFF) << 16 | (pdu[all - 2] & 0xFF) << 8
                | pdu[all - 1] & 0xFF;
        if (crc != crc(pdu, 0, all - 4)) {
            return -1;
        }
        int length = (pdu[all - 6] & 0xFF) << 8 | pdu[all - 5] & 0xFF;
        return length > 0 && cells(length) * AtmCell.PAYLOAD == all ? length : -2;
    }
}
