package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hw.alpha.host.HostFile;
import hw.alpha.mmu.PageTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.machine.DirectFile;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Reading from files straight to user memory, in system calls of a context that runs. */
@EnabledOnOs(OS.LINUX)
class DirectReadTest {

    private static final long CODE = 0x2_0000, DATA = 0x10_0000;
    private static final int CALLSYS = 0x83;
    private static final int PAGE = TestMachine.PAGE;

    @TempDir
    private Path folder;
    private final byte[] contents = new byte[3 * PAGE];
    private HostFile file;

    /** What a system call does. */
    private interface Call {
        void made(AlphaContext context) throws Exception;
    }

    @BeforeEach
    void makeFile() throws Exception {
        assumeTrue(PageTable.windows(), "the host has no windows");
        new Random(1).nextBytes(contents);
        Path path = Files.write(folder.resolve("file"), contents);
        file = (HostFile) HostFile.open(path, Set.of(StandardOpenOption.READ));
        Files.readAllBytes(path);
    }

    /** Three pages of data, shown in the window; then one system call. */
    private static void during(Call call) throws Exception {
        var failed = new AtomicReference<Exception>();
        var made = new AtomicBoolean();
        var machine = new TestMachine() {
            @Override
            public void syscall(UserContext user, int number) {
                try {
                    call.made((AlphaContext) user);
                    made.set(true);
                } catch (Exception e) {
                    failed.set(e);
                }
                user.stop();
            }
        };
        machine.load(DATA, new byte[3 * PAGE]);
        machine.code(CODE, CALLSYS);
        machine.run();
        if (failed.get() != null) {
            throw failed.get();
        }
        assertTrue(made.get());
        assertEquals(-1, machine.context.readNow((host, length, position) -> length, 0, DATA, 1), "it does not run");
    }

    private static void show(AlphaContext context, int pages) {
        context.table().open(DATA, pages * PAGE, PageTable.LOAD | PageTable.STORE);
    }

    private static byte[] memory(AlphaContext context, long address, int length) {
        byte[] bytes = new byte[length];
        assertEquals(length, context.copyIn(address, bytes, 0, length));
        return bytes;
    }

    @Test
    void bytesAreStoredWhereTheyAreWanted() throws Exception {
        during(context -> {
            show(context, 3);
            assertEquals(2 * PAGE, context.readNow(file, 17, DATA + 100, 2 * PAGE));
            assertArrayEquals(Arrays.copyOfRange(contents, 17, 17 + 2 * PAGE),
                    memory(context, DATA + 100, 2 * PAGE));
            assertArrayEquals(new byte[100], memory(context, DATA, 100));
            assertEquals(5, context.readNow(file, contents.length - 5, DATA, 100));
            assertEquals(0, context.readNow(file, contents.length, DATA, 100));
        });
    }

