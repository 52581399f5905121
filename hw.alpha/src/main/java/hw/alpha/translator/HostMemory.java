package hw.alpha.translator;

import hw.alpha.mmu.Host;

/**
 * The host's memory for translated code, by the foreign-memory API; used where the virtual machine does not open its own
 * access to memory, which is as fast but costs the compiler much less. Raw, as {@link Host}. Stateless.
 */
public final class HostMemory {

    private HostMemory() {}

    /** One byte. */
    public static byte getByte(long address) {
        return Host.MEMORY.get(Host.BYTE, address);
    }

    /** Two bytes. */
    public static short getShort(long address) {
        return Host.MEMORY.get(Host.WORD, address);
    }

    /** Four bytes. */
    public static int getInt(long address) {
        return Host.MEMORY.get(Host.LONGWORD, address);
    }

    /** Eight bytes. */
    public static long getLong(long address) {
        return Host.MEMORY.get(Host.QUADWORD, address);
    }

    /** One byte. */
    public static void putByte(long address, byte value) {
        Host.MEMORY.set(Host.BYTE, address, value);
    }

    /** Two bytes. */
    public static void putShort(long address, short value) {
        Host.MEMORY.set(Host.WORD, address, value);
    }

    /** Four bytes. */
    public static void putInt(long address, int value) {
        Host.MEMORY.set(Host.LONGWORD, address, value);
    }

    /** Eight bytes. */
    public static void putLong(long address, long value) {
        Host.MEMORY.set(Host.QUADWORD, address, value);
    }
}
