package run.measure.strands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import run.measure.Command;
import run.measure.MeasureException;

/**
 * {@code run/peers/compute.c} while it runs: processes that only compute, in a kernel of ours or on the host. They are stopped
 * except while {@link #look} is under way. For one thread.
 */
final class Computing implements AutoCloseable {

    /**
     * What was done in a while.
     *
     * @param nanoseconds how long it was
     * @param work of each process, in units that are all alike
     */
    record Look(double nanoseconds, List<Double> work) {

        Look {
            work = List.copyOf(work);
        }

        /** Units a nanosecond, of all together. */
        double rate() {
            return sum(work) / nanoseconds;
        }

        /**
         * By how much the process that is worst off, or best, has another part of the work than it should.
         *
         * @param shares of the processes, in the same order, in any unit
         * @return per cent of what it should have
         */
        double deviation(List<Integer> shares) {
            double all = sum(work);
            double entitled = shares.stream().mapToInt(Integer::intValue).sum();
            double worst = 0;
            for (int i = 0; i < work.size(); i++) {
                worst = Math.max(worst, Math.abs(work.get(i) / all * entitled / shares.get(i) - 1));
            }
            return 100 * worst;
        }

        /** This and another one together. @param other at the same processes */
        Look and(Look other) {
            List<Double> both = new ArrayList<>();
            for (int i = 0; i < work.size(); i++) {
                both.add(work.get(i) + other.work.get(i));
            }
            return new Look(nanoseconds + other.nanoseconds, both);
        }

        private static double sum(List<Double> numbers) {
            return numbers.stream().mapToDouble(Double::doubleValue).sum();
        }

        /** Reads what the program wrote. */
        static Look read(String line) throws MeasureException {
            String[] words = line == null ? new String[0] : line.split(" ");
            if (words.length < 4 || !words[0].equals("nanoseconds") || !words[2].equals("work")) {
                throw new MeasureException("Processes that compute should say what they did; they said: " + line);
            }
            return new Look(Double.parseDouble(words[1]), Stream.of(words).skip(3).map(Double::valueOf).toList());
        }
    }

    private final Command command;
    private final Process process;
    private final Writer to;
    private final BufferedReader from;
    private final List<String> ids;

    /** Starts it. @param command the program with its arguments; how long it may take is not limited */
    Computing(Command command) throws MeasureException {
        this.command = command;
        try {
            process = Command.track(command.builder().redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new MeasureException("Cannot run " + command + ": " + e.getMessage(), e);
        }
        to = process.outputWriter(StandardCharsets.UTF_8);
        from = process.inputReader(StandardCharsets.UTF_8);
        String line = answer();
        if (line == null || !line.startsWith("processes ")) {
            close();
            throw new MeasureException(command + " should name its processes; it said: " + line);
        }
        ids = Stream.of(line.split(" ")).skip(1).toList();
    }

    /** The ids of the processes. */
    List<String> ids() {
        return ids;
    }

    /** Lets them compute for so long. */
    Look look(int milliseconds) throws MeasureException {
        try {
            to.write(milliseconds + "\n");
            to.flush();
        } catch (IOException e) {
            throw new MeasureException(command + " does not listen any more: " + e.getMessage(), e);
        }
        return Look.read(answer());
    }

    private String answer() throws MeasureException {
        try {
            return from.readLine();
        } catch (IOException e) {
            throw new MeasureException(command + " does not answer: " + e.getMessage(), e);
        }
    }

    /** Has it end its processes and itself. */
    @Override
    public void close() throws MeasureException {
        try {
            to.close(); // the program ends what it has made
            if (!process.waitFor(command.limit().toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
                throw new MeasureException(command + " does not end");
            }
        } catch (IOException e) {
            throw new MeasureException(command + " does not end: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Command.untrack(process);
        }
    }
}
