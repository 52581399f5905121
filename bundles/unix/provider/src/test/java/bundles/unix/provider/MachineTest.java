package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import bundles.unix.provider.elf.TestImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.IntStream;
import kernel.core.machine.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small programs in machine code on the machine, wired without a framework. */
@Timeout(120)
class MachineTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(100);
    private static final int CALLSYS = 0x83;
    private static final int LOOP = 0xc3ffffff;
    private static final int V0 = 0, A0 = 16, A1 = 17, A2 = 18, A3 = 19, A4 = 20, A5 = 21, T0 = 1, SP = 30;

    @TempDir
    Path folder;

    private int programs;
    private final MemoryConsole console = new MemoryConsole(Console.Kind.PIPE, new byte[0]);
    private final DirectMachine machine = new DirectMachine(console, 16);

    /** {@code lda register,value(zero)}. */
    private static int load(int register, int value) {
        return 0x08 << 26 | register << 21 | 31 << 16 | value & 0xFFFF;
    }

    private static int move(int from, int to) {
        return 0x11 << 26 | from << 21 | from << 16 | 0x20 << 5 | to;
    }

    private Process start(Streams streams, int... code) throws IOException, ExecException {
        return start(streams, 8192, code);
    }

    private Process start(Streams streams, long dataSize, int... code) throws IOException, ExecException {
        Path program = Files.write(folder.resolve("program" + ++programs), TestImage.of(dataSize, code));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return machine.processes
                .start(new Launch("program" + programs, List.of("program", "x"), List.of(), folder.toString(),
                        streams));
    }

    private Process start(int... code) throws IOException, ExecException {
        return start(new Streams.OnConsole(), code);
    }

    private void ends(Process process, int status, int killedBy) throws InterruptedException {
        assertTrue(process.join(LONG));
        assertEquals(status, process.status());
        assertEquals(killedBy, process.killedBy());
        assertTrue(process.ended());
        assertFalse(process.signal(9));
        assertEquals(0, process.resident());
        assertEquals(process, machine.processes.find(process.id()));
        process.reap();
        assertNull(machine.processes.find(process.id()));
        assertEquals(machine.memory.total(), machine.free());
        assertTrue(machine.spaces.spaces().isEmpty());
    }

    @Test
    void aProgramExits() throws Exception {
        ends(start(load(V0, 1), load(A0, 42), CALLSYS), 42, 0);
    }

    /** Program files stay open for those who run them next: whoever is interrupted while he starts one must not close it for them. */
    @Test
    void anInterruptedStartSpoilsNoLaterOne() throws Exception {
        start(load(V0, 1), load(A0, 42), CALLSYS).join(LONG);
        Launch again = new Launch("program1", List.of("program"), List.of(), folder.toString(),
                new Streams.OnConsole());
        Thread.currentThread().interrupt();
        try {
            machine.processes.start(again).join(LONG);
        } catch (ExecException | InterruptedException e) {
            // as it likes
        } finally {
            Thread.interrupted();
        }
        Process process = machine.processes.start(again);
        assertTrue(process.join(LONG));
        assertEquals(42, process.status());
    }

    @Test
    void anUnknownCallFailsAndAnotherProcessHasAnotherId() throws Exception {
        Process first = start(load(V0, 9000), CALLSYS, move(V0, A0), load(V0, 405), CALLSYS);
        Process second = start(load(V0, 20), CALLSYS, move(V0, A0), load(V0, 405), CALLSYS);
        assertTrue(first.join(LONG) && second.join(LONG));
        assertEquals(78, first.status());
        assertEquals(1, first.id());
        assertEquals(2, second.status());
        assertEquals(List.of(first, second), machine.processes.processes());
    }

    @Test
    void faultsKill() throws Exception {
        // ldq t0,0(zero); jmp to 0; a store into the code; gentrap; a reserved instruction.
        ends(start(0xa43f0000), 139, 11);
        ends(start(0x6be00000 | 31 << 16), 139, 11);
        ends(start(load(A0, -2), 0xaa), 136, 8);
        ends(start(0x04000000), 132, 4);
        ends(start(0x80), 133, 5);
    }

    @Test
    void theStackGrowsToItsLimitOnly() throws Exception {
        // lda sp,-8192(sp); stq t0,0(sp); br back: touches one page after the other.
        ends(start(0x23de0000 | -8192 & 0xFFFF, 0xb43e0000, 0xc3fffffd), 139, 11);
    }

    @Test
    void aProgramThatLoopsIsKilled() throws Exception {
        Process process = start(LOOP);
        while (process.instructions() == 0 && !process.ended()) {
            Thread.sleep(1);
            process.signal(28);
        }
        assertFalse(process.join(1));
        assertEquals(-1, process.status());
        assertTrue(process.signal(15));
        ends(process, 143, 15);
    }

    @Test
    void aProgramThatReadsTheConsoleGetsInputOrIsKilled() throws Exception {
        console.keepOpen();
        int[] echo = {load(V0, 3), load(A0, 0), move(SP, A1), load(A2, 1), CALLSYS, load(V0, 4), load(A0, 1),
                move(SP, A1),
                load(A2, 1), CALLSYS, 0xc3fffff5};
        Process process = start(echo);
        console.type("hey".getBytes());
        while (console.output(Console.OUTPUT).length < 3) {
            Thread.sleep(1);
        }
        assertEquals("hey", new String(console.output(Console.OUTPUT)));
        machine.consoleEvents.signal("INT");
        ends(process, 130, 2);
        machine.consoleEvents.signal("INT");
    }

    @Test
    void aProgramThatSleepsIsKilled() throws Exception {
        // sigsuspend(0)
        Process process = start(load(V0, 111), load(A0, 0), CALLSYS, LOOP);
        assertFalse(process.join(20_000_000));
        process.signal(9);
        ends(process, 137, 9);
    }

    @Test
    void outputGoesToStreams() throws Exception {
        var out = new ByteArrayOutputStream();
        // write(1, argv[0], 7): argv[0] is at 8(sp); read(0) at the end answers 0, which is the status.
        Process process = start(new Streams.Attached(InputStream.nullInputStream(), out, out), load(V0, 4), load(A0, 1),
                0xa63e0008, load(A2, 7),
                CALLSYS,
                load(V0, 3), load(A0, 0), move(SP, A1), CALLSYS, move(V0, A0), load(V0, 1), CALLSYS);
        ends(process, 0, 0);
        assertEquals("program", out.toString());
    }

    @Test
    void aBrokenPipeKills() throws Exception {
        var broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ends(start(new Streams.Attached(InputStream.nullInputStream(), broken, broken), load(V0, 4), load(A0, 1),
                0xa63e0008, load(A2, 7), CALLSYS,
                LOOP),
                141, 13);
    }

    @Test
    void aDefectOfTheKernelEndsItsProcessOnly() throws Exception {
        var defect = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("on purpose");
            }
        };
        ends(start(new Streams.Attached(InputStream.nullInputStream(), defect, defect), load(V0, 4), load(A0, 1),
                0xa63e0008, load(A2, 7), CALLSYS,
                LOOP),
                137, 9);
        ends(start(load(V0, 1), load(A0, 3), CALLSYS), 3, 0);
    }

    @Test
    void aProgramThatNeedsMoreMemoryThanThereIsEnds() throws Exception {
        // lda t0,0x1201(zero); sll t0,20,t0; then touch one page after the other of the data segment at 0x120100000.
        int[] touch = {load(T0, 0x1201), 0x48000000 | T0 << 21 | 20 << 13 | 1 << 12 | 0x39 << 5 | T0, 0xb4210000,
                0x20210000 | 8192, 0xc3fffffd};
        ends(start(new Streams.OnConsole(), 64 << 20, touch), 137, 9);
    }

    /** {@code open("x", 0)}; the descriptor is in a4 then. */
    private static int[] afterOpen(int... code) {
        int[] open = {load(V0, 45), 0xa61e0010, load(A1, 0), load(A2, 0), CALLSYS, move(V0, A4)};
        int[] exit = {move(V0, A0), load(V0, 1), CALLSYS};
        return Stream.of(open, code, exit).flatMapToInt(IntStream::of).toArray();
    }

    @Test
    void filesHaveNoNegativePositions() throws Exception {
        Files.writeString(folder.resolve("x"), "some text");
        // mmap(0, 8192, PROT_READ, MAP_PRIVATE, fd, -8192): EOVERFLOW
        ends(start(afterOpen(load(V0, 71), load(A0, 0), load(A1, 8192), load(A2, 1), load(A3, 2), load(A5, -8192),
                CALLSYS)), 112, 0);
        // sendfile(1, fd, sp, 100) where 0(sp) is -1: EINVAL
        ends(start(afterOpen(load(V0, -1), 0xb41e0000, load(V0, 370), load(A0, 1), move(A4, A1), move(SP, A2),
                load(A3, 100), CALLSYS)), 22, 0);
    }

    @Test
    void aFileIsNotSentToItselfForEver() throws Exception {
        Files.writeString(folder.resolve("x"), "some text");
        // open("x", O_RDWR); loop: 0(sp) = 0, sendfile(fd, fd, sp, -1 >>> 1)
        Process process = start(load(V0, 45), 0xa61e0010, load(A1, 2), CALLSYS, move(V0, A4), 0xb7fe0000,
                move(A4, A0), move(A4, A1), move(SP, A2), load(A3, -1), 0x4a603693, load(V0, 370), CALLSYS, 0xc3fffff7);
        while (Files.size(folder.resolve("x")) < 100_000 && !process.ended()) {
            Thread.sleep(1);
        }
        process.signal(9);
        ends(process, 137, 9);
    }

    @Test
    void signalsAreNotQueuedForEver() throws Exception {
        // sigprocmask(SIG_BLOCK, all); gettid; loop: kill(id, 40); counted in a5
        Process process = start(load(V0, 48), load(A0, 1), load(A1, -1), CALLSYS, load(V0, 378), CALLSYS,
                move(V0, A4), load(A5, 20_000), move(A4, A0), load(A1, 40), load(V0, 37), CALLSYS,
                load(A5, -1) & ~(31 << 16) | A5 << 16,
                0xf6bffffa, load(V0, 1), load(A0, 7), CALLSYS);
        ends(process, 7, 0);
    }

    @Test
    void whatIsNoProgramIsRefused() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "#!/bin/sh\n");
        refused("text", 126, "permission denied");
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwx------"));
        refused("text", 126, "not Alpha");
        Files.writeString(text, "#! \n");
        refused("text", 126, "names no interpreter");
        Files.writeString(text, "#!none x y\n");
        refused("text", 127, "no such file");
        Files.writeString(text, "#!text\n");
        refused("text", 126, "its interpreter is a script");
        Files.writeString(text, "no program");
        refused("text", 126, "not a program");
        refused("none", 127, "no such file");
        refused("text/none", 127, "what should be a folder");
        refused("", 127, "no program");
        refused("a\0b", 127, "no such file");
        refused(".", 126, "not a regular file");
        assertTrue(machine.processes.processes().isEmpty());
        assertTrue(machine.spaces.spaces().isEmpty());
    }

    private void refused(String path, int status, String message) {
        ExecException e = assertThrows(ExecException.class, () -> machine.processes
                .start(new Launch(path, List.of(path), List.of(), folder.toString(), new Streams.OnConsole())));
        assertEquals(status, e.status());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void stoppingKillsWhatRuns() throws Exception {
        Process process = start(LOOP);
        machine.processes.stop();
        ends(process, 137, 9);
        ExecException e = assertThrows(ExecException.class, () -> start(LOOP));
        assertEquals(126, e.status());
        assertEquals(machine.memory.total(), machine.free());
    }
}
