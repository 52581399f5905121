package run.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says on what machine, and with what software, a figure was measured. */
final class Machine {

    private Machine() {}

    /** The facts by name; {@code null} for what cannot be found out. */
    static Map<String, Object> describe() throws InterruptedException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", field("/proc/cpuinfo", "model name"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("memory", field("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        facts.put("jdk", System.getProperty("java.vendor.version", System.getProperty("java.vendor")) + " "
                + Runtime.version());
        facts.put("qemu", qemu());
        // other people's work on the machine spoils figures: how much there was when we began
        facts.put("load", load());
        return facts;
    }

    private static String field(String file, String name) {
        try {
            return field(Files.readString(Path.of(file)), name, null);
        } catch (IOException e) {
            return null; // another operating system
        }
    }

    /** The value of the first line {@code name : value}. */
    static String field(String text, String name, String otherwise) {
        return text.lines().filter(line -> line.startsWith(name)).map(line -> line.substring(line.indexOf(':') + 1))
                .map(String::strip).findFirst().orElse(otherwise);
    }

    private static String qemu() throws InterruptedException {
        try {
            return Command.of(Path.of("/"), "qemu-alpha", "--version").run().text().lines().findFirst().orElse(null);
        } catch (MeasureException e) {
            return null; // not installed
        }
    }

    private static Double load() {
        double load = java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? null : (Double) load;
    }
}
