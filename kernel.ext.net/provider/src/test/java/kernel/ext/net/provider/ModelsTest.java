package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.tcp.ReceiveBuffer;
import kernel.ext.net.api.tcp.SentSegments;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpTable;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * The scoreboard of sent segments, the buffer of received bytes and the reassembly of fragments, each beside a model that is too simple to be
 * wrong: sequences of operations that follow from a seed, after each of which both must tell the same.
 */
class ModelsTest {

    /** What the scoreboard's model knows of one sequence number. */
    private record Octet(int segment, int marks) {}

    @RepeatedTest(100)
    void theScoreboardIsAListOfOctets(RepetitionInfo run) {
        Random r = new Random(run.getCurrentRepetition());
        SentSegments board = new SentSegments();
        List<Octet> model = new ArrayList<>();
        int first = r.nextInt(); // sequence numbers wrap
        int segments = 0;
        for (int step = 0; step < 300; step++) {
            int i = board.count() == 0 ? -1 : r.nextInt(board.count());
            int next = first + model.size();
            switch (r.nextInt(6)) {
                case 0, 1 -> {
                    int length = 1 + r.nextInt(20);
                    board.add(next, next + length, step);
                    model.addAll(Collections.nCopies(length, new Octet(++segments, 0)));
                }
                case 2 -> {
                    if (i >= 0) {
                        int marks = r.nextInt(8);
                        board.mark(i, marks);
                        change(model, board.from(i) - first, board.to(i) - first, marks);
                    }
                }
                case 3 -> {
                    if (i >= 0) {
                        int marks = board.marks(i) & ~SentSegments.LOST | SentSegments.AGAIN;
                        board.sentAgain(i, step);
                        change(model, board.from(i) - first, board.to(i) - first, marks);
                        assertEquals(step, board.time(i));
                    }
                }
                case 4 -> {
                    int length = i < 0 ? 0 : board.to(i) - board.from(i);
                    if (length > 1) {
                        int at = 1 + r.nextInt(length - 1);
                        int from = board.from(i) - first;
                        board.split(i, at);
                        segments++;
                        for (int k = from + at; k < from + length; k++) {
                            model.set(k, new Octet(segments, model.get(k).marks));
                        }
                    }
                }
                default -> {
                    int acked = model.isEmpty() ? 0 : r.nextInt(Math.min(40, model.size()) + 1);
                    while (board.count() > 0 && board.to(0) - (first + acked) <= 0) {
                        board.removeFirst();
                    }
                    if (board.count() > 0 && board.from(0) - (first + acked) < 0) {
                        board.trimFirst(first + acked);
                    }
                    model.subList(0, acked).clear();
                    first += acked;
                }
            }
            same(board, model, first);
        }
    }

    private static void change(List<Octet> model, int from, int to, int marks) {
        for (int k = from; k < to; k++) {
            model.set(k, new Octet(model.get(k).segment, marks));
        }
    }

    private static void same(SentSegments board, List<Octet> model, int first) {
        assertEquals(model.stream().filter(o -> (o.marks & SentSegments.SACKED) != 0).count(), board.sackedBytes());
        assertEquals(model.stream().filter(o -> (o.marks & SentSegments.LOST) != 0).count(), board.lostBytes());
        assertEquals(model.stream().map(Octet::segment).distinct().count(), board.count());
        assertEquals(model.stream().filter(o -> (o.marks & SentSegments.SACKED) != 0).map(Octet::segment).distinct()
                .count(), board.sackedCount());
        int at = 0;
        for (int i = 0; i < board.count(); i++) {
            assertEquals(first + at, board.from(i));
            for (; at < board.to(i) - first; at++) {
                assertEquals(board.marks(i), model.get(at).marks);
                assertEquals(i, board.find(first + at));
            }
        }
        assertEquals(model.size(), at);
    }

