package kernel.ext.net.api;

import java.util.Objects;

/**
 * A packet that may be read and not be written: what handlers of the graph's events are given. It is valid while the handler
 * runs; who wants to keep something copies it. Offsets count from the packet's first byte; reading beyond its end throws
 * {@link IndexOutOfBoundsException}.
 */
public final class Packet {

    private final PacketBuffer buffer;

    Packet(PacketBuffer buffer) {
        this.buffer = buffer;
    }

    /** Bytes in all, headers and padding included. */
    public int length() {
        return buffer.length;
    }

    private int at(int offset, int count) {
        Objects.checkFromIndexSize(offset, count, buffer.length);
        return buffer.start + offset;
    }

    /** The byte there, 0 to 255. */
    public int u8(int offset) {
        return buffer.bytes[at(offset, 1)] & 0xFF;
    }

    /** The two bytes there, the higher one first. */
    public int u16(int offset) {
        return PacketBuffer.u16(buffer.bytes, at(offset, 2));
    }

    /** The four bytes there, the highest first. */
    public int i32(int offset) {
        return PacketBuffer.i32(buffer.bytes, at(offset, 4));
    }

    /** The six bytes there, the highest first: a hardware address. */
    public long u48(int offset) {
        return (long) u16(offset) << 32 | i32(offset + 2) & 0xFFFF_FFFFL;
    }

    /** The eight bytes there, the highest first: half of an IPv6 address. */
    public long i64(int offset) {
        return PacketBuffer.i64(buffer.bytes, at(offset, 8));
    }

    /** Copies bytes out of it. */
    public void copyTo(int offset, byte[] to, int toOffset, int count) {
        System.arraycopy(buffer.bytes, at(offset, count), to, toOffset, count);
    }

    /** Adds bytes of it to an Internet checksum. */
    public long sum(long sum, int offset, int count) {
        return Checksum.add(sum, buffer.bytes, at(offset, count), count);
    }

    /** Index of the interface that it came by. */
    public int interfaceIndex() {
        return buffer.link;
    }

    /** Where the network layer's header begins. */
    public int network() {
        return buffer.network;
    }

    /** Where the transport's header begins. */
    public int transport() {
        return buffer.transport;
    }

    /** Where the network layer's payload ends: what comes after it is padding. */
    public int end() {
        return buffer.end;
    }

    /** Higher half of the sender's address. */
    public long sourceHigh() {
        return buffer.sourceHigh;
    }

    /** Lower half of the sender's address. */
    public long sourceLow() {
        return buffer.sourceLow;
    }

    /** Higher half of the receiver's address. */
    public long destinationHigh() {
        return buffer.destinationHigh;
    }

    /** Lower half of the receiver's address. */
    public long destinationLow() {
        return buffer.destinationLow;
    }

    /** The sender's address. */
    public IpAddress source() {
        return new IpAddress(buffer.sourceHigh, buffer.sourceLow);
    }

    /** The receiver's address. */
    public IpAddress destination() {
        return new IpAddress(buffer.destinationHigh, buffer.destinationLow);
    }

    /** Whether it came by a wire that cannot have changed it, so that transports need not check their sums. */
    public boolean intact() {
        return buffer.intact;
    }
}
