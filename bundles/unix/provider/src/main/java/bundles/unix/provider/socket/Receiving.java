package bundles.unix.provider.socket;

import bundles.unix.provider.file.OpenFile;
import java.util.List;

/** Room for something to be received, and what was (recvmsg(2)). Used by one strand. */
public final class Receiving {

    final byte[] bytes;
    final int offset;
    final int length;
    final boolean peek;
    int count;
    int whole;
    byte[] from;
    List<OpenFile> files = List.of();
    Credentials credentials;
    boolean record;

    /**
     * Room.
     *
     * @param bytes where the data goes
     * @param offset of its first byte
     * @param length how many at most
     * @param peek whether it is to stay where it is (MSG_PEEK)
     */
    public Receiving(byte[] bytes, int offset, int length, boolean peek) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.peek = peek;
    }

    /** Where the data goes. */
    public byte[] bytes() {
        return bytes;
    }

    /** Place of its first byte. */
    public int offset() {
        return offset;
    }

    /** How many bytes there is room for. */
    public int length() {
        return length;
    }

    /** Whether it is to stay where it is. */
    public boolean peek() {
        return peek;
    }

    /**
     * Says what was received.
     *
     * @param received bytes that were put into the room
     * @param length of the whole message, or what was received
     * @param sender a {@code struct sockaddr}, or null
     */
    public void set(int received, int length, byte[] sender) {
        count = received;
        whole = length;
        from = sender;
    }

    /** Bytes of the whole message, which may be more than there was room for. */
    public int whole() {
        return whole;
    }

    /** Whether the message was longer than the room. */
    public boolean truncated() {
        return whole > count;
    }

    /** Who sent it, a {@code struct sockaddr}; null if that is not told. */
    public byte[] from() {
        return from;
    }

    /** Files that came with it; the receiver has a reference of each. */
    public List<OpenFile> files() {
        return files;
    }

    /** Who sent it; null if that is not told. */
    public Credentials credentials() {
        return credentials;
    }

    /** Whether it is a record of its own (MSG_EOR). */
    public boolean record() {
        return record;
    }
}
