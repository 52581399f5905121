package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import bundles.unix.provider.call.CallNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.Console;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Program files that no linker has written: random bytes, random program headers around random instructions, and programs of gcc's that
 * are damaged at random. Each is refused with a message, or runs until it ends or is killed; nothing of it is left.
 * {@code -Dspin.hostile.files=10000} tries that many of each kind instead of a few hundred; {@code -Dspin.seed} others.
 *
 * <p>What runs is arbitrary code and the file system is the host's, so the machine refuses every system call that changes files, as a
 * filter bound to the event would.
 */
@Timeout(3600)
class HostileFilesTest {

    private static final long SEED = Long.getLong("spin.seed", 20261126);
    private static final int FILES = Integer.getInteger("spin.hostile.files", 300);
    private static final long LONG = TimeUnit.SECONDS.toNanos(120);
    private static final int EPERM = 1, PT_LOAD = 1, LIMIT = 1 << 16;
    /** Bits of open(2) that change files: O_WRONLY, O_RDWR, O_CREAT, O_TRUNC. */
    private static final int CHANGES = 3 | 0x200 | 0x400;
    private static final Path PROGRAMS = Path.of(System.getProperty("spin.programs", "../../../run/programs"))
            .toAbsolutePath().normalize();

    /** Calls that look, wait, end, or work on what is the program's own. Others are refused. */
    private static final Set<String> HARMLESS = Set.of("read", "write", "writev", "readv", "close", "brk", "mmap",
            "munmap", "mprotect", "exit", "exit_group", "fstat", "fstat64", "stat64", "fstatat64", "lseek", "ioctl",
            "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "getxpid", "getxuid",
            "getxgid",
            "gettid", "uname", "readlink", "readlinkat", "set_tid_address", "set_robust_list", "futex", "getrandom",
            "prlimit64", "nanosleep", "clock_gettime", "osf_getsysinfo", "osf_setsysinfo", "fork", "vfork", "clone",
            "wait4", "pipe", "dup", "dup2", "fcntl", "poll", "madvise", "mremap", "sched_yield", "kill", "tgkill",
            "pread64",
            "statx", "faccessat", "access", "getcwd", "osf_sigprocmask", "gettimeofday", "select", "tkill");

    @TempDir
    Path folder;

    private final CallNames names = new CallNames();
    private final DirectMachine machine = new DirectMachine(new MemoryConsole(Console.Kind.PIPE, new byte[0]), 32,
            served -> (context, number) -> serve(served, context, number));

