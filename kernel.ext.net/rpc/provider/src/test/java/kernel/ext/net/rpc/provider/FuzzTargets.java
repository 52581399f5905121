package kernel.ext.net.rpc.provider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/** What a fuzzer calls that is guided by coverage ({@code run/fuzz --jazzer Rpc}), and what it begins with. */
final class FuzzTargets {

    private static final int PROGRAM = 0x2000_0001;

    private FuzzTargets() {}

    /** A stream of records, each of which is served as a call and read as an answer. */
    static final class Rpc {
        private Rpc() {}

        /** Called by the fuzzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            ByteArrayInputStream in = new ByteArrayInputStream(input);
            TcpConnection stream = (TcpConnection) Proxy.newProxyInstance(Rpc.class.getClassLoader(),
                    new Class<?>[]{TcpConnection.class},
                    (_, method, a) -> method.getName().equals("read")
                            ? in.read((byte[]) a[0], (int) a[1], (int) a[2])
                            : null);
            Records records = new Records(stream);
            Programs programs = new Programs();
            programs.add(new Programs.Program(PROGRAM, 1, 1, "all kinds", (_, arguments, results) -> {
                results.putInt(arguments.getInt()).putLong(arguments.getLong()).putBoolean(arguments.getBoolean())
                        .putDouble(arguments.getDouble()).putString(arguments.getString(50));
                byte[] bytes = arguments.getOpaque(100);
                results.putOpaque(bytes, 0, bytes.length);
                for (int i = arguments.count(16); i > 0; i--) {
                    results.putFloat(arguments.getFloat());
                }
            }));
            try {
                for (int length = records.read(); length >= 0; length = records.read()) {
                    one(programs, Arrays.copyOf(records.bytes(), length));
                }
            } catch (XdrException e) {
                return; // no record
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void one(Programs programs, byte[] message) {
            XdrWriter out = new XdrWriter();
            XdrReader call = new XdrReader(message, 0, message.length);
            if (programs.serve(call, out, IpAddress.LOOPBACK, 9, RpcTransport.TCP)) {
                if (out.length() % 4 != 0 || out.length() < 16) {
                    throw new IllegalStateException("an answer of " + out.length() + " bytes");
                }
                answer(Arrays.copyOf(out.bytes(), out.length()), true);
            }
            answer(message, false);
        }

        private static void answer(byte[] bytes, boolean ours) {
            XdrReader in = new XdrReader(bytes, 0, bytes.length);
            try {
                in.getInt();
                Messages.results(in);
            } catch (XdrException e) {
                if (ours) {
                    throw new IllegalStateException(e);
                }
            } catch (RpcException e) {
                if (ours && e.reason() == RpcException.Reason.GARBAGE_ANSWER) {
                    throw new IllegalStateException("our own answer cannot be understood", e);
                }
            }
        }
    }

    private static void record(XdrWriter of, List<byte[]> to) {
        byte[] all = new byte[4 + of.length()];
        System.arraycopy(of.bytes(), 0, all, 4, of.length());
        all[0] = (byte) 0x80;
        all[2] = (byte) (of.length() >> 8);
        all[3] = (byte) of.length();
        to.add(all);
    }

    /** Calls and answers as records, alone and all in a row. */
    static List<byte[]> seeds() {
        List<byte[]> all = new ArrayList<>();
        for (int procedure = 0; procedure < 2; procedure++) {
            XdrWriter call = new XdrWriter();
            Messages.call(call, 7, PROGRAM, 1, procedure);
            call.putInt(1).putLong(2).putBoolean(true).putDouble(3).putString("four").putOpaque(new byte[5], 0, 5)
                    .putInt(1).putFloat(6);
            record(call, all);
        }
        XdrWriter other = new XdrWriter();
        Messages.call(other, 8, PROGRAM, 9, 1);
        record(other, all);
        XdrWriter credentials = new XdrWriter().putInt(9).putInt(Messages.CALL).putInt(Messages.VERSION).putInt(PROGRAM)
                .putInt(1).putInt(1).putInt(Messages.AUTH_SYS).putInt(20).putInt(1).putString("me").putInt(0).putInt(0)
                .putInt(0).putInt(0);
        record(credentials, all);
        record(Messages.accepted(new XdrWriter(), 7, Messages.SUCCESS), all);
        record(Messages.accepted(new XdrWriter(), 7, Messages.PROG_MISMATCH).putInt(1).putInt(2), all);
        XdrWriter denied = new XdrWriter();
        Messages.denied(denied, 7, Messages.RPC_MISMATCH, 2, 2);
        record(denied, all);
        int total = all.stream().mapToInt(one -> one.length).sum();
        byte[] row = new byte[total];
        int at = 0;
        for (byte[] one : all) {
            System.arraycopy(one, 0, row, at, one.length);
            at += one.length;
        }
        all.add(row);
        return all;
    }

    /** @param args target, and the folder in which its seeds are put */
    public static void main(String[] args) throws IOException {
        List<byte[]> all = seeds();
        for (int i = 0; i < all.size(); i++) {
            Files.write(Path.of(args[1], "seed" + i), all.get(i));
        }
    }
}
