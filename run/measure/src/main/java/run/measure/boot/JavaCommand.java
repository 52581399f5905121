package run.measure.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import run.measure.MeasureException;

/**
 * How a running Java virtual machine was started, as the host's process table tells.
 *
 * @param program the {@code java} that runs
 * @param options before the class path, without the one that names the start-up cache
 */
record JavaCommand(String program, List<String> options) {

    /** Of a process or, if that is a script, of the Java among its descendants. */
    static JavaCommand of(long pid) throws MeasureException {
        List<Long> candidates = new ArrayList<>(List.of(pid));
        ProcessHandle.of(pid).map(ProcessHandle::descendants).orElse(Stream.empty())
                .forEach(child -> candidates.add(child.pid()));
        for (long candidate : candidates) {
            try {
                String line = Files.readString(Path.of("/proc/" + candidate + "/cmdline"));
                List<String> words = List.of(line.split("\0"));
                if (words.getFirst().endsWith("/java")) {
                    return parse(words);
                }
            } catch (IOException e) {
                // it has just ended; perhaps another one is it
            }
        }
        throw new MeasureException("Cannot find out with what options run/spin starts Java: there is no java with a "
                + "readable /proc/PID/cmdline below process " + pid);
    }

    static JavaCommand parse(List<String> words) {
        int end = words.indexOf("-cp");
        return new JavaCommand(words.getFirst(), words.subList(1, end < 0 ? words.size() : end).stream()
                .filter(word -> !word.startsWith("-XX:AOTCache=")).toList());
    }

    /** The same Java with the same options for another program. */
    List<String> with(String option, String classpath, String... rest) {
        List<String> words = new ArrayList<>(List.of(program, option));
        words.addAll(options);
        words.addAll(List.of("-cp", classpath));
        words.addAll(List.of(rest));
        return words;
    }
}
