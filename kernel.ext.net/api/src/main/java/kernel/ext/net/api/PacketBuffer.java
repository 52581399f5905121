package kernel.ext.net.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A packet that its owner may write. Owners are protocols that make packets, and who is given one to send; others see the
 * read-only face {@link #packet()}. Offsets count from the packet's first byte. What a protocol finds out about a packet on
 * its way up is kept beside it, so that the next one need not look again. Not thread-safe: it belongs to one stack.
 */
public final class PacketBuffer {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Packet packet = new Packet(this);
    byte[] bytes;
    int start;
    int length;
    boolean pooled;
    boolean taken;
    /** Index of the interface that it came by. */
    int link;
    int network;
    int transport;
    int end;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    boolean intact;

    /** One around no bytes; see {@link #wrap}. */
    public PacketBuffer() {}

    PacketBuffer(int capacity) {
        bytes = new byte[capacity];
        pooled = true;
    }

    /**
     * Makes this the packet in somebody's array, which is not copied.
     *
     * @param array lent until the next call
     */
    public PacketBuffer wrap(byte[] array, int offset, int count) {
        if (pooled) {
            throw new IllegalStateException("a pooled buffer has bytes of its own");
        }
        bytes = array;
        start = offset;
        length = count;
        end = count;
        return this;
    }

    /** Empties it, with so much room before it for headers that are put before it later. */
    public PacketBuffer reset(int headroom, int count) {
        if (headroom + count > bytes.length) {
            throw new IllegalArgumentException(headroom + " + " + count + " bytes do not fit into " + bytes.length);
        }
        start = headroom;
        length = count;
        end = count;
        intact = false;
        return this;
    }

    /** The face that may be shown to everybody. */
    public Packet packet() {
        return packet;
    }

    /** Its bytes are in this array from {@link #start()}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where in {@link #bytes()} it begins. */
    public int start() {
        return start;
    }

    /** Bytes from its first to its last. */
    public int length() {
        return length;
    }

    /** Makes room for a header before it, or, with a negative count, takes one away. */
    public PacketBuffer prepend(int count) {
        if (count > start || -count > length) {
            throw new IllegalArgumentException("no room for " + count + " bytes before a packet at " + start);
        }
        start -= count;
        length += count;
        end += count;
        return this;
    }

    /** Writes one byte. */
    public void put8(int at, int value) {
        bytes[start + at] = (byte) value;
    }

    /** Writes two bytes, the higher one first. */
    public void put16(int at, int value) {
        SHORT.set(bytes, start + at, (short) value);
    }

    /** Writes four bytes, the highest first. */
    public void put32(int at, int value) {
        INT.set(bytes, start + at, value);
    }

    /** Writes the lower six bytes of a hardware address, the highest first. */
    public void put48(int at, long value) {
        put16(at, (int) (value >>> 32));
        put32(at + 2, (int) value);
    }

    /** Writes eight bytes, the highest first: half of an IPv6 address. */
    public void put64(int at, long value) {
        LONG.set(bytes, start + at, value);
    }

    /** Copies bytes into it. */
    public void put(int at, byte[] from, int offset, int count) {
        System.arraycopy(from, offset, bytes, start + at, count);
    }

    /** Copies bytes of another packet into it. */
    public void put(int at, Packet from, int offset, int count) {
        from.copyTo(offset, bytes, start + at, count);
    }

    /** Notes the interface that it came by and where the network layer's header begins. */
    public void arrived(int interfaceIndex, int networkAt, boolean checked) {
        link = interfaceIndex;
        network = networkAt;
        intact = checked;
    }

    /** Notes where the transport's header begins and where the network layer's payload ends. */
    public void transport(int at, int endAt) {
        transport = at;
        end = endAt;
    }

    /** Notes between whom it goes. */
    public void addresses(long fromHigh, long fromLow, long toHigh, long toLow) {
        sourceHigh = fromHigh;
        sourceLow = fromLow;
        destinationHigh = toHigh;
        destinationLow = toLow;
    }

    static int u16(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at) & 0xFFFF;
    }

    static long i64(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static int i32(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }
}
