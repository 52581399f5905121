package bundles.pagers.shared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import kernel.ext.net.api.TcpConnection;

/**
 * What two kernels say to each other about one segment. In the stream, numbers in network order: the length of what follows (32 bits), the
 * kind (8), the rights (8), the offset (64), the body.
 *
 * @param kind what it means
 * @param offset of a page
 * @param rights of a page
 * @param body contents of a page, or a text, or empty
 */
record Message(Kind kind, long offset, int rights, byte[] body) {

    /** What a message means. Up to {@link #RETURN}, a member says it, with {@link #ALIVE} both. */
    enum Kind {
        /** The first: wants to be a member of the segment that the body names; the offset is the size of a page. */
        JOIN,
        /** Nothing more comes. */
        LEAVE,
        /** {@link Manager#request}. */
        REQUEST,
        /** {@link Manager#returned}. */
        RETURN,
        /** The answer to {@link #JOIN}. */
        WELCOME,
        /** {@link Member#grant}. */
        GRANT,
        /** {@link Member#recall}. */
        RECALL,
        /** {@link Member#refuse}. */
        REFUSE,
        /** {@link Member#end}. */
        END,
        /** Nothing, but that the other side is there. */
        ALIVE
    }

    private static final int HEAD = 10;
    private static final int LONGEST = 1 << 17;
    private static final byte[] NOTHING = {};

    static Message of(Kind kind) {
        return new Message(kind, 0, 0, NOTHING);
    }

    static Message text(Kind kind, long offset, String text) {
        return new Message(kind, offset, 0, text.getBytes(StandardCharsets.UTF_8));
    }

    static Message page(Kind kind, long offset, int rights, byte[] contents) {
        return new Message(kind, offset, rights, contents == null ? NOTHING : contents);
    }

    /** The body as contents of a page, or null if it is empty. */
    byte[] contents() {
        return body.length == 0 ? null : body;
    }

    /** The body as a text. */
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Waits for the next message. @throws IOException there is none, or it is none of ours */
    static Message read(TcpConnection from) throws IOException {
        int length = read(from, 4).getInt();
        if (length < HEAD || length > LONGEST) {
            throw new IOException("a message of " + length + " bytes");
        }
        ByteBuffer bytes = read(from, length);
        int kind = bytes.get();
        if (kind < 0 || kind >= Kind.values().length) {
            throw new IOException("a message of kind " + kind);
        }
        int rights = bytes.get();
        long offset = bytes.getLong();
        byte[] body = new byte[bytes.remaining()];
        bytes.get(body);
        return new Message(Kind.values()[kind], offset, rights, body);
    }

    private static ByteBuffer read(TcpConnection from, int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            int some = from.read(bytes, have, count - have);
            if (some < 0) {
                throw new IOException("the other side has closed the connection");
            }
            have += some;
        }
        return ByteBuffer.wrap(bytes);
    }

    /** Sends it. */
    void write(TcpConnection to) throws IOException {
        byte[] bytes = new byte[4 + HEAD + body.length];
        ByteBuffer.wrap(bytes).putInt(HEAD + body.length).put((byte) kind.ordinal()).put((byte) rights).putLong(offset)
                .put(body);
        to.write(bytes, 0, bytes.length);
    }
}
