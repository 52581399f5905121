package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.ext.net.api.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions and answers about names: what is believed, and what is not. */
class DnsTest {

    private static final String NAME = "www.example.org";

    /** An answer to a question, with records as they are on the wire. */
    private static byte[] answer(byte[] question, int code, int count, byte[]... records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(question);
        for (byte[] one : records) {
            out.writeBytes(one);
        }
        byte[] all = out.toByteArray();
        all[2] = (byte) 0x81;
        all[3] = (byte) (0x80 | code);
        all[7] = (byte) count;
        return all;
    }

    /** A record whose owner is at an offset. */
    private static byte[] record(int owner, int type, int seconds, int... data) {
        byte[] b = new byte[12 + data.length];
        b[0] = (byte) (0xC0 | owner >>> 8);
        b[1] = (byte) owner;
        b[3] = (byte) type;
        b[5] = 1;
        b[6] = (byte) (seconds >>> 24);
        b[7] = (byte) (seconds >>> 16);
        b[8] = (byte) (seconds >>> 8);
        b[9] = (byte) seconds;
        b[11] = (byte) data.length;
        for (int i = 0; i < data.length; i++) {
            b[12 + i] = (byte) data[i];
        }
        return b;
    }

    private static DnsMessage.Answer read(byte[] bytes) {
        return DnsMessage.answer(bytes, 7, NAME, DnsMessage.A);
    }

    private static byte[] question() {
        return DnsMessage.question(7, NAME, DnsMessage.A);
    }

    @Test
    void addressesAndTheirTimeAreRead() {
        byte[] bytes = answer(question(), 0, 2, record(12, 1, 300, 192, 0, 2, 1), record(12, 1, 60, 192, 0, 2, 2));
        DnsMessage.Answer answer = read(bytes);
        assertEquals(List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")), answer.addresses());
        assertEquals(60, answer.seconds());
    }

    @Test
    void aliasesAreFollowedInTheAnswerAlone() {
        byte[] question = question();
        int alias = question.length + 12; // where the alias's own name is written
        byte[] bytes = answer(question, 0, 3, record(12, 5, 30, 1, 'w', 0xC0, 16), record(alias, 1, 300, 192, 0, 2, 7),
                record(16, 1, 300, 192, 0, 2, 66)); // and an address of somebody who was not asked about
        assertEquals(List.of(IpAddress.parse("192.0.2.7")), read(bytes).addresses());
        assertEquals(30, read(bytes).seconds());
        byte[] circle = answer(question, 0, 1, record(12, 5, 30, 0xC0, 12));
        assertEquals(List.of(), read(circle).addresses());
    }

    @Test
    void answersToSomethingElseAreNotBelieved() {
        byte[] good = answer(question(), 0, 1, record(12, 1, 300, 192, 0, 2, 1));
        assertNotNull(read(good));
        assertNull(DnsMessage.answer(good, 8, NAME, DnsMessage.A));
        assertNull(DnsMessage.answer(good, 7, "www.example.com", DnsMessage.A));
        assertNull(DnsMessage.answer(good, 7, NAME, DnsMessage.AAAA));
        assertNull(read(question()));
        byte[] mapped = answer(DnsMessage.question(7, NAME, DnsMessage.AAAA), 0, 1,
                record(12, 28, 300, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1));
        assertEquals(List.of(), DnsMessage.answer(mapped, 7, NAME, DnsMessage.AAAA).addresses());
    }

    @Test
    void absenceIsToldAndWhatWasCutIsSeen() {
        assertEquals(3, read(answer(question(), 3, 0)).code());
        byte[] cut = answer(question(), 0, 0);
        cut[2] |= 2;
        assertTrue(read(cut).cut());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "-a.b c", "a/b", "x.y\u00e9"})
    void whatIsNoNameIsSaidToBeNone(String name) {
        assertThrows(IllegalArgumentException.class, () -> DnsMessage.question(1, name, DnsMessage.A));
    }

    @Test
    void noBytesBringItDown() {
        Random r = new Random(2);
        byte[] good = answer(question(), 0, 3, record(12, 5, 30, 1, 'w', 0xC0, 16), record(45, 1, 300, 192, 0, 2, 7),
                record(16, 1, 300, 192, 0, 2, 66));
        for (int i = 0; i < 50000; i++) {
            byte[] bytes = r.nextInt(4) == 0 ? Arrays.copyOf(good, r.nextInt(good.length + 1)) : good.clone();
            for (int k = r.nextInt(6); k > 0 && bytes.length > 2; k--) {
                bytes[2 + r.nextInt(bytes.length - 2)] = (byte) (r.nextInt(3) == 0 ? 0xC0 : r.nextInt());
            }
            DnsMessage.Answer answer = read(bytes);
            assertTrue(answer == null || answer.seconds() >= 0);
        }
    }
}
