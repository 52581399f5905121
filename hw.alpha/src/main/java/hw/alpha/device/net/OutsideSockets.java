package hw.alpha.device.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import kernel.core.machine.HostSockets;
import org.osgi.service.component.annotations.Component;

/** The host's sockets. Thread-safe: keeps nothing. */
@Component(service = HostSockets.class)
public final class OutsideSockets implements HostSockets {

    /** Made by Declarative Services. */
    public OutsideSockets() {}

    private record Door(ServerSocketChannel server, int port) implements Listener {
        @Override
        public ByteChannel accept() throws IOException {
            SocketChannel channel = server.accept();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return channel;
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                // it is gone in any case
            }
        }
    }

    @Override
    public Listener listen(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
            return new Door(server, ((InetSocketAddress) server.getLocalAddress()).getPort());
        } catch (IOException e) {
            server.close();
            throw new IOException("port " + port + " of this host: " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress place(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @Override
    public ByteChannel connect(String address, int port) throws IOException {
        SocketChannel channel = SocketChannel.open(place(address, port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    @Override
    public ByteChannel datagrams(String address, int port) throws IOException {
        return DatagramChannel.open().connect(place(address, port));
    }

    @Override
    public String resolver() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/resolv.conf"))) {
            return lines.map(line -> line.strip().split("\\s+")).filter(words -> words.length > 1
                    && words[0].equals("nameserver")).map(words -> words[1]).findFirst().orElse("127.0.0.1");
        } catch (IOException | UncheckedIOException e) {
            return "127.0.0.1";
        }
    }

    @Override
    public void shutdownOutput(ByteChannel channel) throws IOException {
        ((SocketChannel) channel).shutdownOutput();
    }
}
