package run.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** A kernel with a shell, whose commands come by a pipe. */
final class Machine implements AutoCloseable {
    private static final String PROMPT = "spin> ";

    private final Process process;
    private final Writer input;
    private final StringBuffer said = new StringBuffer();

    Machine(List<String> words) throws IOException {
        process = new ProcessBuilder(words).redirectErrorStream(true).start();
        input = process.outputWriter();
        Thread reader = new Thread(() -> {
            try {
                int c;
                while ((c = process.inputReader().read()) >= 0) {
                    said.append((char) c);
                }
            } catch (IOException e) {
                // it has ended
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs a command, and waits until something is said, two minutes at most. */
    void run(String command, String until) throws Exception {
        int from = said.length();
        input.write(command + "\n");
        input.flush();
        await(from, until);
    }

    /** Waits until something is said, or was before; two minutes at most. */
    void await(String what) throws InterruptedException {
        await(0, what);
    }

    /** A prompt may come in between what a program in the background writes: where there is no terminal the shell writes byte by byte. */
    private void await(int from, String what) throws InterruptedException {
        long began = System.nanoTime();
        while (!said.substring(from).replace(PROMPT, "").contains(what)) {
            assertTrue(process.isAlive() && System.nanoTime() - began < 120_000_000_000L,
                    () -> "waiting for \"" + what + "\": " + said);
            Thread.sleep(20);
        }
    }

    /** Ends it as a failure of power would. */
    void kill() {
        process.destroyForcibly();
    }

    /** What was said so far. */
    String said() {
        return said.toString();
    }

    @Override
    public void close() throws IOException {
        input.close(); // the end of its input ends the shell, and with it the machine
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
