package hw.alpha.device.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.core.machine.NetworkAdapter;
import org.junit.jupiter.api.Test;

/** Cells, AAL5, and the adapter that makes and takes them. */
class AtmTest {

    /** A wire that gives what is sent to a function, and that to the other end at once. */
    private static final class TestWire implements NetworkAdapter {
        Receiver receiver;
        Receiver other;

        @Override
        public String name() {
            return "atm0";
        }

        @Override
        public long address() {
            return 0;
        }

        @Override
        public int mtu() {
            return 65535;
        }

        @Override
        public boolean intact() {
            return false;
        }

        @Override
        public void transmit(byte[] frame, int offset, int length) {
            other.received(Arrays.copyOfRange(frame, offset, offset + length), 0, length);
        }

        @Override
        public void connect(Receiver to) {
            receiver = to;
        }
    }

    private final TestWire wire = new TestWire();
    private final AtmCard card = new AtmCard(wire, 9180, true);
    private final List<String> came = new ArrayList<>();

    {
        wire.other = (frame, offset, length) -> wire.receiver.received(frame, offset, length);
        card.connect((vpi, vci, packet, offset, length) -> came.add(vpi + "." + vci + " "
                + new String(packet, offset, length, StandardCharsets.ISO_8859_1)));
    }

    private void send(int vpi, int vci, String text) {
        byte[] bytes = ("-" + text).getBytes(StandardCharsets.ISO_8859_1);
        card.transmit(vpi, vci, bytes, 1, bytes.length - 1);
    }

    @Test
    void theChecksAreThoseOfTheStandards() {
        // the check value of CRC-32/AAL5 (as of CRC-32/BZIP2), and I.432's header of an idle cell
        assertEquals(0xFC891918, Aal5.crc("123456789".getBytes(StandardCharsets.US_ASCII), 0, 9));
        byte[] idle = {0, 0, 0, 1, 0x52};
        assertEquals(0, AtmCell.check(idle, 0));
        byte[] cell = new byte[AtmCell.LENGTH];
        AtmCell.header(cell, 0, 0xA5, 0x1234, true);
        assertEquals("a5 1234 true true", Integer.toHexString(AtmCell.vpi(cell, 0)) + " "
                + Integer.toHexString(AtmCell.vci(cell, 0)) + " " + AtmCell.last(cell, 0) + " "
                + AtmCell.user(cell, 0));
    }

    @Test
    void oneWrongBitOfAHeaderIsMendedAndTwoAreSeen() {
        byte[] good = new byte[AtmCell.LENGTH];
        AtmCell.header(good, 0, 7, 777, false);
        for (int i = 0; i < 40; i++) {
            byte[] bad = good.clone();
            bad[i >> 3] ^= (byte) (1 << (i & 7));
            assertEquals(1, AtmCell.check(bad, 0));
            assertArrayEquals(good, bad);
            for (int k = 0; k < i; k++) {
                bad = good.clone();
                bad[i >> 3] ^= (byte) (1 << (i & 7));
                bad[k >> 3] ^= (byte) (1 << (k & 7));
                assertEquals(-1, AtmCell.check(bad, 0), i + " and " + k);
            }
        }
    }

    @Test
    void packetsOfAllLengthsComeWhole() {
        card.open(1, 200);
        Random random = new Random(3);
        for (int length : new int[]{1, 8, 39, 40, 41, 48, 88, 89, 1500, 9180, 65535}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            send(1, 200, text);
            assertEquals("1.200 " + text, came.removeLast());
        }
        assertThrows(IllegalArgumentException.class, () -> card.transmit(1, 200, new byte[65536], 0, 65536));
        assertThrows(IllegalArgumentException.class, () -> card.open(256, 0));
    }

    @Test
    void circuitsAreKeptApart() {
        card.open(0, 100);
        card.open(3, 100);
        List<byte[]> cells = new ArrayList<>();
        wire.other = (frame, offset, length) -> cells.add(frame);
        String a = "a".repeat(200);
        String b = "b".repeat(300);
        send(0, 100, a);
        int first = cells.size();
        send(3, 100, b);
        send(0, 101, "nobody's");
        int second = cells.size() - 1 - first;
        for (int i = 0; i < Math.max(first, second); i++) { // those of both packets by turns
            if (i < first) {
                wire.receiver.received(cells.get(i), 0, AtmCell.LENGTH);
            }
            if (i < second) {
                wire.receiver.received(cells.get(first + i), 0, AtmCell.LENGTH);
            }
        }
        wire.receiver.received(cells.getLast(), 0, AtmCell.LENGTH);
        assertEquals(List.of("0.100 " + a, "3.100 " + b), came);
        assertTrue(card.details().contains("1 of no circuit of ours"), card::details);
        card.close(3, 100);
        wire.other = (frame, offset, length) -> wire.receiver.received(frame, offset, length);
        send(3, 100, b);
        assertEquals(2, came.size());
    }

    @Test
    void whatIsDamagedIsNotGivenToAnybody() {
        card.open(0, 100);
        Random random = new Random(11);
        int whole = 0;
        for (int round = 0; round < 2000; round++) {
            int loses = random.nextInt(12);
            int changes = random.nextInt(12 * 53 * 8);
            int[] n = new int[1];
            wire.other = (frame, offset, length) -> {
                int cell = n[0]++;
                if (changes / (53 * 8) == cell) {
                    int bit = changes % (53 * 8);
                    frame[bit >> 3] ^= (byte) (1 << (bit & 7));
                }
                if (cell != loses) {
                    wire.receiver.received(frame, offset, length);
                }
            };
            String text = Integer.toString(round).repeat(80);
            send(0, 100, text);
            for (String one : came) {
                whole++;
                assertEquals("0.100 " + text, one);
            }
            came.clear();
        }
        assertTrue(whole > 0, "all were damaged");
        assertTrue(card.details().contains("lost or damaged"), card::details);
        assertTrue(card.details().contains("headers corrected"), card::details);
    }

    @Test
    void ordersOfAdaptersNameTheirCircuits() {
        NetworkOrder order = NetworkOrder.parseAtm("wire:unix:/w,address=10.2.0.1/24,pvc=0.100:10.2.0.2+1.32");
        assertEquals(List.of("0.100:10.2.0.2", "1.32"), order.circuits());
        assertEquals(9180, order.mtu());
        assertThrows(IllegalArgumentException.class, () -> NetworkOrder.parseAtm("gateway"));
        assertThrows(IllegalArgumentException.class, () -> NetworkOrder.parse("wire:unix:/w,pvc=0.100"));
    }
}