    private void serve(Syscall served, UserContext context, int number) {
        String name = names.name(number);
        boolean opens = name.equals("open") && (context.argument(1) & CHANGES) == 0
                || name.equals("openat") && (context.argument(2) & CHANGES) == 0;
        if (opens || HARMLESS.contains(name)) {
            served.syscall(context, number);
        } else {
            context.fail(EPERM);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(machine.memory.total(), machine.free());
        assertTrue(machine.spaces.spaces().isEmpty());
        assertTrue(machine.processes.processes().isEmpty());
    }

    /** Runs a file for a short while. @return whether it was a program */
    private boolean run(String what, byte[] file) throws IOException, InterruptedException {
        Path program = Files.write(folder.resolve("program"), file);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Process process;
        try {
            process = machine.processes.start(new Launch(program.toString(), List.of("program"), List.of(),
                    folder.toString(), new Streams.Attached(InputStream.nullInputStream(),
                            OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));
        } catch (ExecException e) {
            assertTrue(e.status() == 126 || e.status() == 127, what + ": " + e.status());
            assertFalse(e.getMessage() == null || e.getMessage().contains("null"), what + ": " + e.getMessage());
            return false;
        } finally {
            Files.delete(program);
        }
        process.join(TimeUnit.MILLISECONDS.toNanos(20));
        long deadline = System.nanoTime() + LONG;
        while (!machine.processes.processes().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, what + " leaves processes");
            machine.processes.endAll();
            for (Process one : machine.processes.processes()) {
                one.join(TimeUnit.MILLISECONDS.toNanos(1));
                one.reap();
            }
        }
        return true;
    }

    @Test
    void randomBytes() throws Exception {
        for (int i = 0; i < FILES; i++) {
            var random = new Random(SEED + i);
            byte[] file = new byte[random.nextInt(1 << random.nextInt(14))];
            random.nextBytes(file);
            if (random.nextBoolean()) {
                System.arraycopy(new byte[]{0x7F, 'E', 'L', 'F', 2, 1, 1}, 0, file, 0, Math.min(7, file.length));
            }
            run("random bytes, seed " + (SEED + i), file);
        }
    }

    /** The header is right, so that what it leads to is looked at. */
    @Test
    void randomHeadersAndInstructions() throws Exception {
        int ran = 0;
        for (int i = 0; i < FILES; i++) {
            if (run("random headers, seed " + (SEED + i), image(new Random(SEED + i)))) {
                ran++;
            }
        }
        assertTrue(ran > FILES / 20 && ran < FILES, "ran: " + ran + " of " + FILES);
    }

    private static byte[] image(Random random) {
        int count = 1 + random.nextInt(6);
        byte[] bytes = new byte[64 + 56 * count + 4 * random.nextInt(4096)];
        random.nextBytes(bytes);
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[]{0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        long base = 0x1_2000_0000L;
        file.putShort((short) (random.nextInt(8) == 0 ? 3 : 2)).putShort((short) 0x9026).putInt(1);
        file.putLong(base + (bytes.length > 64 + 56 * count
                ? 64 + 56 * count + 4 * random.nextInt((bytes.length - 64 - 56 * count) / 4)
                : 0));
        file.putLong(64).putLong(0).putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) count);
        for (int i = 0; i < count; i++) {
            file.position(64 + 56 * i);
            boolean first = i == 0;
            file.putInt(first ? PT_LOAD : random.nextInt(8)).putInt(first ? 5 | random.nextInt(8) : random.nextInt(16));
            file.putLong(first ? 0 : near(random, bytes.length));
            long address = first ? base : base + near(random, LIMIT) + ((long) random.nextInt(64) << 13);
            file.putLong(address).putLong(address);
            file.putLong(first ? bytes.length : near(random, bytes.length));
            file.putLong(first ? bytes.length + random.nextInt(LIMIT) : near(random, LIMIT)).putLong(0x2000);
        }
        return bytes;
    }

    /** A length or offset: within bounds more often than not, and sometimes one at which sums overflow. */
    private static long near(Random random, int bound) {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextLong();
            case 1 -> Long.MAX_VALUE - random.nextInt(16);
            case 2 -> bound;
            case 3 -> 0;
            default -> random.nextInt(bound);
        };
    }

    /** A static and a dynamically linked program of gcc's, with bytes changed in headers and anywhere. */
    @Test
    void damagedPrograms() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/alpha-linux-gnu-gcc")), "missing: the cross compiler");
        byte[][] good = {compiled("-static", "-Wl,--no-relax"), compiled("-O2")};
        int ran = 0;
        for (int i = 0; i < FILES; i++) {
            var random = new Random(SEED + i);
            byte[] bad = good[i & 1].clone();
            int headers = 64 + 56 * 10;
            for (int j = random.nextInt(12); j >= 0; j--) {
                int at = random.nextInt(random.nextInt(3) == 0 ? headers : bad.length);
                bad[at] = (byte) (random.nextBoolean() ? bad[at] ^ 1 << random.nextInt(8) : random.nextInt());
            }
            if (random.nextInt(10) == 0) {
                bad = java.util.Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            if (run("damaged program, seed " + (SEED + i), bad)) {
                ran++;
            }
        }
        assertTrue(ran > FILES / 10 && ran < FILES, "ran: " + ran + " of " + FILES);
        assertTrue(run("sound program", good[0]));
    }

    private byte[] compiled(String... flags) throws IOException, InterruptedException {
        Path out = folder.resolve("compiled");
        var command = new java.util.ArrayList<>(List.of("alpha-linux-gnu-gcc", "-o", out.toString()));
        command.addAll(List.of(flags));
        command.add(PROGRAMS.resolve("hello.c").toString());
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), command.toString());
        return Files.readAllBytes(out);
    }
}