    @RepeatedTest(100)
    void theReceiveBufferIsAnArrayWithHoles(RepetitionInfo run) {
        Random r = new Random(run.getCurrentRepetition());
        int limit = 500 + r.nextInt(3000);
        TcpTable table = new TcpTable(1, limit);
        ReceiveBuffer buffer = new Tcb(table, IpAddress.LOOPBACK, 1, IpAddress.LOOPBACK, 2, _ -> {}).input;
        byte[] stream = new byte[60_000];
        r.nextBytes(stream);
        boolean[] here = new boolean[stream.length];
        int read = 0;
        int next = 0;
        while (read < stream.length / 2) {
            if (r.nextInt(3) > 0) {
                int room = Math.min(buffer.room(), stream.length - next);
                int place = r.nextInt(3) == 0 ? 0 : r.nextInt(Math.max(1, room));
                int count = Math.min(1 + r.nextInt(200), room - place);
                if (count > 0) {
                    PacketBuffer b = new PacketBuffer().wrap(stream, next + place, count);
                    int moved = buffer.add(place, b.packet(), 0, count);
                    if (moved >= 0) {
                        Arrays.fill(here, next + place, next + place + count, true);
                    }
                    int before = next;
                    while (next < here.length && here[next]) {
                        next++;
                    }
                    assertEquals(next - before, Math.max(0, moved));
                }
            } else {
                byte[] some = new byte[1 + r.nextInt(400)];
                int count = buffer.read(some, 0, some.length);
                assertEquals(Math.min(some.length, next - read), count);
                assertArrayEquals(Arrays.copyOfRange(stream, read, read + count), Arrays.copyOf(some, count));
                read += count;
            }
            assertEquals(next - read, buffer.ready());
            int at = next;
            for (int i = 0; i < buffer.pieces(); i++) { // in order, apart from each other, and what is between them is missing
                for (; at < next + buffer.from(i); at++) {
                    assertTrue(!here[at]);
                }
                for (; at < next + buffer.to(i); at++) {
                    assertTrue(here[at]);
                }
                assertTrue(buffer.has(buffer.from(i), buffer.to(i)));
            }
        }
    }

    @RepeatedTest(100)
    void fragmentsInAnyOrderAreTheWhole(RepetitionInfo run) {
        Random r = new Random(run.getCurrentRepetition());
        Stack stack = new Stack(new PlainGraph(), new TcpEngine(), new NewReno(), 1, 1 << 16);
        Reassembly reassembly = new Reassembly(stack, 20);
        byte[] whole = new byte[1 + r.nextInt(4000)];
        r.nextBytes(whole);
        List<int[]> pieces = new ArrayList<>();
        for (int at = 0; at < whole.length;) {
            int end = Math.min(whole.length, at + 8 * (1 + r.nextInt(60)));
            pieces.add(new int[]{at, end});
            at = end;
        }
        Collections.shuffle(pieces, r);
        boolean overlaps = pieces.size() > 2 && r.nextInt(4) == 0;
        if (overlaps) { // an attacker's, with a part of two others, before the last
            int[] one = pieces.stream().filter(o -> o[1] + 8 < whole.length).findAny().orElseThrow();
            pieces.add(r.nextInt(pieces.size()), new int[]{one[1] - 8, one[1] + 8});
        }
        Reassembly.Key key = new Reassembly.Key(IpAddress.LOOPBACK, IpAddress.LOOPBACK, 7, 17);
        PacketBuffer got = null;
        List<int[]> twice = new ArrayList<>(pieces);
        if (!overlaps && pieces.size() > 1 && r.nextBoolean()) {
            twice.add(r.nextInt(pieces.size()), pieces.get(r.nextInt(pieces.size()))); // the same once more is harmless
        }
        for (int[] one : twice) {
            PacketBuffer b = new PacketBuffer().wrap(whole, one[0], Math.min(whole.length, one[1]) - one[0]);
            PacketBuffer answer = reassembly.add(key, b.packet(), 0, one[0], Math.min(whole.length, one[1]),
                    one[1] >= whole.length, 17, 5);
            assertTrue(answer == null || got == null);
            got = answer != null ? answer : got;
        }
        if (overlaps) {
            assertNull(got);
        } else {
            assertNotNull(got);
            byte[] bytes = new byte[whole.length];
            got.packet().copyTo(20, bytes, 0, bytes.length);
            assertArrayEquals(whole, bytes);
            stack.pool.give(got);
        }
        reassembly.clear();
        assertEquals(0, stack.buffersTaken());
    }
}
