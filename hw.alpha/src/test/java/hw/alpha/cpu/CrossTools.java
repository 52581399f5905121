package hw.alpha.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The Alpha compiler and QEMU, where they are installed. */
final class CrossTools {

    private CrossTools() {}

    /** Skips the calling test where the tools are missing. */
    static void require() {
        require("alpha-linux-gnu-gcc", "qemu-alpha");
    }

    /** Skips the calling test where one of some tools is missing. */
    static void require(String... tools) {
        for (String tool : tools) {
            boolean found = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            Assumptions.assumeTrue(found,
                    tool + " is missing: run/test installs gcc-alpha-linux-gnu, libc6.1-dev-alpha-cross, qemu-user, csmith");
        }
    }

    /** Compiles with the given flags, statically. */
    static Path compile(Path source, String name, String... flags) throws IOException, InterruptedException {
        Path program = source.resolveSibling(name);
        List<String> command = new ArrayList<>(List.of("alpha-linux-gnu-gcc", "-static", "-Wl,--no-relax"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-o", program.toString(), source.toString(), "-lm"));
        run(command, source.resolveSibling(name + ".log"));
        return program;
    }

    /** Runs a program under QEMU. @return what it wrote */
    static byte[] emulate(Path program) throws IOException, InterruptedException {
        Path output = program.resolveSibling(program.getFileName() + ".expected");
        run(List.of("qemu-alpha", program.toString()), output);
        return Files.readAllBytes(output);
    }

    /** Runs a program under our processor. @return what it wrote */
    static byte[] execute(Path program) throws IOException {
        TestMachine machine = new TestMachine();
        machine.loadProgram(program);
        machine.run();
        if (machine.status != 0) {
            throw new IllegalStateException(program + ": status " + machine.status + ", trap " + machine.trap + " at 0x"
                    + Long.toHexString(machine.context.pc()) + ", bad address 0x"
                    + Long.toHexString(machine.badAddress));
        }
        return machine.output.toByteArray();
    }

    private static void run(List<String> command, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with status " + process.exitValue());
        }
    }
}
