package hw.alpha.device.net;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.machine.AtmAdapter;
import kernel.core.machine.NetworkAdapter;

/**
 * An ATM adapter on any wire: what the wire carries are trains of cells, of one cell each where the wire has faults, so that
 * cells and not packets meet them. Sending by a monitor, which has the buffers; receiving in the wire's thread. Thread-safe.
 */
final class AtmCard implements AtmAdapter, Switchable {

    /** Cells of a train: about as many as an Ethernet frame is long. */
    private static final int TRAIN = 28;
    private static final int PDU = Aal5.cells(LONGEST) * AtmCell.PAYLOAD;

    /** A circuit's packet that is not whole. */
    private static final class Circuit {
        byte[] pdu = new byte[2048];
        int have;
        boolean spoiled;
        volatile boolean closed;
    }

    private final NetworkAdapter wire;
    private final int mtu;
    private final int train;
    private final ConcurrentHashMap<Integer, Circuit> open = new ConcurrentHashMap<>();
    private volatile Receiver receiver;
    private final byte[] pdu = new byte[PDU];
    private final byte[] cells;
    private final AtomicLong sent = new AtomicLong();
    // of the wire's thread alone; whoever asks for details may see older counts
    private int latestKey = -1;
    private Circuit latest = new Circuit();
    private long came;
    private long corrected;
    private long badHeaders;
    private long badSums;
    private long badLengths;
    private long unwanted;

    AtmCard(NetworkAdapter wire, int mtu, boolean faults) {
        this.wire = wire;
        this.mtu = mtu;
        train = faults ? 1 : TRAIN;
        cells = new byte[train * AtmCell.LENGTH];
    }

    @Override
    public void off() {
        ((Switchable) wire).off();
    }

    @Override
    public String name() {
        return wire.name();
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public boolean intact() {
        return wire.intact();
    }

    private static int key(int vpi, int vci) {
        if (vpi < 0 || vpi > 255 || vci < 0 || vci > 65535) {
            throw new IllegalArgumentException(vpi + "." + vci + " is no circuit: 0.0 to 255.65535 are");
        }
        return vpi << 16 | vci;
    }

    @Override
    public void open(int vpi, int vci) {
        open.putIfAbsent(key(vpi, vci), new Circuit());
    }

    @Override
    public void close(int vpi, int vci) {
        Circuit circuit = open.remove(key(vpi, vci));
        if (circuit != null) {
            circuit.closed = true;
        }
    }

    @Override
    public void transmit(int vpi, int vci, byte[] packet, int offset, int length) {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException(length + " bytes: 1 to " + LONGEST + " go over ATM");
        }
        synchronized (pdu) {
            System.arraycopy(packet, offset, pdu, 0, length);
            int all = Aal5.close(pdu, length);
            int count = 0;
            for (int at = 0; at < all; at += AtmCell.PAYLOAD) {
                boolean last = at + AtmCell.PAYLOAD == all;
                AtmCell.header(cells, count * AtmCell.LENGTH, vpi, vci, last);
                System.arraycopy(pdu, at, cells, count * AtmCell.LENGTH + AtmCell.HEADER, AtmCell.PAYLOAD);
                if (++count == train || last) {
                    wire.transmit(cells, 0, count * AtmCell.LENGTH);
                    count = 0;
                }
            }
            sent.addAndGet(all / AtmCell.PAYLOAD);
        }
    }

    @Override
    public void connect(Receiver to) {
        receiver = to;
        wire.connect(to == null ? null : this::train);
    }

    private void train(byte[] bytes, int offset, int length) {
        for (int at = offset; at + AtmCell.LENGTH <= offset + length; at += AtmCell.LENGTH) {
            cell(bytes, at);
        }
    }

    private void cell(byte[] bytes, int at) {
        came++;
        int check = AtmCell.check(bytes, at);
        if (check < 0) {
            badHeaders++;
            return;
        }
        corrected += check;
        int vpi = AtmCell.vpi(bytes, at);
        int vci = AtmCell.vci(bytes, at);
        Circuit circuit = circuit(vpi << 16 | vci);
        if (circuit == null || !AtmCell.user(bytes, at)) {
            unwanted++;
            return;
        }
        if (circuit.have + AtmCell.PAYLOAD > PDU) {
            circuit.spoiled = true; // a last cell was lost, and this is more than any packet
            circuit.have = 0;
        }
        if (circuit.have + AtmCell.PAYLOAD > circuit.pdu.length) {
            circuit.pdu = java.util.Arrays.copyOf(circuit.pdu, Math.min(PDU, 2 * circuit.pdu.length));
        }
        System.arraycopy(bytes, at + AtmCell.HEADER, circuit.pdu, circuit.have, AtmCell.PAYLOAD);
        circuit.have += AtmCell.PAYLOAD;
        if (AtmCell.last(bytes, at)) {
            whole(circuit, vpi, vci);
        }
    }

    private Circuit circuit(int key) {
        if (key != latestKey || latest.closed) {
            Circuit found = open.get(key);
            if (found == null) {
                return null;
            }
            latest = found;
            latestKey = key;
        }
        return latest;
    }

    private void whole(Circuit circuit, int vpi, int vci) {
        int length = circuit.spoiled ? -2 : Aal5.length(circuit.pdu, circuit.have);
        circuit.have = 0;
        circuit.spoiled = false;
        badSums += length == -1 ? 1 : 0;
        badLengths += length == -2 ? 1 : 0;
        Receiver to = receiver;
        if (length > 0 && to != null) {
            to.received(vpi, vci, circuit.pdu, 0, length);
        }
    }

    @Override
    public String details() {
        return wire.details() + "; cells " + sent + " sent, " + came + " came" + text(corrected, "headers corrected")
                + text(badHeaders, "headers damaged") + text(unwanted, "of no circuit of ours")
                + text(badSums, "packets of which cells were lost or damaged") + text(badLengths, "of wrong length");
    }

    private static String text(long count, String what) {
        return count == 0 ? "" : ", " + count + " " + what;
    }
}
