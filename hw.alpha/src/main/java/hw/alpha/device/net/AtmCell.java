package hw.alpha.device.net;

/**
 * Cells as they are on the wire (ITU-T I.361, user-network interface): a header of five bytes, the last of which is its check
 * (HEC, I.432.1 section 4.3.2), and 48 bytes of payload.
 */
final class AtmCell {

    /** Bytes of a cell, of its header, of its payload. */
    static final int LENGTH = 53, HEADER = 5, PAYLOAD = 48;
    /** What the check is combined with, so that slipped cells do not look right. */
    private static final int COSET = 0x55;
    private static final byte[] CRC = new byte[256];
    /** Which bit of the header is wrong, from the difference of the checks; -1 where more than one is. */
    private static final byte[] WRONG = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ ((crc & 0x80) != 0 ? 0x107 : 0); // x^8 + x^2 + x + 1
            }
            CRC[i] = (byte) crc;
        }
        java.util.Arrays.fill(WRONG, (byte) -1);
        byte[] header = new byte[HEADER];
        for (int bit = 0; bit < 8 * HEADER; bit++) {
            header[bit >> 3] = (byte) (0x80 >> (bit & 7));
            WRONG[crc(header, 0) & 0xFF ^ header[4] & 0xFF] = (byte) bit;
            header[bit >> 3] = 0;
        }
    }

    private AtmCell() {}

    private static byte crc(byte[] cell, int at) {
        int crc = 0;
        for (int i = 0; i < HEADER - 1; i++) {
            crc = CRC[(crc ^ cell[at + i]) & 0xFF];
        }
        return (byte) crc;
    }

    /** Writes a header. @param last whether it is a packet's last cell (AAL5: the payload type's lowest bit) */
    static void header(byte[] cell, int at, int vpi, int vci, boolean last) {
        cell[at] = (byte) (vpi >> 4 & 0xF);
        cell[at + 1] = (byte) (vpi << 4 | vci >> 12);
        cell[at + 2] = (byte) (vci >> 4);
        cell[at + 3] = (byte) (vci << 4 | (last ? 2 : 0));
        cell[at + 4] = (byte) (crc(cell, at) ^ COSET);
    }

    /** Checks a header. @return 0 if it is right, 1 if one bit was wrong and is right now, -1 if it is of no use */
    static int check(byte[] cell, int at) {
        int difference = (crc(cell, at) ^ COSET ^ cell[at + 4]) & 0xFF;
        if (difference == 0) {
            return 0;
        }
        int bit = WRONG[difference];
        if (bit < 0) {
            return -1;
        }
        cell[at + (bit >> 3)] ^= (byte) (0x80 >> (bit & 7));
        return 1;
    }

    static int vpi(byte[] cell, int at) {
        return (cell[at] & 0xF) << 4 | cell[at + 1] >> 4 & 0xF;
    }

    static int vci(byte[] cell, int at) {
        return (cell[at + 1] & 0xF) << 12 | (cell[at + 2] & 0xFF) << 4 | cell[at + 3] >> 4 & 0xF;
    }

    /** Whether it carries user data, which the payload type's highest bit tells. */
    static boolean user(byte[] cell, int at) {
        return (cell[at + 3] & 8) == 0;
    }

    /** Whether it is a packet's last. */
    static boolean last(byte[] cell, int at) {
        return (cell[at + 3] & 2) != 0;
    }
}