    @Test
    void aPageThatIsReadAgainAndAgainIsTheHostsEachTime() throws Exception {
        during(context -> {
            show(context, 1);
            for (int i = 0; i < 200; i++) {
                byte[] now = Integer.toString(1000 + i).getBytes(StandardCharsets.US_ASCII);
                Files.write(folder.resolve("file"), now, StandardOpenOption.WRITE);
                assertEquals(now.length, context.readNow(file, 0, DATA, now.length));
                assertArrayEquals(now, memory(context, DATA, now.length));
            }
            Files.write(folder.resolve("file"), new byte[2], StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
            assertEquals(2, context.readNow(file, 0, DATA, 100));
            assertEquals(0, context.readNow(file, 2, DATA, 100));
        });
    }

    /** Whether reads are noted at all is the host's affair; most hosts note the first one after a file was changed. */
    @Test
    void theHostNotesThatAPageIsReadAgainAndAgain() throws Exception {
        Path other = Files.write(folder.resolve("other"), new byte[10]);
        forgetReads(other);
        Files.readAllBytes(other);
        boolean notes = wasRead(other);
        during(context -> {
            show(context, 1);
            for (int round = 0; round < 3; round++) {
                forgetReads(folder.resolve("file"));
                for (int i = 0; i < 70; i++) {
                    assertEquals(10, context.readNow(file, 0, DATA, 10));
                }
                assertEquals(notes, wasRead(folder.resolve("file")), "round " + round);
            }
            for (int i = 0; i < 10; i++) {
                assertEquals(10, context.readNow(file, 0, DATA, 10));
            }
            forgetReads(folder.resolve("file"));
            file.read(ByteBuffer.allocate(10), 5);
            assertEquals(notes, wasRead(folder.resolve("file")), "in another way");
        });
    }

    private static void forgetReads(Path path) throws Exception {
        Files.setAttribute(path, "lastAccessTime", FileTime.fromMillis(1000));
    }

    private static boolean wasRead(Path path) throws Exception {
        return ((FileTime) Files.getAttribute(path, "lastAccessTime")).toMillis() > 1000;
    }

    @Test
    void nothingIsDoneWhereNotAllCanBeStoredTo() throws Exception {
        during(context -> {
            assertEquals(-1, context.readNow(file, 0, DATA, 100), "there is no window yet");
            assertEquals(-1, context.readNow(file, 0, DATA, 100), "nor is one made for this");
            show(context, 3);
            context.table().protect(DATA + 2 * PAGE, TranslationContext.READ);
            assertEquals(-1, context.readNow(file, 0, DATA + PAGE, PAGE + 1));
            for (long wrong : new long[]{-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 0}) {
                assertEquals(-1, context.readNow(file, 0, wrong, 10));
                assertEquals(-1, context.readNow(file, 0, wrong, 10));
            }
            assertArrayEquals(new byte[3 * PAGE], memory(context, DATA, 3 * PAGE));
            context.observeWrites((address, from, offset, length) -> {});
            assertEquals(-1, context.readNow(file, 0, DATA, 10));
            context.observeWrites(null);
            assertEquals(10, context.readNow(file, 0, DATA, 10));
        });
    }

    @Test
    void aBufferThatOnlyTheKernelWritesToIsShownTheSecondTime() throws Exception {
        during(context -> {
            show(context, 1);
            context.table().protect(DATA + 2 * PAGE, TranslationContext.READ);
            for (int i = 0; i < 3; i++) {
                assertEquals(-1, context.readNow(file, 0, DATA + 2 * PAGE, 100), "it may not be stored to");
            }
            assertEquals(-1, context.readNow(file, 0, DATA + PAGE, 100));
            assertEquals(-1, context.readNow(file, 0, DATA + PAGE + 8, 100), "another one");
            assertEquals(100, context.readNow(file, 0, DATA + PAGE + 8, 100));
            assertEquals(100, context.readNow(file, 17, DATA + PAGE, 100));
            assertArrayEquals(Arrays.copyOfRange(contents, 17, 117), memory(context, DATA + PAGE, 100));
        });
    }

    @Test
    void filesThatMayMakeItWaitAreLeftAlone() throws Exception {
        during(context -> {
            show(context, 1);
            HostFile special = (HostFile) HostFile.open(Path.of("/proc/version"), Set.of(StandardOpenOption.READ));
            assertEquals(-1, context.readNow(special, 0, DATA, 10));
            file.close();
            assertEquals(-1, context.readNow(file, 0, DATA, 10));
        });
    }

    @Test
    void whoTakesThePageAwayWaits() throws Exception {
        during(context -> {
            show(context, 1);
            var reading = new CountDownLatch(1);
            var taken = new AtomicBoolean();
            var takenTooEarly = new AtomicBoolean();
            Thread taker = Thread.ofPlatform().start(() -> {
                try {
                    reading.await();
                    context.table().unmap(DATA);
                    taken.set(true);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            DirectFile slow = (host, length, position) -> {
                reading.countDown();
                for (int i = 0; i < 50 && !taken.get(); i++) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                }
                takenTooEarly.set(taken.get());
                return length;
            };
            assertEquals(8, context.readNow(slow, 0, DATA, 8));
            taker.join();
            assertEquals(false, takenTooEarly.get());
            assertTrue(taken.get());
            assertEquals(-1, context.readNow(slow, 0, DATA, 8));
        });
    }
}
