package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import bundles.unix.provider.call.CallNames;
import bundles.unix.provider.elf.TestImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import kernel.core.machine.Console;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What no program should do, by chance: system calls with hostile arguments, random instructions, damaged program files. Each
 * run ends, the kernel finds no defect in itself, and nothing of the run is left. Seeded, so that a failure can be repeated.
 */
@Timeout(300)
class HostileTest {

    private static final long SEED = Long.getLong("spin.seed", 20261123);
    private static final long LONG = TimeUnit.SECONDS.toNanos(60);
    /** How often each test does what it does; more for a longer hunt. */
    private static final int ROUNDS = Integer.getInteger("spin.rounds", 1);
    private static final int CALLSYS = 0x83;
    private static final int V0 = 0, T0 = 1, T1 = 2, S0 = 9, A0 = 16, A1 = 17, A2 = 18, ZERO = 31;
    private static final int SIGUSR1 = 30;

    private static final long[] NUMBERS = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 16, 32, 64, 100, 128, 1024, 8192,
            65536,
            -100, 0x100, 0x200, 0x1000, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, 1L << 32, 1L << 40, 1L << 60,
            Long.MAX_VALUE, Long.MIN_VALUE, -2, -8192, Long.MAX_VALUE - 8191, 999_999, 1_000_000_000};

    private static final Logger LOGGER = Logger.getLogger("");

    @TempDir
    Path folder;

    private final Queue<String> defects = new ConcurrentLinkedQueue<>();
    private final Handler watcher = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            Object[] values = entry.getParameters();
            if (entry.getMessage() != null && entry.getMessage().contains("defect")) {
                defects.add(values == null ? entry.getMessage() : List.of(values).toString());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final MemoryConsole console = new MemoryConsole(Console.Kind.PIPE, new byte[0]);
    private final DirectMachine machine = new DirectMachine(console, 16);
    private int programs;

    @BeforeEach
    void watch() {
        LOGGER.addHandler(watcher);
    }

    @AfterEach
    void nothingIsLeft() {
        LOGGER.removeHandler(watcher);
        assertEquals(List.of(), List.copyOf(defects));
        assertTrue(machine.spaces.spaces().isEmpty());
        assertTrue(machine.processes.processes().isEmpty());
        // segments of shared memory outlive those who made them and wrote to them, but not UNIX (shmget(2))
        machine.processes.stop();
        assertEquals(machine.memory.total(), machine.free());
    }

    private Process start(byte[] file) throws IOException, ExecException {
        String name = "program" + ++programs;
        Path program = Files.write(folder.resolve(name), file);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        try {
            return machine.processes.start(
                    new Launch(name, List.of("program"), List.of(), folder.toString(), new Streams.OnConsole()));
        } finally {
            Files.delete(program);
        }
    }

    /** Lets a program run for a while and kills it then. */
    private void end(String what, Process process, long nanoseconds, int signal) throws InterruptedException {
        long deadline = System.nanoTime() + nanoseconds;
        while (!process.join(TimeUnit.MILLISECONDS.toNanos(2)) && System.nanoTime() < deadline) {
            if (signal != 0) {
                process.signal(signal);
            }
        }
        process.signal(9);
        assertTrue(process.join(LONG), what + " cannot be killed");
        process.reap();
        // Its children, which may be having children.
        deadline = System.nanoTime() + LONG;
        List<Process> others;
        while (!(others = machine.processes.processes()).isEmpty() && System.nanoTime() < deadline) {
            machine.processes.endAll();
            others.getLast().join(TimeUnit.MILLISECONDS.toNanos(1));
            others.forEach(Process::reap);
        }
        assertTrue(others.isEmpty(), what + " leaves " + others.size() + " processes");
    }

    private static int memory(int opcode, int a, int b, int displacement) {
        return opcode << 26 | a << 21 | b << 16 | displacement & 0xFFFF;
    }

    private static int lda(int register, int base, int value) {
        return memory(0x08, register, base, value);
    }

    private static int ldq(int register, int base, int displacement) {
        return memory(0x29, register, base, displacement);
    }

    private static void quads(List<Integer> words, long... values) {
        for (long value : values) {
            words.add((int) value);
            words.add((int) (value >>> 32));
        }
    }

    private static byte[] image(List<Integer> code) {
        return TestImage.of(1 << 20, code.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Loads a register with the address of what stands so many bytes after the instruction that follows the first. */
    private static void address(List<Integer> code, int register, int distance) {
        code.add(0x30 << 26 | register << 21);
        code.add(lda(register, register, distance));
    }

    private static long value(Random random, long names) {
        long[] pointers = {TestImage.DATA, TestImage.DATA + 64, TestImage.DATA + 8184, TestImage.DATA + 0x80000,
                TestImage.DATA + (1 << 20) - 1, TestImage.DATA + (1 << 20) - 8, TestImage.DATA + (1 << 20),
                0x1_2000_0000L, 0x1_1FFF_E000L, 0, 8, 8192, 0x3FF_FFFF_E000L, 0x400_0000_0000L, 0x200_0000_0000L,
                -8192, names, names + 8, names + 16, names + 24};
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> pointers[random.nextInt(pointers.length)];
            case 3, 4, 5 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 6 -> random.nextInt(8);
            default -> pointers[random.nextInt(pointers.length)] + random.nextInt(32) - 16;
        };
    }

    /** An argument, of its kind more often than not. Never with a slash in it, for it may be read as a path. */
    private static long argument(Random random, char kind, long names, int count) {
        while (true) {
            long argument = switch (random.nextInt(5) == 0 ? '?' : kind) {
                case 'f' -> random.nextInt(10) == 0 ? -100 : random.nextInt(8);
                case 's' -> names + 8 * random.nextInt(5);
                case 'x', 'b' -> pointer(random, names, count);
                case 'd' -> NUMBERS[random.nextInt(NUMBERS.length)];
                default -> value(random, names);
            };
            boolean slash = false;
            for (int shift = 0; shift < 64; shift += 8) {
                slash |= (argument >>> shift & 0xFF) == '/';
            }
            if (!slash) {
                return argument;
            }
        }
    }

    /** An address: of other arguments, of data, of pages of data, or any value. */
    private static long pointer(Random random, long names, int count) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> names + 40 + 8 * random.nextInt(7 * count);
            case 2 -> TestImage.DATA + 8192 * random.nextInt(128);
            case 3 -> random.nextInt(64);
            default -> value(random, names);
        };
    }

    /** Opens some files, then makes calls as a table of register values says. */
    private static byte[] calls(Random random, int number, int count) {
        List<Integer> code = new ArrayList<>();
        List<Integer> table = new ArrayList<>();
        int[] opening = {lda(V0, ZERO, 45), lda(A1, ZERO, 0x202), lda(A2, ZERO, 0600)};
        address(code, S0, 0);
        // sigaction(SIGUSR1), with a structure in the data segment: the handler is the ret behind the names
        code.add(lda(T0, S0, 32));
        code.add(lda(T1, ZERO, 0x1201));
        code.add(0x12 << 26 | T1 << 21 | 20 << 13 | 1 << 12 | 0x39 << 5 | T1);
        code.add(memory(0x2D, T0, T1, 0x4000));
        code.add(lda(V0, ZERO, 156));
        code.add(lda(A0, ZERO, SIGUSR1));
        code.add(lda(A1, T1, 0x4000));
        code.add(lda(A2, ZERO, 0));
        code.add(CALLSYS);
        // open("a", O_RDWR | O_CREAT), open("."), pipe()
        code.add(lda(A0, S0, 0));
        for (int word : opening) {
            code.add(word);
        }
        code.add(CALLSYS);
        code.add(lda(V0, ZERO, 45));
        code.add(lda(A0, S0, 8));
        code.add(lda(A1, ZERO, 0));
        code.add(CALLSYS);
        code.add(lda(V0, ZERO, 42));
        code.add(CALLSYS);
        code.add(lda(S0, S0, 40));
        int loop = code.size();
        code.add(ldq(V0, S0, 0));
        for (int i = 0; i < 6; i++) {
            code.add(ldq(A0 + i, S0, 8 + 8 * i));
        }
        code.add(lda(S0, S0, 56));
        code.add(CALLSYS);
        code.add(ldq(T0, S0, 0));
        // bge t0, loop
        code.add(0x3E << 26 | T0 << 21 | loop - code.size() - 1 & 0x1FFFFF);
        code.add(lda(V0, ZERO, 1));
        code.add(CALLSYS);
        if ((code.size() & 1) != 0) {
            code.add(0);
        }
        code.set(1, lda(S0, S0, 4 * code.size() - 4));
        long names = TestImage.ENTRY + 4L * code.size();
        for (String name : new String[]{"a", ".", "b", "d"}) {
            quads(table, name.charAt(0));
        }
        table.add(0x6BFA8001); // ret
        table.add(0);
        String kinds = new CallNames().arguments(number);
        for (int i = 0; i < count; i++) {
            quads(table, number);
            for (int j = 0; j < 6; j++) {
                quads(table, argument(random, j < kinds.length() ? kinds.charAt(j) : '?', names, count));
            }
        }
        quads(table, -1);
        code.addAll(table);
        return image(code);
    }

    @Test
    void systemCallsWithHostileArguments() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (int number = 0; number <= 600; number++) {
                Random random = new Random(SEED + round * 1000L + number);
                Files.deleteIfExists(folder.resolve("a"));
                Files.write(folder.resolve("a"), new byte[100_000]);
                Process process = start(calls(random, number, 64));
                end("system call " + number, process, TimeUnit.MILLISECONDS.toNanos(200), SIGUSR1);
            }
        }
    }

    @Test
    void randomInstructions() throws Exception {
        Random random = new Random(SEED);
        int runs = 1500 * ROUNDS;
        for (int i = 0; i < runs; i += 4) {
            List<Process> processes = new ArrayList<>();
            for (int j = 0; j < 4; j++) {
                processes.add(start(instructions(random)));
            }
            for (Process process : processes) {
                process.join(TimeUnit.MILLISECONDS.toNanos(3));
            }
            for (Process process : processes) {
                end("program " + process.id(), process, TimeUnit.MILLISECONDS.toNanos(1), 0);
            }
        }
    }

    private static byte[] instructions(Random random) {
        List<Integer> code = new ArrayList<>();
        int length = 2 + 30 + 31 + 1 + 1 + random.nextInt(40);
        address(code, 30, 0);
        code.set(1, lda(30, 30, 4 * (length + (length & 1)) - 4));
        for (int register = 0; register < 30; register++) {
            code.add(ldq(register, 30, 8 * register));
        }
        for (int register = 0; register < 31; register++) {
            code.add(memory(0x23, register, 30, 8 * random.nextInt(31)));
        }
        code.add(ldq(30, 30, 240));
        code.add(random.nextBoolean() ? 0x17 << 26 | 0x024 << 5 : 0x47FF041F); // mt_fpcr f0, or nothing
        while (code.size() < length + (length & 1)) {
            code.add(word(random));
        }
        for (int i = 0; i < 32; i++) {
            quads(code, random.nextInt(4) == 0 ? random.nextLong() : value(random, TestImage.ENTRY));
        }
        return image(code);
    }

    /** An instruction word; opcodes that trap at once are rarer than chance would have it. */
    private static int word(Random random) {
        int word = random.nextInt();
        int opcode = word >>> 26;
        if (opcode < 8 && random.nextInt(8) != 0) {
            return word & 0x3FFFFFF | 0x10 + opcode << 26;
        }
        if (opcode >= 0x30 && random.nextInt(2) == 0) {
            return word & ~0x1FFFFF | random.nextInt(32) - 16 & 0x1FFFFF;
        }
        return word;
    }

    @Test
    void damagedPrograms() throws Exception {
        Random random = new Random(SEED);
        byte[] good = TestImage.of(8192, lda(V0, ZERO, 1), lda(A0, ZERO, 42), CALLSYS);
        int refused = 0;
        int runs = 1000 * ROUNDS;
        for (int i = 0; i < runs; i++) {
            byte[] bad = good.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damage(random, bad);
            }
            if (random.nextInt(5) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length + 64));
            }
            try {
                end("program " + i, start(bad), TimeUnit.MILLISECONDS.toNanos(10), 0);
            } catch (ExecException e) {
                refused++;
                assertEquals(126, e.status());
                assertTrue(e.getMessage().startsWith("program" + programs), e.getMessage());
                assertFalse(e.getMessage().contains("null"), e.getMessage());
            }
        }
        assertTrue(refused > runs / 10 && refused < runs, "refused " + refused);
        Process process = start(good);
        assertTrue(process.join(LONG));
        assertEquals(42, process.status());
        process.reap();
    }

    private static void damage(Random random, byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        switch (random.nextInt(4)) {
            case 0 -> file[random.nextInt(file.length)] = (byte) random.nextInt();
            case 1 -> file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> buffer.putLong(64 + 8 * random.nextInt(14), value(random, TestImage.ENTRY));
            default -> buffer.putLong(24 + 8 * random.nextInt(4), value(random, TestImage.ENTRY));
        }
    }
}
