package kernel.ext.net.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the targets of fuzzers begin with, made of the kept corpus of frames. */
final class FuzzSeeds {

    /** Bytes of Ethernet's, IPv4's and UDP's headers. */
    private static final int HEADERS = 42;

    private FuzzSeeds() {}

    /** Sequences for {@link FuzzTargets.Frames}: each frame alone, and all in a row. */
    static List<byte[]> frames() {
        List<byte[]> all = new ArrayList<>();
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        for (byte[] frame : FuzzTest.corpus()) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            for (ByteArrayOutputStream to : List.of(one, row)) {
                to.write(frame.length >> 8);
                to.write(frame.length);
                to.write(frame.length % 7);
                to.writeBytes(frame);
            }
            all.add(one.toByteArray());
        }
        all.add(row.toByteArray());
        return all;
    }

    /** Messages for the targets of protocols above UDP. */
    static List<byte[]> messages() {
        List<byte[]> all = new ArrayList<>();
        for (byte[] frame : FuzzTest.corpus()) {
            all.add(Arrays.copyOfRange(frame, Math.min(HEADERS, frame.length), frame.length));
        }
        all.add(DnsMessage.question(7, "a.example", DnsMessage.A));
        return all;
    }

    /** @param args target, and the folder in which its seeds are put */
    public static void main(String[] args) throws IOException {
        List<byte[]> all = args[0].equals("Frames") ? frames() : messages();
        for (int i = 0; i < all.size(); i++) {
            Files.write(Path.of(args[1], "seed" + i), all.get(i));
        }
    }
}
