package hw.alpha.device.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A segment by a UNIX socket: one process listens, which is the one that holds the lock of the file {@code PATH.lock}, and sends what
 * it is sent on to the others. Streams, of frames each with its length before it. Thread-safe: its thread accepts and reads,
 * whoever sends writes.
 */
final class UnixSegment extends Segment {

    private final Path path;
    private final UnixDomainSocketAddress address;
    private final List<SegmentStream> streams = new CopyOnWriteArrayList<>();
    private volatile Selector selector;
    private volatile String role = "not there yet";
    private long lost;

    UnixSegment(String path, FaultyLine.Exit arrivals) {
        super("unix:" + path, arrivals);
        this.path = Path.of(path);
        address = UnixDomainSocketAddress.of(this.path);
    }

    @Override
    void serve() throws IOException {
        try (Selector own = Selector.open()) {
            selector = own;
            try {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(address);
                } catch (IOException e) {
                    channel.close();
                    listen(own);
                    return;
                }
                add(own, channel);
                role = "connected";
                loop(own, null);
            } finally {
                role = "cut";
                streams.forEach(SegmentStream::close);
                streams.clear();
                selector = null;
            }
        }
    }

    private void listen(Selector own) throws IOException {
        Path guard = path.resolveSibling(path.getFileName() + ".lock");
        try (FileChannel file = FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(file);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (lock == null) {
                return; // somebody else begins to listen at this moment
            }
            Files.deleteIfExists(path); // whoever listened there is gone
            server.bind(address);
            server.configureBlocking(false);
            server.register(own, SelectionKey.OP_ACCEPT);
            role = "listens";
            loop(own, server);
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new IOException("nobody can listen at " + path + ": " + e, e);
        }
    }

    private static FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // by another adapter of this process
        }
    }

    private void add(Selector own, SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        streams.add(new SegmentStream(channel, own));
    }

    /** Serves until it is switched off, or, if it does not listen itself, until the other side is gone. */
    private void loop(Selector own, ServerSocketChannel server) throws IOException {
        while (!off) {
            own.select();
            for (SelectionKey key : own.selectedKeys()) {
                if (key.channel() == server) {
                    admit(own, server);
                } else if (!((SegmentStream) key.attachment()).serve(key, this::frame)) {
                    drop((SegmentStream) key.attachment());
                }
            }
            own.selectedKeys().clear();
            if (server == null && streams.isEmpty()) {
                return;
            }
        }
    }

    private void admit(Selector own, ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null && streams.size() >= MOST) {
            channel.close();
        } else if (channel != null) {
            add(own, channel);
        }
    }

    private void drop(SegmentStream stream) {
        streams.remove(stream);
        synchronized (this) {
            lost += stream.lost();
        }
        stream.close();
    }

    private void frame(SegmentStream from, byte[] frame, int offset, int length) {
        for (SegmentStream one : streams) {
            if (one != from) {
                one.send(frame, offset, length);
            }
        }
        arrived(frame, offset, length);
    }

    @Override
    void send(byte[] frame, int offset, int length) {
        List<SegmentStream> all = streams;
        if (all.isEmpty() && !role.equals("listens")) {
            synchronized (this) {
                lost++;
            }
        }
        for (SegmentStream one : all) {
            one.send(frame, offset, length);
        }
    }

    @Override
    public void off() {
        off = true;
        Selector own = selector;
        if (own != null) {
            own.wakeup();
        }
    }

    @Override
    String details() {
        long all;
        synchronized (this) {
            all = lost;
        }
        for (SegmentStream one : streams) {
            all += one.lost();
        }
        return this + ", " + role + (role.equals("listens") ? ", others: " + streams.size() : "")
                + (all > 0 ? ", no room for " + all : "");
    }

    @Override
    public String toString() {
        return "wire unix:" + path;
    }
}
