package bundles.policies.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bundles.policies.record.Call.Write;
import bundles.unix.api.ProgramStart.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Records as files, and which descriptors are standard streams. That programs can be given them again, ExecOptionsIT tests. */
class RecordFileTest {

    private static byte[] record() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var writer = new RecordFile.Writer(bytes)) {
            writer.start(7, new Values(List.of("a".getBytes(), new byte[0]), List.of("X=1".getBytes()), new byte[16]));
            writer.call(new Call(0, 7, 7, 3, false, 5, Call.NO_STREAM,
                    List.of(new Write(1, 0, new byte[]{1, 2}), new Write(Call.ABSOLUTE, 1L << 40, new byte[]{3}))));
            writer.call(new Call(0, 7, 8, 4, true, 32, 1, List.of()));
            writer.killed(7, 15);
        }
        return bytes.toByteArray();
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        RecordFile.Contents read = RecordFile.read(new ByteArrayInputStream(record()));
        assertEquals(7, read.root());
        assertEquals("a", new String(read.starts().get(7).getFirst().arguments().getFirst()));
        Call first = read.calls().get(7).getFirst();
        assertEquals(5, first.result());
        assertArrayEquals(new byte[]{1, 2}, first.writes().getFirst().bytes());
        assertEquals(1L << 40, first.writes().getLast().offset());
        Call second = read.calls().get(8).getFirst();
        assertEquals(List.of(1, 32L, 1), List.of(second.order(), second.result(), second.stream()));
        assertEquals(15, read.signals().get(7));
    }

    @Test
    void aRecordThatWasCutShortHasItsWholeEntries() throws IOException {
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(record())).readAllBytes();
        for (int length = 8; length < plain.length; length++) {
            var cut = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(cut)) {
                out.write(plain, 0, length);
            }
            RecordFile.Contents read = RecordFile.read(new ByteArrayInputStream(cut.toByteArray()));
            assertEquals(0, read.signals().size());
        }
        var other = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(other)) {
            out.write(new byte[20]);
        }
        assertThrows(IOException.class, () -> RecordFile.read(new ByteArrayInputStream(other.toByteArray())));
    }

    @Test
    void standardStreamsAreFollowedThroughDescriptors() {
        Streams streams = Streams.first();
        streams.done("dup2", 9, 1, 9, 0);
        streams.done("dup3", 10, 2, 10, 0x200000);
        streams.done("close", 0, 1, 0, 0);
        assertEquals(List.of(0, Call.NO_STREAM, 2, 1, 2),
                List.of(streams.of(0), streams.of(1), streams.of(2), streams.of(9), streams.of(10)));
        Streams child = streams.copy();
        child.done("execve", 0, 0, 0, 0);
        assertEquals(Call.NO_STREAM, child.of(10));
        assertEquals(2, streams.of(10), "the parent's stay");
    }
}
