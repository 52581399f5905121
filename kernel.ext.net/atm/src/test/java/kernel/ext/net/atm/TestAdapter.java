package kernel.ext.net.atm;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import kernel.core.machine.AtmAdapter;

/** One of two adapters on a wire that carries packets when it is told to. */
final class TestAdapter implements AtmAdapter {

    private record Carried(int vpi, int vci, byte[] packet) {}

    private final String name;
    private final Set<Integer> open = new HashSet<>();
    private final ArrayDeque<Carried> carried = new ArrayDeque<>();
    private Receiver receiver;
    TestAdapter other;

    TestAdapter(String name) {
        this.name = name;
    }

    static TestAdapter[] pair() {
        TestAdapter[] both = {new TestAdapter("atm0"), new TestAdapter("atm1")};
        both[0].other = both[1];
        both[1].other = both[0];
        return both;
    }

    /** Carries what was sent to the other end. @return whether there was anything */
    boolean pump() {
        Carried one = carried.poll();
        if (one != null && other.receiver != null && other.open.contains(one.vpi << 16 | one.vci)) {
            other.receiver.received(one.vpi, one.vci, one.packet, 0, one.packet.length);
        }
        return one != null;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mtu() {
        return 9180;
    }

    @Override
    public boolean intact() {
        return false;
    }

    @Override
    public void open(int vpi, int vci) {
        open.add(vpi << 16 | vci);
    }

    @Override
    public void close(int vpi, int vci) {
        open.remove(vpi << 16 | vci);
    }

    @Override
    public void transmit(int vpi, int vci, byte[] packet, int offset, int length) {
        carried.add(new Carried(vpi, vci, Arrays.copyOfRange(packet, offset, offset + length)));
    }

    @Override
    public void connect(Receiver to) {
        receiver = to;
    }

    @Override
    public String details() {
        return "a test's wire";
    }
}
