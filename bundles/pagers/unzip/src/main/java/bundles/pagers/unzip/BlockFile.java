package bundles.pagers.unzip;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.Pager;

/**
 * Pages of what a gzip file of blocks has in it: BGZF, the format of {@code bgzip} (SAM/BAM Format Specification, 4.1), whose
 * members (RFC 1952) hold 64 KB at most and tell their length, so that a block is found without decompressing those before it.
 *
 * <p>The file is opened whenever a block is needed, for nobody tells a pager that it is not needed any more. Thread-safe: the
 * index never changes, and the monitor guards the block that was decompressed last, which serves several pages in turn.
 */
final class BlockFile implements Pager {

    private static final int HEADER = 12, TRAILER = 8, LARGEST = 1 << 16;
    private static final int MAGIC = 0x04088B1F;

    /** @param at where the member begins; @param size its bytes; @param content bytes that are in it */
    private record Block(long at, int size, int content) {}

    private final Path file;
    private final FileTime changed;
    private final int page;
    /** By the position of their first byte in what the file has in it. */
    private final TreeMap<Long, Block> index = new TreeMap<>();
    private final long length;
    private Block last;
    private byte[] contents;

    /**
     * Reads the lengths of all blocks.
     *
     * @param page bytes of a frame
     * @throws IOException it cannot be read, or has another format
     */
    BlockFile(Path file, int page) throws IOException {
        this.file = file;
        this.page = page;
        this.changed = Files.getLastModifiedTime(file);
        long position = 0;
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            for (long at = 0; at < channel.size();) {
                Block block = block(channel, at);
                if (block.content > 0) {
                    index.put(position, block);
                }
                position += block.content;
                at += block.size;
            }
        }
        length = position;
    }

    /** Bytes that are in it. */
    long length() {
        return length;
    }

    private Block block(SeekableByteChannel channel, long at) throws IOException {
        ByteBuffer header = read(channel, at, HEADER);
        if (header.getInt(0) != MAGIC) {
            throw new IOException(file + ": at byte " + at + " no block of a BGZF file begins: compress it with bgzip");
        }
        ByteBuffer extra = read(channel, at + HEADER, Short.toUnsignedInt(header.getShort(10)));
        while (extra.remaining() >= 4) {
            int name = extra.getShort();
            int bytes = Short.toUnsignedInt(extra.getShort());
            if (name == ('C' << 8 | 'B') && bytes == 2 && extra.remaining() >= 2) {
                int size = Short.toUnsignedInt(extra.getShort()) + 1;
                int content = read(channel, at + size - 4, 4).getInt();
                if (size > HEADER + TRAILER && content >= 0 && content <= LARGEST) {
                    return new Block(at, size, content);
                }
            }
            extra.position(Math.min(extra.limit(), extra.position() + bytes));
        }
        throw new IOException(
                file + ": the block at byte " + at + " does not tell its length: compress the file with bgzip");
    }

    private static ByteBuffer read(SeekableByteChannel channel, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        channel.position(at);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the last block is cut off");
            }
        }
        return buffer.flip();
    }

    @Override
    public synchronized void fill(long offset, Frame frame) throws IOException {
        int done = 0;
        while (done < page && offset + done < length) {
            Map.Entry<Long, Block> entry = index.floorEntry(offset + done);
            unpack(entry.getValue());
            int from = (int) (offset + done - entry.getKey());
            int part = Math.min(page - done, contents.length - from);
            frame.write(done, contents, from, part);
            done += part;
        }
    }

    private void unpack(Block block) throws IOException {
        if (block == last) {
            return;
        }
        if (!Files.getLastModifiedTime(file).equals(changed)) {
            throw new IOException(file + " was changed since it was mapped");
        }
        ByteBuffer packed;
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            packed = read(channel, block.at, block.size);
        }
        int start = HEADER + Short.toUnsignedInt(packed.getShort(10));
        byte[] bytes = new byte[block.content];
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(packed.array(), start, block.size - TRAILER - start);
            int got = 0;
            int more;
            while (got < bytes.length && (more = inflater.inflate(bytes, got, bytes.length - got)) > 0) {
                got += more;
            }
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (got < bytes.length || (int) sum.getValue() != packed.getInt(block.size - TRAILER)) {
                throw new IOException(file + ": the block at byte " + block.at + " is damaged");
            }
        } catch (DataFormatException e) {
            throw new IOException(file + ": the block at byte " + block.at + " is damaged", e);
        }
        last = block;
        contents = bytes;
    }
}
