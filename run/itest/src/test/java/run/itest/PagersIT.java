package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/** Alpha programs on the pagers that are examples, each with a machine of its own. */
class PagersIT {

    private static final int BLOCK = 65280;

    @TempDir
    Path folder;

    private Outcome run(String... words) throws IOException, InterruptedException {
        return with("pagers.unzip", "unzipped", words);
    }

    private Outcome with(String pager, String program, String... words) throws IOException, InterruptedException {
        String jar = "launcher/target/spin/policies/bundles." + pager + ".jar";
        List<String> all = new ArrayList<>(List.of(Programs.spin(), "simulate", "--mem", "16", "--with",
                Path.of(Programs.spin()).resolveSibling(jar).toString(), Programs.path(program)));
        all.addAll(List.of(words));
        return Command.run(all, List.of("PATH=" + System.getenv("PATH"), "TERM=dumb"), new byte[0], folder);
    }

    /** More than the machine has memory: pages are dropped, and decompressed again. */
    @Test
    void aProgramReadsWhatACompressedFileHasInIt() throws Exception {
        byte[] text = new byte[20 << 20];
        int hash = 0x811C9DC5;
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('a' + (i / 7 * 31 + i) % 26);
            hash = (hash ^ text[i]) * 16777619;
        }
        Path file = Files.write(folder.resolve("text.gz"), compress(text));
        assertEquals(new Outcome(0, "%d bytes, %08x%n".formatted(text.length, hash), ""), run(file.toString()));
        int at = 12_345_678;
        assertEquals(new String(text, at, 16, StandardCharsets.US_ASCII) + "\n",
                run(file.toString(), "" + at).output());
    }

    @Test
    void aProgramIsToldWhichPagesWereWrittenTo() throws Exception {
        Outcome outcome = with("pagers.barrier", "barrier");
        assertEquals("""
                nothing:
                read:
                written: 3 17 40
                again:
                many: 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39
                by read: 50
                child: 70 8
                beside a child: 8
                parent: 7 80
                no longer: Invalid argument
                """, outcome.output(), outcome::error);
        assertEquals(0, outcome.status());
    }

    /** Neither its faults nor its calls write into the child's memory. */
    @Test
    void pagesThatAProgramHandlesItselfAreItsOwnAfterFork() throws Exception {
        assertEquals(new Outcome(0, "child: before before\nparent: by a fault, by a call\n", ""),
                with("policies.vmload", "owned"));
    }

    /** Half of memory for root, 8 MB for others. */
    @Test
    void notAllOfMemoryCanBePinned() throws Exception {
        String some = with("pagers.barrier", "pins", "7").output();
        assertEquals("mlock: done\n", some);
        String many = with("pagers.barrier", "pins", "12").output();
        assertTrue(
                Set.of("mlock: Resource temporarily unavailable\n", "mlock: Cannot allocate memory\n").contains(many),
                many);
    }

    @Test
    void aStackOverflowIsTold() throws Exception {
        Outcome outcome = with("pagers.barrier", "crash", "stack");
        assertEquals(139, outcome.status());
        assertTrue(outcome.error().contains("stack overflow of process 1 ("), outcome.error());
    }

    @Test
    void whatCannotBeReadIsTold() throws Exception {
        assertEquals("not mapped: No such file or directory\n", run(folder.resolve("none").toString()).output());
        Path plain = Files.writeString(folder.resolve("plain"), "nothing that was compressed");
        assertEquals("not mapped: Input/output error\n", run(plain.toString()).output());
        byte[] damaged = compress(new byte[100_000]);
        damaged[40] ^= 1;
        Outcome outcome = run(Files.write(folder.resolve("damaged"), damaged).toString());
        assertNotEquals(0, outcome.status(), outcome::output);
    }

    /** As {@code bgzip} does: gzip members with an extra field BC, their size less one. */
    private static byte[] compress(byte[] text) {
        var all = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += BLOCK) {
            byte[] block = Arrays.copyOfRange(text, at, Math.min(text.length, at + BLOCK));
            all.writeBytes(member(block));
        }
        all.writeBytes(member(new byte[0]));
        return all.toByteArray();
    }

    private static byte[] member(byte[] block) {
        byte[] packed = new byte[block.length + 100];
        int size;
        try (var deflater = new Deflater(6, true)) {
            deflater.setInput(block);
            deflater.finish();
            size = deflater.deflate(packed);
        }
        var sum = new CRC32();
        sum.update(block);
        return ByteBuffer.allocate(18 + size + 8).order(ByteOrder.LITTLE_ENDIAN).putInt(0x04088B1F).putInt(0)
                .put((byte) 0)
                .put((byte) 255).putShort((short) 6).put((byte) 'B').put((byte) 'C').putShort((short) 2)
                .putShort((short) (18 + size + 8 - 1)).put(packed, 0, size).putInt((int) sum.getValue())
                .putInt(block.length)
                .array();
    }
}
