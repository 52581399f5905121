package hw.alpha.device.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wires between processes; here all ends are in one. */
@Timeout(60)
class SegmentTest {

    @TempDir
    static Path folder;
    private static int count;

    static Stream<String> places() throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return Stream.of("unix:" + folder.resolve("w" + count++), "127.0.0.1:" + free.getLocalPort());
        }
    }

    /** An end that keeps what comes. */
    private static final class End implements AutoCloseable {
        final BlockingQueue<String> came = new LinkedBlockingQueue<>();
        final SegmentEnd end;

        End(String name, String place) {
            end = new SegmentEnd(name, 1, 1500, NetworkOrder.segment(place));
            end.connect((frame, offset, length) -> came
                    .add(new String(frame, offset, length, StandardCharsets.ISO_8859_1)));
        }

        void send(String text) {
            byte[] bytes = ("--" + text).getBytes(StandardCharsets.ISO_8859_1);
            end.transmit(bytes, 2, bytes.length - 2);
        }

        @Override
        public void close() {
            end.off();
        }
    }

    private static void until(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new java.io.InterruptedIOException());
        }
    }

    /** What is lost while the ends find each other is sent again. */
    private static void reaches(End from, End to, String text) throws InterruptedException {
        String came = null;
        while (!text.equals(came)) {
            from.send(text);
            came = to.came.poll(50, TimeUnit.MILLISECONDS);
        }
        Thread.sleep(100); // until copies have come as well
        to.came.clear();
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatOneSendsReachesAllOthers(String place) throws Exception {
        try (End a = new End("a", place); End b = new End("b", place); End c = new End("c", place)) {
            reaches(a, b, "hello");
            reaches(c, b, "hello");
            until(() -> Stream.of(a, b, c).anyMatch(one -> one.end.details().contains("listens, others: 2")));
            Stream.of(a, b, c).forEach(one -> one.came.clear());
            for (End one : new End[]{a, b, c}) {
                one.send("from " + one.end.name());
            }
            for (End one : new End[]{a, b, c}) {
                String first = one.came.take();
                String second = one.came.take();
                assertTrue(!first.equals(second) && !(first + second).contains("from " + one.end.name()),
                        first + " " + second);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void whenTheOneWhoListensGoesAnotherTakesItsPlace(String place) throws Exception {
        End first = new End("first", place);
        until(() -> first.end.details().contains("listens"));
        try (End b = new End("b", place); End c = new End("c", place)) {
            reaches(b, first, "hello");
            first.close();
            reaches(b, c, "still here");
            try (End again = new End("again", place)) {
                reaches(c, again, "welcome back");
                reaches(again, b, "thanks");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void manyFramesOfAllSizesArriveWhole(String place) throws Exception {
        try (End a = new End("a", place); End b = new End("b", place)) {
            reaches(a, b, "hello");
            Random random = new Random(5);
            for (int i = 0; i < 2000; i++) {
                byte[] frame = new byte[1 + random.nextInt(i % 50 == 0 ? 60000 : 1514)];
                random.nextBytes(frame);
                a.end.transmit(frame, 0, frame.length);
                String came = b.came.take();
                assertTrue(Arrays.equals(frame, came.getBytes(StandardCharsets.ISO_8859_1)), "frame " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void whoSendsDoesNotWaitForWhoDoesNotRead(String place) throws Exception {
        try (End a = new End("a", place); End b = new End("b", place)) {
            reaches(a, b, "hello");
            Object gate = new Object();
            synchronized (gate) {
                b.end.connect((frame, offset, length) -> {
                    synchronized (gate) {
                        b.came.add("late");
                    }
                });
                byte[] frame = new byte[1500];
                for (int i = 0; i < 5000; i++) {
                    a.end.transmit(frame, 0, frame.length); // ends, whoever reads or not
                }
            }
            b.came.take();
        }
    }
}
