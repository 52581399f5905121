package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {

    @TempDir
    private Path home;

    private Path source;

    @BeforeEach
    void writeSource() throws IOException {
        source = Files.createDirectories(home.resolve("run/peers")).resolve("one.c");
        Files.writeString(source, "int main(void) { return 1; }\n");
    }

    @Test
    void saysWhichPackageIsMissing() {
        Peers peers = new Peers(new Tree(home), program -> false);
        assertTrue(assertThrows(MissingException.class, () -> peers.host("one")).getMessage()
                .endsWith("apt-get install gcc libc6-dev"));
        assertTrue(assertThrows(MissingException.class, () -> peers.alpha("one")).getMessage()
                .endsWith("apt-get install gcc-alpha-linux-gnu libc6.1-dev-alpha-cross"));
        assertTrue(assertThrows(MissingException.class, () -> peers.require("qemu-alpha")).getMessage()
                .endsWith("apt-get install qemu-user"));
    }

    @Test
    void saysThatThereIsNoSuchPeer() {
        Peers peers = new Peers(new Tree(home), program -> true);
        assertTrue(
                assertThrows(MeasureException.class, () -> peers.host("two")).getMessage().endsWith("run/peers/two.c"));
    }

    @Test
    void compilesWhatIsNewer() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is not installed");
        Peers peers = new Peers(new Tree(home));
        Path program = peers.host("one");
        assertEquals(1, Command.of(home, program.toString()).run().status());
        Files.writeString(source, "int main(void) { return 2; }\n");
        Files.setLastModifiedTime(source, FileTime.fromMillis(Files.getLastModifiedTime(program).toMillis() + 2000));
        assertEquals(2, Command.of(home, peers.host("one").toString()).run().status());
        // up to date now, so that no compiler is needed
        Files.setLastModifiedTime(source, FileTime.fromMillis(0));
        assertEquals(program, new Peers(new Tree(home), name -> false).host("one"));
    }

    @Test
    void showsWhatTheCompilerSays() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is not installed");
        Files.writeString(source, "int main(void) { return nothing; }\n");
        assertTrue(assertThrows(MeasureException.class, () -> new Peers(new Tree(home)).host("one")).getMessage()
                .contains("nothing"));
    }
}
