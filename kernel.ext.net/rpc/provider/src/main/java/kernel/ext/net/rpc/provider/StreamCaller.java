package kernel.ext.net.rpc.provider;

import java.io.IOException;
import java.util.Arrays;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrWriter;

/** Calls by TCP: a strand of its own reads answers. Thread-safe: records are written by its monitor. */
final class StreamCaller extends Caller {

    private final TcpConnection connection;
    private final Records records;

    StreamCaller(TcpConnection connection, Strands strands, Clock clock, int program, int version) {
        super(clock, program, version);
        this.connection = connection;
        records = new Records(connection);
        connection.setNoDelay(true);
        strands.fork("rpc, answers from " + connection.remoteAddress(), this::read);
    }

    private void read() {
        try {
            int length;
            while ((length = records.read()) >= 0) {
                byte[] answer = Arrays.copyOf(records.bytes(), length);
                if (length < 4) {
                    throw new XdrException("an answer of " + length + " bytes");
                }
                answered(answer[0] << 24 | (answer[1] & 0xFF) << 16 | (answer[2] & 0xFF) << 8 | answer[3] & 0xFF,
                        answer);
            }
            failed(new IOException("The server has ended the connection"));
        } catch (IOException e) {
            failed(e);
        }
        connection.close();
    }

    @Override
    synchronized void send(XdrWriter message) throws IOException {
        records.write(message);
    }

    @Override
    int room() {
        return 4;
    }

    @Override
    long again() {
        return Long.MAX_VALUE;
    }

    @Override
    public void close() {
        failed(new IOException("The client is closed"));
        connection.close();
    }
}
