package hw.alpha.device.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A stream of frames to another process, each after its length in four bytes, the highest first. Whoever sends writes at once; what the
 * socket does not take waits in a buffer, which the segment's thread empties. Thread-safe: sending by its monitor; one
 * thread reads.
 */
final class SegmentStream {

    /** What may wait to be written. */
    private static final int ROOM = 1 << 20;

    /** Who is given frames. */
    @FunctionalInterface
    interface Frames {
        /** A frame came; the bytes are lent while this runs. */
        void came(SegmentStream from, byte[] frame, int offset, int length);
    }

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer input = ByteBuffer.allocate(4 * Segment.LONGEST);
    private final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);
    private long lost;

    SegmentStream(SocketChannel channel, Selector selector) throws IOException {
        this.channel = channel;
        this.selector = selector;
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Does what the socket is ready for. @return false if the other side is gone, or does not speak our language */
    boolean serve(SelectionKey ready, Frames frames) {
        try {
            if (ready.isWritable()) {
                flush();
            }
            return !ready.isReadable() || read(frames);
        } catch (IOException | CancelledKeyException e) {
            return false;
        }
    }

    private boolean read(Frames frames) throws IOException {
        if (channel.read(input) < 0) {
            return false;
        }
        input.flip();
        while (input.remaining() >= 4) {
            int length = input.getInt(input.position());
            if (length <= 0 || length > Segment.LONGEST) {
                return false;
            }
            if (input.remaining() < 4 + length) {
                break;
            }
            frames.came(this, input.array(), input.position() + 4, length);
            input.position(input.position() + 4 + length);
        }
        input.compact();
        return true;
    }

    synchronized void send(byte[] frame, int offset, int length) {
        if (output.remaining() < 4 + length || length > Segment.LONGEST) {
            lost++;
            return;
        }
        boolean waits = output.position() > 0;
        output.putInt(length).put(frame, offset, length);
        if (waits) {
            return; // the thread is told when the socket takes more
        }
        try {
            write();
            if (output.position() > 0) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
                selector.wakeup();
            }
        } catch (IOException | CancelledKeyException | ClosedSelectorException e) {
            output.clear(); // the thread learns of it when it reads
            lost++;
        }
    }

    private void write() throws IOException {
        output.flip();
        try {
            channel.write(output);
        } finally {
            output.compact();
        }
    }

    private synchronized void flush() throws IOException {
        write();
        if (output.position() == 0) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
        }
    }

    synchronized long lost() {
        return lost;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone in any case
        }
    }
}
