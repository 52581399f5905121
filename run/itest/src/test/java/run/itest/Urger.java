package run.itest;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client by the host's sockets that sends a byte out of band between others, and says what comes to it in band. */
final class Urger {

    private Urger() {}

    /** Arguments: address, port. */
    public static void main(String[] args) throws IOException {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.getOutputStream().write("before".getBytes(StandardCharsets.US_ASCII));
            socket.sendUrgentData('!');
            socket.getOutputStream().write("after".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            System.out.println(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }
}
