package hw.alpha.device.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kernel.core.machine.NetworkAdapter;

/** What a fuzzer calls that is guided by coverage ({@code run/fuzz --jazzer Cells}), and what it begins with. */
final class FuzzTargets {

    private static final int VPI = 0, VCI = 100;

    private FuzzTargets() {}

    /** Runs of cells on a wire, each after its length in two bytes; then a good packet, which must come whole. */
    static final class Cells {
        private Cells() {}

        /** Called by the fuzzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            Wire wire = new Wire();
            AtmCard card = new AtmCard(wire.adapter, 9180, true);
            List<byte[]> came = new ArrayList<>();
            card.connect((vpi, vci, packet, offset, length) -> {
                if (vpi != VPI || vci != VCI || length < 1) {
                    throw new IllegalStateException(length + " bytes of " + vpi + "." + vci + ", which is not open");
                }
                came.add(Arrays.copyOfRange(packet, offset, offset + length));
            });
            card.open(VPI, VCI);
            for (int at = 0; at + 2 <= input.length;) {
                int length = Math.min((input[at] & 0xFF) << 8 | input[at + 1] & 0xFF, input.length - at - 2);
                wire.receiver.received(input, at + 2, length);
                at += 2 + length;
            }
            byte[] good = {1, 2, 3};
            for (int i = 0; i < 2; i++) { // the first may end a packet that began before
                wire.sent.reset();
                card.transmit(VPI, VCI, good, 0, good.length);
                byte[] cells = wire.sent.toByteArray();
                wire.receiver.received(cells, 0, cells.length);
            }
            if (came.isEmpty() || !Arrays.equals(good, came.getLast())) {
                throw new IllegalStateException("a good packet is lost after noise");
            }
        }
    }

    /** A wire that keeps what is sent. */
    private static final class Wire {
        private NetworkAdapter.Receiver receiver;
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private final NetworkAdapter adapter = (NetworkAdapter) Proxy.newProxyInstance(Wire.class.getClassLoader(),
                new Class<?>[]{NetworkAdapter.class}, (_, method, a) -> switch (method.getName()) {
                    case "connect" -> {
                        receiver = (NetworkAdapter.Receiver) a[0];
                        yield null;
                    }
                    case "transmit" -> {
                        sent.write((byte[]) a[0], (int) a[1], (int) a[2]);
                        yield null;
                    }
                    case "mtu" -> 65535;
                    case "name" -> "atm0";
                    case "address" -> 0L;
                    case "intact" -> false;
                    default -> null;
                });
    }

    /** Packets as cells: whole, without their last cell, two in a row, of a circuit that is not open. */
    static List<byte[]> seeds() {
        List<byte[]> all = new ArrayList<>();
        Wire wire = new Wire();
        AtmCard card = new AtmCard(wire.adapter, 9180, true);
        for (int length : new int[]{1, 40, 41, 200, 1500}) {
            for (int vci : new int[]{VCI, VCI + 1}) {
                wire.sent.reset();
                card.transmit(VPI, vci, new byte[length], 0, length);
                byte[] cells = wire.sent.toByteArray();
                all.add(with(cells, cells.length));
                all.add(with(cells, cells.length - AtmCell.LENGTH));
                all.add(with(cells, cells.length - 7));
            }
        }
        return all;
    }

    private static byte[] with(byte[] cells, int length) {
        byte[] one = new byte[2 + Math.max(0, length)];
        one[0] = (byte) (length >> 8);
        one[1] = (byte) length;
        System.arraycopy(cells, 0, one, 2, one.length - 2);
        return one;
    }

    /** @param args target, and the folder in which its seeds are put */
    public static void main(String[] args) throws IOException {
        List<byte[]> all = seeds();
        for (int i = 0; i < all.size(); i++) {
            Files.write(Path.of(args[1], "seed" + i), all.get(i));
        }
    }
}
