package bundles.unix.provider.elf;

import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;

/** Makes small ELF files: a header, a program header for code and one for data with bss, then the code. */
public final class TestImage {

    /** Address of the first instruction. */
    public static final long ENTRY = 0x1_2000_0000L + 64 + 2 * 56;
    /** Address of the data segment: zero bytes. */
    public static final long DATA = 0x1_2010_0000L;

    private TestImage() {}

    /** A file whose program is these instructions. */
    public static byte[] of(long dataSize, int... code) {
        int size = 64 + 2 * 56 + 4 * code.length;
        ByteBuffer file = UserMemory.struct(size);
        file.put(new byte[]{0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 2).putShort((short) 0x9026).putInt(1).putLong(ENTRY).putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 2).putShort((short) 0).putShort((short) 0)
                .putShort((short) 0);
        file.putInt(1).putInt(5).putLong(0).putLong(0x1_2000_0000L).putLong(0x1_2000_0000L).putLong(size).putLong(size)
                .putLong(0x10000);
        file.putInt(1).putInt(6).putLong(0).putLong(DATA).putLong(DATA).putLong(0).putLong(dataSize).putLong(0x10000);
        for (int word : code) {
            file.putInt(word);
        }
        return file.array();
    }
}
