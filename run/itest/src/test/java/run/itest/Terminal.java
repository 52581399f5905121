package run.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command on a pseudo-terminal of its own, which is typed at. For one thread; another one, which the monitor keeps apart, reads what
 * is on the screen.
 */
final class Terminal implements AutoCloseable {

    /** Whoever runs the tests in the background of a script has these ignored, which all that he starts would inherit. */
    static final String NOT_IGNORED = "--default-signal=HUP,INT,QUIT,TERM";

    /** What a terminal does with, rather than shows: colours, places, titles (ECMA-48). */
    private static final String SEQUENCES = "\\x1b(\\[[0-9;?]*[@-~]|\\][^\\x07]*\\x07|[()].|[=>78])";
    /** Milliseconds after which nothing more is expected to be shown. */
    private static final long PATIENCE = 240_000;

    private final Process process;
    private final OutputStream keys;
    private final StringBuffer seen = new StringBuffer();
    private boolean ended;

    /**
     * @param folder its working directory
     * @param environment {@code NAME=value}, besides the one that it inherits
     * @param command for bash
     */
    Terminal(Path folder, List<String> environment, String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("env", NOT_IGNORED, "script", "-qec", command, "/dev/null")
                .directory(folder.toFile()).redirectErrorStream(true);
        for (String variable : environment) {
            builder.environment().put(variable.substring(0, variable.indexOf('=')),
                    variable.substring(variable.indexOf('=') + 1));
        }
        builder.environment().put("SHELL", "/bin/bash");
        process = builder.start();
        keys = process.getOutputStream();
        InputStream screen = process.getInputStream();
        Thread.ofPlatform().daemon().start(() -> read(screen));
    }

    private void read(InputStream screen) {
        byte[] bytes = new byte[4096];
        try {
            for (int count = screen.read(bytes); count >= 0; count = screen.read(bytes)) {
                synchronized (this) {
                    seen.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // closed
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    /** Waits until a text is on the screen, and forgets what is up to its end. @return what was before it */
    String await(String text) throws IOException {
        return await(false, text);
    }

    /** The same, without what a terminal does not show. Several texts may come in any order. @return what was before the last */
    String awaitShown(String... texts) throws IOException {
        return await(true, texts);
    }

    private synchronized String await(boolean plain, String... texts) throws IOException {
        long deadline = System.nanoTime() + PATIENCE * 1_000_000;
        while (true) {
            String shown = plain ? seen.toString().replaceAll(SEQUENCES, "") : seen.toString();
            if (Stream.of(texts).allMatch(shown::contains)) {
                String last = Stream.of(texts).max(Comparator.comparingInt(text -> shown.indexOf(text) + text.length()))
                        .orElseThrow();
                int at = shown.indexOf(last);
                seen.replace(0, seen.length(), shown.substring(at + last.length()));
                return shown.substring(0, at);
            }
            if (ended || System.nanoTime() > deadline) {
                throw new IOException((ended ? "ended" : "waited long") + " without " + List.of(texts) + ": " + shown);
            }
            try {
                wait(1000);
            } catch (InterruptedException e) {
                throw new IOException("interrupted while waiting for " + List.of(texts) + ": " + shown, e);
            }
        }
    }

    void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.ISO_8859_1));
        keys.flush();
    }

    /** Waits for its end. */
    int status() throws InterruptedException {
        synchronized (this) {
            while (!ended) {
                wait();
            }
        }
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
