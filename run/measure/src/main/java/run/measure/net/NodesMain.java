package run.measure.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.rpc.api.RpcClient;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrWriter;

/**
 * Measures between processes. Arguments: what ({@code udp}, {@code udp-handlers}, {@code udp-atm}, {@code rpc}, {@code rpc-atm}, {@code am}, {@code forward},
 * {@code connect}, {@code java}), milliseconds. Prints nanoseconds of a round trip, or of a connection. Starts the other processes itself.
 */
public final class NodesMain {

    private static final long SECOND = 1_000_000_000L;
    /** Exchanges by handlers alone between two waits. */
    private static final int TOGETHER = 1000;

    private NodesMain() {}

    /** Something that is done again and again. */
    @FunctionalInterface
    private interface Trip {
        void go() throws Exception;
    }

    /** Ends the virtual machine. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "-serve" -> Node.serve(Path.of(args[1]));
            case "-forward" -> Node.forward(Path.of(args[1]));
            case "-java" -> echo();
            default -> measure(args[0], Long.parseLong(args[1]));
        }
    }

    private static Process child(String what, Path folder) throws IOException {
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), NodesMain.class.getName(), what, folder.toString()));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void measure(String what, long span) throws Exception {
        Path folder = Files.createTempDirectory("nodes");
        List<Process> children = new ArrayList<>();
        try {
            String first = "";
            for (String one : what.equals("java")
                    ? List.of("-java")
                    : what.equals("forward") ? List.of("-serve", "-forward") : List.of("-serve")) {
                children.add(child(one, folder));
                first = children.getLast().inputReader().readLine();
            }
            System.out.println(time(trip(what, folder, first), span) / (what.equals("udp-handlers") ? TOGETHER : 1));
        } finally {
            children.forEach(Process::destroyForcibly);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        }
        System.exit(0);
    }

    private static double time(Trip trip, long span) throws Exception {
        for (long warm = System.nanoTime() + 3 * SECOND; System.nanoTime() < warm;) {
            trip.go();
        }
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(span);
        long trips = 0;
        long now = start;
        while (now < end) {
            trip.go();
            trips++;
            now = System.nanoTime();
        }
        return (double) (now - start) / trips;
    }

    private static Trip trip(String what, Path folder, String said) throws Exception {
        if (what.equals("java")) {
            return sockets(Integer.parseInt(said));
        }
        Node node = new Node(folder, 2);
        IpAddress server = Node.address(what.endsWith("atm") ? 2 : 9, what.equals("forward") ? 3 : 1);
        for (int i = 0; node.network.ping(server, 64, 16, SECOND / 5) == null; i++) {
            if (i == 50) {
                throw new IOException(server + " does not answer: " + node.network.interfaces());
            }
        }
        return switch (what) {
            case "udp", "udp-atm", "forward" -> datagrams(node, server);
            case "udp-handlers" -> handlers(node, server);
            case "rpc", "rpc-atm" -> {
                RpcClient client = node.rpc.client(RpcTransport.UDP, server, Node.RPC, Node.PROGRAM, 1, SECOND);
                XdrWriter nothing = new XdrWriter();
                yield () -> client.call(0, nothing, 10 * SECOND);
            }
            case "am" -> {
                ActiveMessages.Peer peer = node.messages.find(server, SECOND);
                yield () -> node.echo.roundTrip(peer, 16, SECOND);
            }
            case "connect" -> () -> connect(node, server);
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static void connect(Node node, IpAddress server) throws IOException {
        TcpConnection connection = node.network.connect(server, Node.DOOR, 10 * SECOND);
        connection.shutdownOutput();
        connection.read(new byte[1], 0, 1); // until the server has ended it as well
        connection.abort(); // its port is wanted again soon
    }

    private static Trip datagrams(Node node, IpAddress server) throws IOException {
        Semaphore arrived = new Semaphore(0);
        UdpEndpoint client = node.network.bind(0, "client", (_, _, _) -> {
            arrived.release();
            return true;
        });
        byte[] question = new byte[16];
        return () -> {
            client.send(server, Node.ECHO, question, 0, question.length);
            arrived.tryAcquire(1, TimeUnit.SECONDS); // one that is lost costs a second
        };
    }

    /** The application is its handler: what comes is answered in the strand that brings it, a thousand times; this strand waits for the last. */
    private static Trip handlers(Node node, IpAddress server) throws IOException {
        Semaphore arrived = new Semaphore(0);
        byte[] question = new byte[16];
        int[] left = new int[1];
        UdpEndpoint[] client = new UdpEndpoint[1];
        client[0] = node.network.bind(0, "client", (_, _, _) -> {
            if (--left[0] == 0) {
                arrived.release();
                return true;
            }
            try {
                client[0].send(server, Node.ECHO, question, 0, question.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        });
        return () -> {
            left[0] = TOGETHER;
            client[0].send(server, Node.ECHO, question, 0, question.length);
            if (!arrived.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IOException("A datagram was lost");
            }
        };
    }

    private static void echo() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            System.out.println(socket.getLocalPort());
            DatagramPacket packet = new DatagramPacket(new byte[16], 16);
            while (true) {
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }

    @SuppressWarnings("resource") // open until the process ends
    private static Trip sockets(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramPacket question = new DatagramPacket(new byte[16], 16, InetAddress.getLoopbackAddress(), port);
        DatagramPacket answer = new DatagramPacket(new byte[16], 16);
        return () -> {
            try {
                socket.send(question);
                socket.receive(answer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
