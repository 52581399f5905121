package run.itest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A program for the peer's side: opens many connections, uses all of them while all are open, and then again. */
final class Crowd {

    private Crowd() {}

    /** @param args address, port, how many */
    public static void main(String[] args) throws IOException {
        int count = Integer.parseInt(args[2]);
        List<SocketChannel> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(SocketChannel.open(new InetSocketAddress(args[0], Integer.parseInt(args[1]))));
        }
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < count; i++) {
                all.get(i).write(ByteBuffer.allocate(8).putInt(i).putInt(round).flip());
            }
            for (int i = 0; i < count; i++) {
                ByteBuffer answer = ByteBuffer.allocate(8);
                while (answer.hasRemaining() && all.get(i).read(answer) >= 0) {
                    continue;
                }
                if (answer.getInt(0) != i || answer.getInt(4) != round) {
                    throw new IOException("connection " + i + " got " + answer.getInt(0) + ", " + answer.getInt(4));
                }
            }
        }
        for (SocketChannel one : all) {
            one.close();
        }
        System.out.println("held " + count);
    }
}
